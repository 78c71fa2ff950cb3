"""Rows of CSV and TSV as bytes: where they end, and where the cells in them do.

A table is read as Python's `csv` reads it in strict mode (RFC 4180 with any line end): a quote opens a cell only
where the cell begins, `""` inside stands for one, and only a delimiter or a line end may follow the closing
one. Places are needed here besides values, so that a cell can be replaced and every other byte stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from cleaner.corpus.codecs import PIECE, told, unpacked
from cleaner.corpus.codecs import pieces as pieces_of
from cleaner.corpus.parts import MEGABYTE, PART, too_big
from cleaner.corpus.sources import Source
from cleaner.errors import InputError

_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_QUOTED = re.compile(rb'[^"]*+(?:""[^"]*+)*+')


class Grammar(NamedTuple):
    """How rows look with one delimiter; all patterns are possessive, so that none runs away."""

    delimiter: bytes
    cell: re.Pattern[bytes]
    """A quoted cell (1) and what must not follow it (2), or a bare one."""
    row: re.Pattern[bytes]
    """With its line end, and one byte more where that could become another."""
    last: re.Pattern[bytes]
    """Where nothing more follows."""
    stop: re.Pattern[bytes]
    """The end of a bare cell."""


@cache
def grammar(delimiter: bytes) -> Grammar:
    """Return the patterns for a *delimiter* of one byte."""
    quoted, bare = rb'"[^"]*+(?:""[^"]*+)*+"', rb"[^%b\r\n]*+" % re.escape(delimiter)
    cell = rb'(?:%b%b|(?!")%b)' % (quoted, bare, bare)
    row = rb"%b(?:%b%b)*+" % (cell, re.escape(delimiter), cell)
    return Grammar(
        delimiter,
        re.compile(rb'(%b)(%b)|(?!")%b' % (quoted, bare, bare)),
        re.compile(row + rb"(?:\r\n|\n|\r(?=[^\n]))"),
        re.compile(row + rb"(?:\r\n|\n|\r|\Z)"),
        re.compile(rb"%b|\n|\r\n?" % re.escape(delimiter)),
    )


def cells(raw: bytes, known: Grammar, most: int = PIECE) -> list[tuple[int, int]]:
    """Return where the cells of a row begin and end, or of the first *most* of them; no header has more.

    Raises `InputError` where something follows a closing quote.
    """
    found: list[tuple[int, int]] = []
    at = 0
    while (cell := known.cell.match(raw, at)) is not None:
        if cell[2]:
            raise InputError(f"has text behind the closing quote of cell {len(found) + 1}; quotes inside are doubled")
        found.append(cell.span())
        at = cell.end() + 1
        if raw[at - 1 : at] != known.delimiter or len(found) == most:
            break
    return found


def value(cell: bytes) -> bytes:
    """Return what a cell holds, without its quotes."""
    return cell[1:-1].replace(b'""', b'"') if cell.startswith(b'"') else cell


def cell_of(held: bytes, delimiter: bytes, *, quoted: bool) -> bytes:
    """Write a cell, with quotes if it is to be *quoted* or cannot do without."""
    if quoted or held.startswith(b'"') or any(mark in held for mark in (delimiter, b"\n", b"\r")):
        return b'"%b"' % held.replace(b'"', b'""')
    return held


def rows(data: bytes, known: Grammar) -> Iterator[bytes]:
    """Yield the rows of *data*, which are whole."""
    at = 0
    while at < len(data) and (row := known.last.match(data, at)):
        yield row[0]
        at = row.end()


class Window:
    """What was read of a table and is not cut yet."""

    def __init__(self, source: Source, raw: BinaryIO) -> None:
        self._source = source
        self._stream = unpacked(raw, source.codec)
        self._pieces = pieces_of(self._stream)
        self._gone = 0
        self.data = bytearray()
        self.ended = False
        self.broken: InputError | None = None
        """Why it ended, if it did not end well."""

    def reach(self, size: int) -> bool:
        """Read until there are *size* bytes; tell whether there are."""
        while len(self.data) < size and not self.ended:
            try:
                with told(self._source.place, self._source.codec, self._where):
                    piece = next(self._pieces, b"")
            except InputError as error:
                self.broken, piece = error, b""
            self.data += piece
            self.ended = not piece
        return len(self.data) >= size

    def take(self, size: int) -> bytes:
        """Return the first *size* bytes and go on behind them."""
        taken = bytes(self.data[:size])
        self.drop(size)
        return taken

    def drop(self, size: int) -> None:
        """Go on behind the first *size* bytes."""
        del self.data[:size]
        self._gone += size

    def seek(self, offset: int) -> None:
        """Go on at that byte of the table."""
        with told(self._source.place, self._source.codec, self._where):
            self._stream.seek(offset)
        # What yields pieces is done for once it met a fault.
        self._pieces = pieces_of(self._stream)
        self.data.clear()
        self._gone, self.ended, self.broken = offset, False, None

    def _where(self) -> str:
        return f"after byte {self._gone + len(self.data)} of the table"


class Chunk(NamedTuple):
    """Whole rows, or a fault."""

    rows: bytes | None
    """Of a fault what is at fault; None where it is too long to be kept."""
    records: int
    size: int
    fault: str = ""
    again: bool = False
    """Whether what was read behind it must be read anew."""


def chunks(window: Window, known: Grammar, limit: int) -> Iterator[Chunk]:
    """Yield rows, about `PART` bytes at a time, and every row over *limit* or without an end as a fault.

    A quote that is never closed costs the line that opens it. Raises `InputError` where the data break.
    """
    while window.reach(1):
        yield _chunk(window, known, limit + 2)
    if window.broken is not None:
        raise window.broken


def _chunk(window: Window, known: Grammar, limit: int) -> Chunk:
    at = count = 0
    while at < PART and (end := _row_end(window, known, at, limit)):
        at, count = end, count + 1
    return Chunk(window.take(at), count, at) if count else _fault(window, known, limit)


def _row_end(window: Window, known: Grammar, at: int, limit: int) -> int:
    """Return where the row ends that begins at *at*; 0 if it has no end or is too long."""
    while True:
        done = window.ended
        pattern = known.last if done and window.broken is None else known.row
        row = pattern.match(window.data, at)
        size = (row.end() if row else len(window.data)) - at
        if row:
            return row.end() if 0 < size <= limit else 0
        if done or size > limit:
            return 0
        # Twice as much each time: what is begun is looked at from its beginning.
        window.reach(len(window.data) + max(PIECE, size))


def _fault(window: Window, known: Grammar, limit: int) -> Chunk:
    """Take the row that is none."""
    line = _LINE.match(window.data)
    first = line.end() if line else 0
    if len(window.data) <= limit:
        if window.broken is not None:
            raise window.broken
        return Chunk(window.take(first), 1, first, _UNCLOSED)
    size = _skip_row(window, known)
    if size:
        return Chunk(None, 1, size, too_big(f"{size / MEGABYTE:.1f} MB", limit - 2))
    if window.broken is not None:
        raise window.broken
    return Chunk(None, 1, first, _UNCLOSED, again=True)


_UNCLOSED = "opens a quote that is never closed"


def _skip_row(window: Window, known: Grammar) -> int:
    """Go behind the row that begins here without keeping it; return its size, or 0 if a quote in it stays open."""
    size, over = 0, False
    while not over:
        if window.data.startswith(b'"'):
            quoted = _skip_quoted(window)
            if not quoted:
                return 0
            size += quoted
        bare, over = _skip_bare(window, known)
        size += bare
    return size


def _skip_quoted(window: Window) -> int:
    """Go behind the closing quote of a cell; return how far that was, or 0 if there is none."""
    window.drop(1)
    size = 1
    # Two bytes, because a quote may be the first of a pair.
    while window.reach(2) or window.data:
        inside = _QUOTED.match(window.data)
        end = inside.end() if inside else 0
        closed = end < len(window.data) - (not window.ended)
        window.drop(end + closed)
        size += end + closed
        if closed:
            return size
    return 0


def _skip_bare(window: Window, known: Grammar) -> tuple[int, bool]:
    """Go behind the next delimiter or line end; return how far that was, and whether the row ends there."""
    size = 0
    while window.reach(2) or window.data:
        stop = known.stop.search(window.data)
        end = stop.end() if stop else len(window.data)
        mark = stop[0] if stop else b""
        if mark == b"\r" and end == len(window.data) and not window.ended:
            # A line feed may follow.
            mark, end = b"", end - 1
        window.drop(end)
        size += end
        if mark:
            return size, mark != known.delimiter
    return size, True
