"""Parquet: row groups are read in batches and written as they were, with their codecs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from cleaner.corpus.formats.batches import Gap, Stretch, columns_of, gathered
from cleaner.corpus.formats.columns import entries, fields, write
from cleaner.corpus.formats.parquet_rows import Opened, Oversized, decoded_rows, opened
from cleaner.corpus.formats.spool import arrow, finished, flat, groups, spooled_schema
from cleaner.corpus.parts import Mark, Part, Reading
from cleaner.corpus.sources import STANDARD, Source
from cleaner.errors import InputError

__all__ = ["entries", "fields", "finish", "parts", "write"]


def parts(source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
    """Yield rows together, about `PART` bytes at a time; what is broken of a row group is a fault.

    A mark counts row groups. Raises `InputError` for a file whose footer cannot be read, and for one that
    has rows but no column with text; `MissingExtra` without pyarrow.
    """
    with _opened(source) as rows:
        yield from gathered(source, reading, start, _found(rows, source, start.offset))


@contextmanager
def _opened(source: Source) -> Iterator[Opened]:
    pa = arrow("reading Parquet")
    if source.path == STANDARD:
        reason = (
            "is Parquet, which is read from its end; standard input has none: save it as a file, or send JSON lines"
        )
        raise InputError(reason, path=source.place)
    # pyarrow leaves open what it has not opened itself.
    with source.open() as stream:
        try:
            rows = opened(stream, source.path if source.local else None)
        except (pa.ArrowException, OSError, ValueError) as error:
            reason = f"is no Parquet file that can be read ({flat(error)}); its end is broken: fetch it again"
            raise InputError(reason, path=source.place) from error
        with closing(rows):
            yield rows


def _found(rows: Opened, source: Source, first: int) -> Iterator[Stretch | Gap]:
    yield columns_of(rows.schema)
    told = rows.file.metadata
    total = max(1, told.num_rows)
    row = sum(told.row_group(number).num_rows for number in range(first))
    for number in range(first, told.num_row_groups):
        stop = row + told.row_group(number).num_rows
        fault = "it holds fewer rows than it should"
        try:
            for found in decoded_rows(rows, number):
                count = 1 if isinstance(found, Oversized) else found.num_rows
                size, last = source.size * count // total, row + count == stop
                if isinstance(found, Oversized):
                    yield Gap(number, row, count, size, found.reason, last)
                else:
                    yield Stretch(number, row, found, size, last)
                row += count
        except _faults() as error:
            fault = flat(error)
        if row < stop:
            lost = f"rows {row + 1} to {stop}" if stop - row > 1 else f"row {stop}"
            where = f"row group {number + 1} of {told.num_row_groups}"
            reason = f"{where} is broken ({fault}); {lost} cannot be read, fetch the file again"
            yield Gap(number, row, stop - row, source.size * (stop - row) // total, reason)
        row = stop


def _faults() -> tuple[type[Exception], ...]:
    return arrow("reading Parquet").ArrowException, OSError, ValueError, MemoryError


def finish(spool: Path, target: Path, source: Source) -> None:
    """Make a Parquet file of the spool, with the row groups, codecs and metadata of *source*."""
    with _opened(source) as rows:
        schema = spooled_schema(spool, rows.schema) or rows.schema
        settings = _settings(rows.file.metadata, schema)
    finished(spool, target, lambda draft: _fill(draft, spool, schema, settings))


def _fill(draft: Path, spool: Path, schema: Any, settings: dict[str, Any]) -> None:
    pa = arrow("writing Parquet")
    with import_module("pyarrow.parquet").ParquetWriter(draft, schema, **settings) as writer:
        for batches in groups(spool, schema):
            table = pa.Table.from_batches(batches, schema)
            writer.write_table(table, row_group_size=table.num_rows)


def _settings(told: Any, schema: Any) -> dict[str, Any]:
    """Return how each column was written, for the writer: its codec, and whether with a dictionary."""
    if not told.num_row_groups:
        return {}
    group = told.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    paths = _paths(schema)
    # Columns that were added are written as most are.
    codecs = [_CODECS.get(column.compression, "ZSTD") for column in columns]
    usual = max(sorted(set(codecs)), key=codecs.count) if codecs else "ZSTD"
    codecs += [usual] * (len(paths) - len(codecs))
    with_dictionary = [any("DICTIONARY" in word for word in column.encodings) for column in columns]
    with_dictionary += [True] * (len(paths) - len(columns))
    return {
        "compression": dict(zip(paths, codecs, strict=False)),
        "use_dictionary": [path for path, flag in zip(paths, with_dictionary, strict=False) if flag],
    }


_CODECS = {
    "UNCOMPRESSED": "NONE",
    "SNAPPY": "SNAPPY",
    "GZIP": "GZIP",
    "BROTLI": "BROTLI",
    "LZ4": "LZ4",
    "LZ4_RAW": "LZ4",
    "ZSTD": "ZSTD",
}
"""Codecs as a file calls them and as the writer does; what is not written any more becomes zstd."""


def _paths(schema: Any) -> list[str]:
    """Return what the columns are called in a file: an empty one tells."""
    pa = arrow("writing Parquet")
    pq = import_module("pyarrow.parquet")
    sink = pa.BufferOutputStream()
    pq.write_table(schema.empty_table(), sink)
    written = pq.ParquetFile(pa.BufferReader(sink.getvalue())).schema
    return [written.column(number).path for number in range(len(written.names))]
