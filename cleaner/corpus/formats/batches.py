"""Record batches of Arrow become parts, for all formats with columns.

Columns that nobody touches are never turned into values of Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cleaner.corpus.formats.spool import arrow, pack, weight
from cleaner.corpus.formats.textual import decoded, decoded_size, refuse_other_columns, retyped, text_column, text_sizes
from cleaner.corpus.parts import PART, Mark, Part, Reading, Reject, megabytes, too_big
from cleaner.corpus.sources import Source
from cleaner.errors import InputError


class Stretch(NamedTuple):
    """Rows of one group that lie together."""

    group: int
    """Number of their row group or record batch in the file."""
    row: int
    """How many rows of the file lie before it."""
    batch: Any
    size: int
    """Bytes of the file it stands for, for progress."""
    last: bool
    """Whether the group ends with it."""

    @property
    def after(self) -> Mark:
        """Where reading goes on behind it."""
        return Mark(self.row + self.batch.num_rows, self.group + self.last)


class Gap(NamedTuple):
    """Rows of one group that cannot be read."""

    group: int
    row: int
    rows: int
    """How many; 0 when nobody knows."""
    size: int
    reason: str
    last: bool = True
    """Whether the group ends with it."""

    @property
    def after(self) -> Mark:
        """Where reading goes on behind it."""
        return Mark(self.row + self.rows, self.group + self.last)


def columns_of(schema: Any) -> Stretch:
    """Return the columns of a file without a row of it, which are found before its rows."""
    pa = arrow("reading Arrow data")
    none = [column.combine_chunks() for column in schema.empty_table().columns]
    return Stretch(0, 0, pa.record_batch(none, schema=schema), 0, last=False)


def gathered(source: Source, reading: Reading, start: Mark, found: Iterator[Stretch | Gap]) -> Iterator[Part]:
    """Yield what was *found* from *start* on in parts of about `PART` bytes; what cannot be read is a fault.

    What is found first are the columns. They are a part of their own where the file has no rows or begins with
    some that cannot be read, so that it gets the same new columns as others do.
    Raises `InputError` where *found* does, after the part with what came before.
    """
    columns = next(found)
    rest = _gathered(source, reading, start, found)
    if start == Mark():
        try:
            first = next(rest, None)
        except InputError:
            yield from _bare(columns, reading)
            raise
        if first is None or first.payload is None:
            yield from _bare(columns, reading)
        if first is not None:
            yield first
    yield from rest


def _bare(columns: Stretch | Gap, reading: Reading) -> Iterator[Part]:
    """Yield columns as a part, if one of them holds what is to be cleaned."""
    if isinstance(columns, Gap):
        return
    try:
        refuse_other_columns(columns.batch.schema, reading)
    except InputError:
        return
    batch = decoded(columns.batch, text_column(columns.batch.schema, reading))
    yield Part(0, pack([(0, batch)]), 0, Mark())


def _gathered(source: Source, reading: Reading, start: Mark, found: Iterable[Stretch | Gap]) -> Iterator[Part]:
    held: list[Stretch] = []
    size = 0
    broken: InputError | None = None
    pieces = _from(start, found, reading)
    while True:
        try:
            item = next(pieces, None)
        except InputError as error:
            item, broken = None, error
        fault = None if item is None else _fault(item, source, reading)
        if held and (item is None or fault is not None or size >= PART):
            yield _part(held)
            held, size = [], 0
        if item is None:
            break
        if fault is not None:
            yield Part(item.row, None, item.size, item.after, fault)
        elif isinstance(item, Stretch):
            held.append(item)
            size += weight(item.batch)
    if broken is not None:
        raise broken


def _from(start: Mark, found: Iterable[Stretch | Gap], reading: Reading) -> Iterator[Stretch | Gap]:
    for item in found:
        if item.group < start.offset:
            continue
        if isinstance(item, Gap):
            if item.last or item.row >= start.records:
                yield item
        elif item.batch.num_rows:
            yield from (piece for piece in _cut(item, reading) if piece.row >= start.records)


def _cut(stretch: Stretch, reading: Reading) -> Iterator[Stretch]:
    """Cut a stretch in halves until they are small; the same stretch always falls into the same pieces."""
    refuse_other_columns(stretch.batch.schema, reading)
    row = stretch.row
    stop = row + stretch.batch.num_rows
    number = text_column(stretch.batch.schema, reading)
    for batch in (piece for few in _decodable(stretch.batch, number) for piece in _light(decoded(few, number))):
        end = row + batch.num_rows == stop
        yield Stretch(stretch.group, row, batch, stretch.size if end else 0, stretch.last and end)
        row += batch.num_rows


_DECODED = 16 * PART
"""Bytes of texts that are taken out of a dictionary at a time: a few of it may stand for any number of rows."""


def _decodable(batch: Any, number: int) -> Iterator[Any]:
    """Yield a batch in halves until the texts that a dictionary in column *number* stands for are few."""
    if batch.num_rows < 2 or decoded_size(batch.column(number)) <= _DECODED:
        yield batch
        return
    for half in halves(batch):
        yield from _decodable(half, number)


def _light(batch: Any) -> Iterator[Any]:
    """Yield a batch in halves until they are small."""
    if batch.num_rows < 2 or weight(batch) <= 2 * PART:
        yield batch
        return
    first, second = halves(batch)
    if weight(first) + weight(second) > 1.5 * weight(batch):
        # Most of it is shared by all rows, a dictionary say: halves would hold it twice.
        yield batch
        return
    yield from _light(first)
    yield from _light(second)


def halves(batch: Any) -> tuple[Any, Any]:
    """Return the first and the second half of the rows of a batch, which has two at least."""
    half = batch.num_rows // 2
    return rows_of(batch, 0, half), rows_of(batch, half, batch.num_rows - half)


def rows_of(batch: Any, start: int, count: int) -> Any:
    """Return some rows of a batch; what other rows hold alone is not carried along when they are packed."""
    if (start, count) == (0, batch.num_rows):
        return batch
    part = batch.slice(start, count)
    for number, field in enumerate(part.schema):
        if str(field.type) in _VIEWS:
            # A slice of views keeps the bytes of all rows.
            part = part.set_column(number, field, _compact(part.column(number)))
    return part


_VIEWS = ("string_view", "binary_view")


def _compact(column: Any) -> Any:
    pa = arrow("views of Arrow")
    binary = column.cast(pa.binary_view()).cast(pa.large_binary()).cast(pa.binary_view())
    return retyped(binary, column.type)


def joined(batches: list[Any]) -> list[Any]:
    """Return batches as one; as they are where pyarrow cannot join them."""
    pa = arrow("joining Arrow data")
    if len(batches) == 1:
        return batches
    try:
        whole: list[Any] = pa.Table.from_batches(batches).combine_chunks().to_batches()
    except pa.ArrowNotImplementedError:
        return batches
    return whole


def _fault(item: Stretch | Gap, source: Source, reading: Reading) -> Reject | None:
    """Return why an item goes no further: it cannot be read, or is one row with a text over the limit."""
    if isinstance(item, Gap):
        return Reject(source.place, item.row + 1, item.reason)
    if item.batch.num_rows > 1 or weight(item.batch) <= reading.max_bytes:
        return None
    (size,) = text_sizes(item.batch.column(text_column(item.batch.schema, reading)))
    if not size or size <= reading.max_bytes:
        return None
    return Reject(source.place, item.row + 1, too_big(megabytes(size), reading.max_bytes))


def _part(held: list[Stretch]) -> Part:
    payload = pack((piece.group, piece.batch) for piece in held)
    return Part(held[0].row, payload, sum(piece.size for piece in held), held[-1].after)
