"""CSV and TSV: a row is a record, the first row names the fields; whatever surrounds the text stays as it was."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.corpus.decoding import decode_loosely, encode
from cleaner.corpus.formats import Piece
from cleaner.corpus.formats.table_header import Header, header_of
from cleaner.corpus.formats.table_rows import Window, cell_of, cells, chunks, rows, value
from cleaner.corpus.parts import Entry, Mark, Part, Reading, Reject
from cleaner.corpus.sources import Source
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.split import HTML, kind_of, refuse


class _Batch(NamedTuple):
    """What a part holds."""

    header: Header
    offset: int
    rows: bytes
    begins: bool
    """Whether the header stands before them."""


class _Row(NamedTuple):
    """The record of an entry: a row, and which of its cells is the text."""

    header: Header
    raw: bytes
    begin: int
    end: int

    def with_cell(self, held: bytes) -> bytes:
        """Return the row with another text, quoted as the old one was."""
        old = self.raw[self.begin : self.end]
        cell = cell_of(held, self.header.delimiter, quoted=old.startswith(b'"'))
        alone = not self.begin and not self.raw[self.end :].strip(b"\r\n")
        # An empty line is no row.
        return self.raw[: self.begin] + (cell or b'""' * alone) + self.raw[self.end :]


def parts(source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
    """Yield rows together, about `PART` bytes at a time; offsets count bytes of the unpacked data.

    Raises `InputError` where the header lacks the field that is wanted, where packed data are broken, and
    where something has to be read anew that comes through a pipe.
    """
    mark: Mark | None = start
    while mark is not None:
        with source.open() as raw:
            mark = yield from _parts(source, raw, reading, mark)
        if mark is not None and source.once:
            reason = "the rows behind the open quote cannot be read anew from a pipe; save the table as a file"
            raise InputError(reason, path=source.place)


def _parts(source: Source, raw: BinaryIO, reading: Reading, start: Mark) -> Generator[Part, None, Mark | None]:
    """Yield the parts from *start* on; return where to read anew, if need be."""
    window = Window(source, raw)
    header = header_of(window, source, reading)
    if header is None:
        return None
    number, offset = start
    pending = not offset
    if pending:
        window.drop(len(header.raw))
    else:
        window.seek(offset)
    for chunk in chunks(window, header.grammar, reading.max_bytes):
        begin = len(header.raw) if pending else 0
        if begin and chunk.fault:
            # The header stands before whatever can be read.
            yield _part(source, Mark(), Mark(0, begin), _Batch(header, 0, b"", begins=True))
            offset, pending, begin = begin, False, 0
        after = Mark(number + chunk.records, offset + begin + chunk.size)
        if chunk.fault:
            fault = _reject(source, number + 1, offset, chunk.fault, chunk.rows)
            yield _part(source, Mark(number, offset), after, None, fault)
        else:
            payload = _Batch(header, offset + begin, chunk.rows or b"", begins=pending)
            yield _part(source, Mark(number, offset), after, payload)
        if chunk.again:
            return after
        (number, offset), pending = after, False
    if pending:
        yield _part(source, Mark(), Mark(0, len(header.raw)), _Batch(header, 0, b"", begins=True))
    return None


def _part(source: Source, begin: Mark, after: Mark, payload: _Batch | None, fault: Reject | None = None) -> Part:
    size = 0 if source.codec else after.offset - begin.offset
    return Part(begin.records, payload, size, after, fault)


def _reject(source: Source, number: int, offset: int, reason: str, raw: bytes | None) -> Reject:
    where = f"row {number} at byte {offset}{' of the unpacked data' if source.codec else ''}"
    return Reject(source.place, number, f"{where}: {reason}", raw)


def entries(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield the rows of a part, before the first of a file its header, and empty lines as they are."""
    batch: _Batch = part.payload
    header, names = batch.header, batch.header.names()
    if batch.begins:
        yield Entry(None, size=len(header.raw), record=header, blank=header.raw, names=names)
    number, offset = part.number, batch.offset
    for raw in rows(batch.rows, header.grammar):
        number += 1
        if not raw.strip(b"\r\n"):
            yield Entry(None, size=len(raw), line=number, blank=raw, names=names)
        else:
            try:
                yield _entry(source, number, _Line(header, names, raw), reading)
            except InputError as error:
                yield _reject(source, number, offset, error.reason, raw)
        offset += len(raw)


class _Line(NamedTuple):
    header: Header
    names: Sequence[str]
    raw: bytes

    def cells(self) -> list[tuple[int, int]]:
        """Return where the cells are; raises `InputError` if they are not as many as the header has."""
        found = cells(self.raw, self.header.grammar, len(self.names) + 1)
        if len(found) != len(self.names):
            count = len(found) if len(found) < len(self.names) else "more"
            reason = f"has {count} cells, where the header has {len(self.names)}"
            raise InputError(f"{reason}; a cell that holds the delimiter or a line end must be quoted")
        return found


def _entry(source: Source, number: int, line: _Line, reading: Reading) -> Entry:
    places = line.cells()
    held = {name: (begin, end) for name, (begin, end) in zip(line.names, places, strict=True)}
    wanted = reading.html_field or reading.text_field
    begin, end = held[wanted]
    text, stray = decode_loosely(value(line.raw[begin:end]))
    if "\0" in text:
        raise InputError(f'holds NUL bytes in "{wanted}"; they are no text')

    def word(name: str) -> str:
        return decode_loosely(value(line.raw[slice(*held[name])])).text if name in held else ""

    kind = HTML if reading.html_field else reading.kind or source.kind or kind_of(text)
    document = Document(word("id") or f"{source.name}:{number}", text, kind, word("url") or None)
    row = _Row(line.header, line.raw, begin, end)
    refuse(document)
    if kind == HTML:
        return Entry(document, replaced=stray, size=len(line.raw), line=number, record=row, names=line.names)
    return Entry(document, stray=stray, size=len(line.raw), line=number, record=row, names=line.names)


def fields(entry: Entry, field: str) -> dict[str, Any]:
    """Return the cells of a row by the names of their columns, all as text; of columns of one name the last."""
    if entry.document is None:
        return {}
    row: _Row = entry.record
    found: dict[str, Any] = {}
    for name, (begin, end) in zip(row.header.names(), cells(row.raw, row.header.grammar), strict=True):
        if begin == row.begin:
            found[field] = entry.document.body
        else:
            found[name] = decode_loosely(value(row.raw[begin:end])).text
    return found


def write(pieces: Sequence[Piece], source: Source, reading: Reading) -> bytes:  # noqa: ARG001 (as `Container` asks)
    """Return the rows, each with its text replaced; the header comes with the first.

    It names what is added to itself, or else to the first row that is written with it.
    """
    added = next((piece.added for piece in pieces if piece.added), {})
    lost = max((len(piece.leave_out) for piece in pieces), default=0)
    return b"".join(_line(piece, added, lost, reading) for piece in pieces)


def _line(piece: Piece, added: Mapping[str, Any], lost: int, reading: Reading) -> bytes:
    """Return one row or header; *lost* are the last cells, which were added when the file was cleaned."""
    record: Header | _Row | None = piece.entry.record
    if record is None:
        return piece.entry.blank
    if isinstance(record, Header):
        html = reading.html_field
        header = record.raw if html is None else record.renamed(html, reading.text_field)
        return _with_cells(_without_cells(header, record, lost), record.delimiter, added)
    row = record.with_cell(encode(piece.text)) if piece.changed else record.raw
    return _with_cells(_without_cells(row, record.header, lost), record.header.delimiter, piece.added.values())


def _without_cells(row: bytes, header: Header, count: int) -> bytes:
    """Return a row without its last *count* cells."""
    if not count:
        return row
    end = cells(row, header.grammar)[-count - 1][1]
    return row[:end] + row[len(row.rstrip(b"\r\n")) :]


def _with_cells(row: bytes, delimiter: bytes, added: Iterable[Any]) -> bytes:
    """Return a row with more cells; lists and objects are JSON, and what there is none of is empty."""
    body = row.rstrip(b"\r\n")
    texts = (
        "" if held is None else held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)
        for held in added
    )
    new = (cell_of(encode(text), delimiter, quoted=False) for text in texts)
    return delimiter.join((body, *new)) + row[len(body) :]


def finish(spool: Path, target: Path, source: Source) -> None:  # noqa: ARG001 (as `Container` asks)
    """Give the spool its name."""
    spool.replace(target)
