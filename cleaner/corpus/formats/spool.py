"""Spools of record batches: blocks of packed batches, one after the other, that become a file in the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from cleaner.corpus.formats.schema import described, settled, unified
from cleaner.corpus.parts import MEGABYTE
from cleaner.errors import MissingExtra, OutputError

GROUP = 64 * MEGABYTE
"""Bytes of memory above which a row group of the output is closed, however large that of the input was."""

_GROUP = b"group"
_LENGTH = 8


def arrow(purpose: str) -> Any:
    """Return the module `pyarrow`; raises `MissingExtra` where it is not installed."""
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(purpose, "corpora") from error


def flat(error: Exception) -> str:
    """Return what an error of the library says, on one line and without the places in its own code."""
    return " ".join(str(error).split(". Detail:")[0].split())[:300]


def weight(batch: Any) -> int:
    """Return how many bytes of memory the rows of a batch take."""
    return sum(_weight(column) for column in batch.columns)


def _weight(column: Any) -> int:
    try:
        return int(column.nbytes)
    except arrow("measuring columns").ArrowTypeError:
        # Releases before 24 cannot say how much of its buffers a slice of views takes.
        return int(column.get_total_buffer_size())


def pack(batches: Iterable[tuple[int, Any]], compression: str | None = None) -> bytes:
    """Return batches of one schema with the numbers of their groups as one Arrow stream."""
    pa = arrow("packing Arrow data")
    sink = pa.BufferOutputStream()
    writer = None
    options = pa.ipc.IpcWriteOptions(compression=compression, use_threads=False, emit_dictionary_deltas=True)
    for group, batch in batches:
        if writer is None:
            writer = pa.ipc.new_stream(sink, batch.schema, options=options)
        writer.write_batch(batch, custom_metadata={_GROUP: str(group)})
    if writer is None:
        return b""
    writer.close()
    return bytes(sink.getvalue())


def unpack(stream: Any) -> Iterator[tuple[int, Any]]:
    """Yield what `pack` made bytes of."""
    pa = arrow("unpacking Arrow data")
    reader = pa.ipc.open_stream(stream, options=pa.ipc.IpcReadOptions(use_threads=False))
    while True:
        try:
            batch, told = reader.read_next_batch_with_custom_metadata()
        except StopIteration:
            return
        yield int(told[_GROUP]), batch


def block(batches: Iterable[tuple[int, Any]]) -> bytes:
    """Return batches as one block of a spool: its length, then an Arrow stream."""
    packed = pack(batches, "lz4")
    return len(packed).to_bytes(_LENGTH, "little") + packed if packed else b""


def spooled_schema(spool: Path, before: Any = None) -> Any:
    """Return the one schema that holds the batches of all blocks; None for a spool without any.

    *before* is that of the file they were made of, where it is known. The pandas and Hugging Face metadata tell
    of every column.
    """
    pa = arrow("reading a spool")
    seen: list[Any] = []
    with spool.open("rb") as stream:
        while length := int.from_bytes(stream.read(_LENGTH), "little"):
            start = stream.tell()
            schema = pa.ipc.open_stream(stream).schema
            if not any(schema.equals(other) for other in seen):
                seen.append(schema)
            stream.seek(start + length)
    return described(settled(unified(seen), before)) if seen else None


def groups(spool: Path, schema: Any) -> Iterator[list[Any]]:
    """Yield the batches of a spool, fitted to *schema*, those of one group together up to `GROUP` bytes."""
    held: list[Any] = []
    size = number = 0
    for group, batch in _batches(spool):
        if not batch.num_rows:
            continue
        if held and (group != number or size >= GROUP):
            yield held
            held, size = [], 0
        held.append(fitted(batch, schema))
        number = group
        size += weight(batch)
    if held:
        yield held


def _batches(spool: Path) -> Iterator[tuple[int, Any]]:
    with spool.open("rb") as stream:
        while length := int.from_bytes(stream.read(_LENGTH), "little"):
            yield from unpack(stream.read(length))


def fitted(batch: Any, schema: Any) -> Any:
    """Return the batch with the columns of *schema*, which has all of its own and perhaps more behind them."""
    pa = arrow("joining Arrow data")
    own = {name: number for number, name in enumerate(batch.schema.names)}
    columns = []
    for number, field in enumerate(schema):
        if number < batch.num_columns and batch.schema.names[number] == field.name:
            column = batch.column(number)
        elif field.name in own:
            column = batch.column(own[field.name])
        else:
            column = pa.nulls(batch.num_rows, field.type)
        columns.append(column if column.type == field.type else column.cast(field.type))
    return pa.record_batch(columns, schema=schema)


def finished(spool: Path, target: Path, fill: Callable[[Path], None]) -> None:
    """Let *fill* make the file *target*, which appears when it is whole; the spool goes then.

    Raises `OutputError` when it cannot be written.
    """
    draft = spool.with_name(f"{spool.name}.whole")
    with _told(target, draft):
        fill(draft)
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())
        draft.replace(target)
    spool.unlink(missing_ok=True)


@contextmanager
def _told(target: Path, draft: Path) -> Iterator[None]:
    pa = arrow("writing Arrow data")
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        draft.unlink(missing_ok=True)
        reason = (isinstance(error, OSError) and error.strerror) or flat(error)
        raise OutputError(f"cannot be written: {reason}", path=target) from error
