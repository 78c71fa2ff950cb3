"""Rows of Parquet, decoded in bounded memory: a file of kilobytes may stand for any number of gigabytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.corpus.formats.batches import halves, joined
from cleaner.corpus.formats.page_header import dictionary_size
from cleaner.corpus.formats.textual import decoded_size
from cleaner.corpus.parts import PART, megabytes

_BUFFER = 1 << 18
"""Bytes read at a time of each column: without it a column of a row group is read as a whole."""

_ROWS = 4096
"""Most rows handed on at a time: texts of very different lengths hide behind an average."""

_TIMES = 32
"""Times that rows are decoded for one time that they are handed on: what a file says of sizes is an average.

At a time some 32 KB of rows are decoded then, which is enough to spread what every time costs.
"""

_UNPACKED = 64 * PART
"""Bytes that values decoded at a time may come to which stand in the file but once: in dictionaries, as prefixes."""

_HELD = 16 * PART
"""Bytes of decoded rows that are enough to hand them on together."""

_LISTED = 1024 * PART
"""Bytes from which on the texts of lists are taken out of their dictionary here, if they might come to so many."""

_ROW = 256 * PART
"""Bytes that the texts of lists may take in one row, where they are taken out here."""


_UNCASTABLE = re.compile(r"\b(string|binary|list)_view\b|\bextension<")
"""Types that pyarrow cannot make of dictionaries."""


class Oversized(NamedTuple):
    """A row that is not decoded."""

    reason: str


class Opened(NamedTuple):
    """A Parquet file that is read."""

    stream: BinaryIO
    file: Any
    """Of pyarrow; it may take texts in lists for dictionaries."""
    schema: Any
    """Of its rows as `decoded_rows` yields them."""

    def close(self) -> None:
        """Let go of what pyarrow holds; the stream is whose it was."""
        self.file.close()


def opened(stream: BinaryIO, path: Path | None = None) -> Opened:
    """Open the Parquet file in *stream*, by its *path* if it has one here; raises what pyarrow does for others."""
    parquet_file = import_module("pyarrow.parquet").ParquetFile
    settings = {"buffer_size": _BUFFER, "pre_buffer": False, "page_checksum_verification": True}
    file = parquet_file(path or stream, **settings)
    listed = _listed(file, stream)
    if not listed:
        return Opened(stream, file, file.schema_arrow)
    with file:
        again = parquet_file(path or stream, read_dictionary=listed, metadata=file.metadata, **settings)
        return Opened(stream, again, file.schema_arrow)


def _listed(file: Any, stream: BinaryIO) -> list[str]:
    """Return the paths of the columns with texts in lists, of which one row might hold too many."""
    told = file.metadata
    left = tuple(f"{field.name}." for field in file.schema_arrow if _UNCASTABLE.search(str(field.type)))
    found = []
    for number in range(told.num_columns):
        column = file.schema.column(number)
        if column.max_repetition_level and column.physical_type == "BYTE_ARRAY" and not column.path.startswith(left):
            chunks = (told.row_group(group).column(number) for group in range(told.num_row_groups))
            if any(_may_explode(chunk, stream) for chunk in chunks):
                found.append(column.path)
    return found


def _may_explode(column: Any, stream: BinaryIO) -> bool:
    count: int = column.num_values
    most: int = column.total_uncompressed_size
    return count * most > _LISTED and count * _repeated(column, count, stream) > _LISTED


def decoded_rows(opened: Opened, number: int) -> Iterator[Any | Oversized]:
    """Yield the rows of a row group in batches of about `PART` bytes; one that would take too much is told of.

    Raises what pyarrow does where they cannot be read, after those before.
    """
    told = opened.file.metadata.row_group(number)
    rows = max(1, min(_ROWS, told.num_rows * PART // max(1, told.total_byte_size)))
    held: list[Any] = []
    count = size = 0
    found = opened.file.iter_batches(_few(told, rows, opened.stream), row_groups=[number], use_threads=False)
    try:
        for batch in (plain for few in found for plain in _plain(few, opened.schema)):
            if held and (count >= rows or size >= _HELD or isinstance(batch, Oversized)):
                yield from joined(held)
                held, count, size = [], 0, 0
            if isinstance(batch, Oversized):
                yield batch
                continue
            held.append(batch)
            count += batch.num_rows
            size += sum(_own_bytes(column) for column in batch.columns)
    except Exception:
        if held:
            yield from joined(held)
        raise
    if held:
        yield from joined(held)


def _few(told: Any, rows: int, stream: BinaryIO) -> int:
    """Return how many rows may be decoded at a time, so that a few times as many are *rows*, or hardly more."""
    repeated = sum(_repeated(told.column(number), rows, stream) for number in range(told.num_columns))
    most = max(1, min(rows // _TIMES, _UNPACKED // max(1, repeated)))
    times = -(-rows // most)
    return -(-rows // times)


def _repeated(column: Any, rows: int, stream: BinaryIO) -> int:
    """Return how long a value of a column of a row group may be which stands in the file once for any number of rows.

    0 where *rows* of that length are no matter.
    """
    most: int = column.total_uncompressed_size
    encodings = column.encodings
    if column.physical_type not in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"):
        return 0
    if "DELTA_BYTE_ARRAY" in encodings:
        return most if rows * most > _UNPACKED else 0
    if not any("DICTIONARY" in encoding for encoding in encodings):
        return 0
    start = column.data_page_offset
    if column.has_dictionary_page:
        start = min(start, column.dictionary_page_offset)
    return dictionary_size(stream, start) or most


def _own_bytes(column: Any) -> int:
    """Return what a column takes beside the dictionary that it shares with others."""
    return int(getattr(column, "indices", column).nbytes)


def _plain(batch: Any, schema: Any) -> Iterator[Any | Oversized]:
    """Yield a batch as *schema* says, in pieces where its lists hold much that stands in dictionaries."""
    shown = [number for number, field in enumerate(schema) if field.type != batch.schema.field(number).type]
    sizes = {schema.names[number]: decoded_size(batch.column(number)) for number in shown}
    size = sum(sizes.values())
    if size <= _HELD or (batch.num_rows == 1 and size <= _ROW):
        yield batch.cast(schema) if shown else batch
    elif batch.num_rows == 1:
        name = max(sizes, key=lambda name: sizes[name])
        limit = f"over the {megabytes(_ROW)} that one row may take there"
        yield Oversized(f'has {megabytes(size)} in the lists of column "{name}", {limit}; leave that column out')
    else:
        for half in halves(batch):
            yield from _plain(half, schema)
