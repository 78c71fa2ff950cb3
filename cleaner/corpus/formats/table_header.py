"""The first row of a table: which delimiter it has, and what the columns are called."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.corpus.codecs import PIECE
from cleaner.corpus.decoding import decode_loosely, encode, refuse_marked
from cleaner.corpus.endings import Format
from cleaner.corpus.formats.table_rows import Grammar, Window, cell_of, cells, grammar, value
from cleaner.corpus.parts import Reading
from cleaner.corpus.sources import Source
from cleaner.errors import InputError

_DELIMITERS = {Format.CSV: (b",", b";", b"\t", b"|"), Format.TSV: (b"\t",)}
"""What may stand between cells; the first by which the header has the field that is wanted."""


class Header(NamedTuple):
    """The first row."""

    raw: bytes
    delimiter: bytes

    @property
    def grammar(self) -> Grammar:
        """How its rows look."""
        return grammar(self.delimiter)

    @property
    def bare(self) -> bytes:
        """The row without the mark of UTF-8 that may stand before it."""
        return self.raw.removeprefix(codecs.BOM_UTF8)

    def renamed(self, old: str, new: str) -> bytes:
        """Return the row with another name for one column."""
        bare = self.bare
        begin, end = cells(bare, self.grammar)[self.names().index(old)]
        name = cell_of(encode(new), self.delimiter, quoted=bare[begin:end].startswith(b'"'))
        return self.raw[: len(self.raw) - len(bare)] + bare[:begin] + name + bare[end:]

    def names(self) -> list[str]:
        """Return the names; raises `InputError` where their quotes are wrong."""
        return [decode_loosely(value(self.bare[begin:end])).text for begin, end in cells(self.bare, self.grammar)]


def header_of(window: Window, source: Source, reading: Reading) -> Header | None:
    """Return the header of the table, or None if the file is empty.

    Raises `InputError` if it cannot be found, or does not name the wanted field once.
    """
    if not window.reach(PIECE) and window.broken is not None and not window.data:
        raise window.broken
    head = bytes(window.data[:PIECE])
    if not head:
        return None
    refuse_marked(head)
    wanted = reading.html_field or reading.text_field
    found = [header for mark in _DELIMITERS[source.format] if (header := _first_row(head, mark, whole=window.ended))]
    if not found:
        raise InputError(f"has no header that ends within {PIECE} bytes; the first row must name the columns")
    header = next((one for one in found if wanted in one.names()), found[0])
    _check(header.names(), reading)
    return header


def _first_row(head: bytes, delimiter: bytes, *, whole: bool) -> Header | None:
    known = grammar(delimiter)
    begin = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    row = known.row.match(head, begin) or (known.last.match(head, begin) if whole else None)
    if row is None:
        return None
    header = Header(head[: row.end()], delimiter)
    try:
        header.names()
    except InputError:
        return None
    return header


def _check(names: Sequence[str], reading: Reading) -> None:
    wanted = reading.html_field or reading.text_field
    option = "--html-field" if reading.html_field else "--text-field"
    known = ", ".join(json.dumps(name) for name in names[:8])
    if "\0" in "".join(names):
        raise InputError(
            "holds NUL bytes in its header, as UTF-16 does; convert it: iconv -f UTF-16 -t UTF-8 OLD > NEW"
        )
    if wanted not in names:
        raise InputError(f'has no column "{wanted}" (columns: {known}); name the right one with {option}')
    if names.count(wanted) > 1:
        raise InputError(f'has more than one column "{wanted}" (columns: {known}); rename the others')
    if reading.html_field not in (None, reading.text_field) and reading.text_field in names:
        text = reading.text_field
        raise InputError(f'has a column "{text}" beside "{wanted}"; name another for clean text with --text-field')
