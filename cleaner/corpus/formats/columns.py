"""Rows of files with columns: a document each; on the way back one column is replaced, others are put behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from cleaner.corpus.decoding import decode_loosely
from cleaner.corpus.formats import Piece
from cleaner.corpus.formats.batches import rows_of
from cleaner.corpus.formats.jsonl import record_line
from cleaner.corpus.formats.schema import added_type, promising_nothing
from cleaner.corpus.formats.spool import arrow, block, unpack
from cleaner.corpus.formats.textual import as_bytes, holdable, is_bytes, of_bytes, raw, text_column, words
from cleaner.corpus.formats.whole import entry_of
from cleaner.corpus.parts import Entry, Part, Reading, Reject, megabytes, too_big
from cleaner.corpus.sources import Source
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.split import HTML, TEXT, kind_of, kind_of_bytes, refuse


class Row(NamedTuple):
    """Where the record of an entry stands."""

    batch: Any
    number: int
    """In the batch, from 0."""
    group: int
    column: int
    """Number of the column with the text."""
    value: bytes | None
    """The text as it is kept there, or null."""


def entries(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield the rows of a part; one that is too big is a reject. Where all are, the columns are an entry."""
    line, bare = part.number, True
    for group, batch in unpack(part.payload):
        column = text_column(batch.schema, reading)
        values = as_bytes(batch.column(column))
        ids, urls = words(batch, "id"), words(batch, "url")
        for number, value in enumerate(values):
            line += 1
            try:
                row = Row(batch, number, group, column, _taken(value, reading))
                yield _entry(row, ids[number] or f"{source.name}:{line}", urls[number] or None, source, reading, line)
                bare = False
            except InputError as error:
                kept = len(value or b"") <= reading.max_bytes
                yield Reject(source.place, line, error.reason, _json(batch, number) if kept else None)
        if bare:
            columns = Row(batch.slice(0, 0), 0, group, column, None)
    if bare:
        yield Entry(None, record=columns, names=batch.schema.names)


def _taken(value: bytes | None, reading: Reading) -> bytes | None:
    if value is not None and len(value) > reading.max_bytes:
        raise InputError(too_big(megabytes(len(value)), reading.max_bytes))
    return value


def _entry(row: Row, name: str, url: str | None, source: Source, reading: Reading, line: int) -> Entry:
    kind = HTML if reading.html_field is not None else reading.kind or source.kind
    value, names = row.value, row.batch.schema.names
    if value is None:
        return Entry(Document(name, "", kind or TEXT, url), line=line, record=row, names=names, missing=True)
    if is_bytes(row.batch.schema.field(row.column).type) and (kind or kind_of_bytes(value)) == HTML:
        # Bytes of a page may be in any encoding, as those of a file.
        entry = entry_of(value, name, HTML, source.place)
        document = replace(entry.document, url=url) if entry.document else None
        return replace(entry, document=document, line=line, record=row, names=names)
    text, stray = decode_loosely(value)
    document = Document(name, text, kind or kind_of(text), url)
    refuse(document)
    if document.kind == HTML:
        return Entry(document, replaced=stray, size=len(value), line=line, record=row, names=names)
    return Entry(document, stray=stray, size=len(value), line=line, record=row, names=names)


def fields(entry: Entry, field: str) -> dict[str, Any]:
    """Return the row as it was read, bytes as text."""
    row: Row = entry.record
    if entry.document is None:
        return {}
    names = list(row.batch.schema.names)
    names[row.column] = field
    return _record(row.batch, row.number, names)


def _json(batch: Any, number: int) -> bytes:
    return record_line(_record(batch, number, batch.schema.names))


def _record(batch: Any, number: int, names: Sequence[str]) -> dict[str, Any]:
    values = [_value(column.slice(number, 1)) for column in batch.columns]
    return dict(zip(names, values, strict=True))


def _value(column: Any) -> Any:
    """Return the one value of a column; strings that are none, and times that Python has not, in another form."""
    pa = arrow("reading columns")
    forms: tuple[Callable[[], Any], ...] = (
        lambda: column,
        lambda: column.view(promising_nothing(column.type)),
        lambda: column.cast(pa.string()),
    )
    for form in forms:
        try:
            return _readable(form().to_pylist()[0])
        except (pa.ArrowException, ValueError, OverflowError, TypeError):
            continue
    return None


def _readable(value: Any) -> Any:
    if isinstance(value, bytes):
        return decode_loosely(value).text
    if isinstance(value, list | tuple):
        return [_readable(item) for item in value]
    if isinstance(value, dict):
        return {name: _readable(item) for name, item in value.items()}
    return value


def write(pieces: Sequence[Piece], source: Source, reading: Reading) -> bytes:  # noqa: ARG001 (as `Container` asks)
    """Return the rows as a block of a spool: every column as it was, but for that of the text.

    A column that one of them loses is lost by all. Columns without a row count where there are no rows.
    """
    if not pieces:
        return b""
    pieces = [piece for piece in pieces if piece.entry.document is not None] or pieces[:1]
    known = pieces[0].entry.record.batch.schema
    names = dict.fromkeys(name for piece in pieces for name in piece.added)
    # Made for all at once: what has its type by its values has one type then.
    added = {name: _added(pieces, name, known, reading) for name in names if name not in known.names}
    lost = {name for piece in pieces for name in piece.leave_out} - {reading.text_field}
    return block(_batches(pieces, added, lost, reading))


def _batches(
    pieces: Sequence[Piece], added: Mapping[str, Any], lost: Collection[str], reading: Reading
) -> Iterator[tuple[int, Any]]:
    """Yield pieces together whose rows stand one behind the other in one batch."""

    def place(at: int) -> tuple[int, int]:
        row: Row = pieces[at].entry.record
        return id(row.batch), row.number - at

    for _, run in groupby(range(len(pieces)), key=place):
        numbers = list(run)
        first, count = numbers[0], len(numbers)
        batch = _cleaned(pieces[first : first + count], reading)
        for name, column in added.items():
            batch = batch.append_column(name, column.slice(first, min(count, batch.num_rows)))
        if lost:
            batch = batch.select([number for number, name in enumerate(batch.schema.names) if name not in lost])
        yield pieces[first].entry.record.group, batch


def _cleaned(run: Sequence[Piece], reading: Reading) -> Any:
    """Return the rows of *run* with their texts replaced."""
    first: Row = run[0].entry.record
    batch = rows_of(first.batch, first.number, len(run))
    old = batch.schema.field(first.column)
    kind = old.type
    if old.name != reading.text_field and is_bytes(kind):
        # What was HTML in bytes becomes text under another name.
        kind = arrow("writing columns").string()
    if kind != old.type or any(piece.changed for piece in run):
        values = [raw(piece.text) if piece.changed else piece.entry.record.value for piece in run]
        texts = of_bytes(values[: batch.num_rows], kind)
    else:
        texts = batch.column(first.column)
    return batch.set_column(first.column, old.with_name(reading.text_field).with_type(kind), texts)


def _body(entry: Entry) -> str | None:
    return None if entry.document is None or entry.missing else entry.document.body


def _added(pieces: Sequence[Piece], name: str, known: Any, reading: Reading) -> Any:
    values = [piece.added.get(name) for piece in pieces]
    bare = pieces[0].entry.document is None
    original = name == f"{reading.text_field}_original" if bare else values == [_body(piece.entry) for piece in pieces]
    if added_type(name) is None and original:
        # The text as it came in has the type that it had.
        kind = known.field(pieces[0].entry.record.column).type
        return of_bytes([None if value is None else raw(value) for value in values], kind)
    pa = arrow("writing columns")
    kind = added_type(name)
    if kind is None and [] in values and not any(values):
        kind = added_type("scores")  # of texts without lines: lists of which none holds anything tell no type
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([holdable(value) for value in values], kind)
