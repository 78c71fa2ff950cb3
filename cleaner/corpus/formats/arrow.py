"""Arrow IPC, as a file (Feather too) or as a stream: record batches are written as they were, with their codec."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.corpus.formats.batches import Gap, Stretch, columns_of, gathered, joined
from cleaner.corpus.formats.columns import entries, fields, write
from cleaner.corpus.formats.messages import codec_of_batch, first_batch
from cleaner.corpus.formats.schema import promising_nothing
from cleaner.corpus.formats.spool import arrow, finished, flat, groups, spooled_schema
from cleaner.corpus.parts import Mark, Part, Reading
from cleaner.corpus.sources import Source
from cleaner.errors import InputError

__all__ = ["entries", "fields", "finish", "parts", "write"]

_FILE = b"ARROW1"
_HEAD = 8
"""Bytes before the stream that an Arrow file holds."""
_LARGE = 1 << 25
"""Bytes of a record batch from which on it is not read into memory as a whole."""


def parts(source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
    """Yield rows together, about `PART` bytes at a time; a record batch that is broken is a fault.

    A mark counts record batches. An Arrow file without its footer is read as the stream it holds. Raises
    `InputError` where nothing more can be read, and for a file that has rows but no column with text;
    `MissingExtra` without pyarrow.
    """
    with _opened(source) as opened:
        yield from gathered(source, reading, start, _found(opened, source, start.offset))


class _Opened(NamedTuple):
    handle: Any
    """Of pyarrow."""
    is_file: bool
    searchable: bool
    """Whether any place in it can be gone to; not of what comes through a pipe."""

    @property
    def place(self) -> int:
        """How many bytes of it were read; 0 where nobody counts."""
        return int(self.handle.tell()) if self.searchable else 0


@contextmanager
def _opened(source: Source) -> Iterator[_Opened]:
    with source.open() as stream:
        head = _head(stream)
        if head.startswith(b"FEA1"):
            write = "pyarrow.feather.write_feather(pyarrow.feather.read_table(OLD), NEW)"
            reason = f"is Feather of the first version; write it anew: {write}"
            raise InputError(reason, path=source.place)
        is_file = head.startswith(_FILE)
        with _handle(source, stream, _HEAD if is_file else 0) as handle:
            yield _Opened(handle, is_file, stream.seekable())


def _handle(source: Source, stream: BinaryIO, head: int) -> Any:
    """Return the file as pyarrow reads it best."""
    pa = arrow("reading Arrow data")
    path = str(source.path)
    if not source.local:
        return pa.PythonFile(stream, "r")
    if not source.path.stat().st_size:
        return pa.OSFile(path)
    with pa.memory_map(path) as mapped:
        mapped.seek(min(head, mapped.size()))
        batch = first_batch(mapped)
        # Large batches are mapped, not read: the parts of one that are at work lie in memory then, no more.
        large = batch is not None and batch.body.size > _LARGE and codec_of_batch(batch) is None
    return pa.memory_map(path) if large else pa.OSFile(path)


def _head(stream: BinaryIO) -> bytes:
    if hasattr(stream, "peek"):
        return bytes(stream.peek(_HEAD)[:_HEAD])
    head = stream.read(_HEAD)
    stream.seek(0)
    return head


def _found(opened: _Opened, source: Source, first: int) -> Iterator[Stretch | Gap]:
    if opened.is_file:
        reader = _footed(opened)
        if reader is not None:
            yield from _of_file(reader, source, first)
            return
        opened.handle.read(_HEAD)
    yield from _of_stream(opened, source, first)
    if opened.is_file and opened.searchable:
        reason = "is an Arrow file without a footer that can be read; what came before was read, fetch the file again"
        raise InputError(reason, path=source.place)


def _footed(opened: _Opened) -> Any:
    """Return a reader of an Arrow file; None if it has no good footer, or cannot be searched for one."""
    pa = arrow("reading Arrow data")
    if not opened.searchable:
        return None
    try:
        return pa.ipc.open_file(opened.handle, options=pa.ipc.IpcReadOptions(use_threads=False))
    except _faults():
        opened.handle.seek(0)
        return None


def _of_file(reader: Any, source: Source, first: int) -> Iterator[Stretch | Gap]:
    yield columns_of(reader.schema)
    row, count = 0, reader.num_record_batches
    for number in range(count):
        size = source.size // count
        try:
            batch = reader.get_batch(number)
        except _faults() as error:
            yield Gap(number, row, 0, size, _broken(number, error))
        else:
            yield _checked(Stretch(number, row, batch, size, last=True), first)
            row += batch.num_rows


def _of_stream(opened: _Opened, source: Source, first: int) -> Iterator[Stretch | Gap]:
    pa = arrow("reading Arrow data")
    row = number = at = 0
    try:
        reader = pa.ipc.open_stream(opened.handle, options=pa.ipc.IpcReadOptions(use_threads=False))
    except _faults() as error:
        reason = f"holds no Arrow data that can be read ({flat(error)}); its beginning is broken: fetch it again"
        raise InputError(reason, path=source.place) from error
    yield columns_of(reader.schema)
    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except _faults() as error:
            reached = opened.place
            if reached <= at or reached >= source.size:
                # Nothing says where the next batch would begin.
                where = f"after row {row}" if row else "from the start"
                reason = f"the Arrow data are broken {where} ({flat(error)}); what came before was read, fetch it again"
                raise InputError(reason, path=source.place) from error
            yield Gap(number, row, 0, reached - at, _broken(number, error))
        else:
            reached = opened.place
            yield _checked(Stretch(number, row, batch, reached - at, last=True), first)
            row += batch.num_rows
        number, at = number + 1, reached


def _checked(stretch: Stretch, first: int) -> Stretch | Gap:
    """Return the stretch if its buffers hold what they promise: nothing has looked at them yet."""
    if stretch.group < first:
        return stretch
    try:
        for column in stretch.batch.columns:
            _check(column)
    except _faults() as error:
        return Gap(stretch.group, stretch.row, stretch.batch.num_rows, stretch.size, _broken(stretch.group, error))
    return stretch


def _check(column: Any) -> None:
    try:
        column.validate(full=True)
    except arrow("reading Arrow data").ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise
        # Strings that are no UTF-8 are carried as they are, if that is all.
        column.view(promising_nothing(column.type)).validate(full=True)


def _broken(number: int, error: Exception) -> str:
    return f"record batch {number + 1} is broken ({flat(error)}); its rows cannot be read, fetch the file again"


def _faults() -> tuple[type[Exception], ...]:
    return arrow("reading Arrow data").ArrowException, OSError, ValueError, MemoryError


class _Shape(NamedTuple):
    """How a file is written, apart from its rows."""

    is_file: bool = False
    schema: Any = None
    codec: str | None = None
    metadata: Any = None
    """What the footer says beside the schema."""


def finish(spool: Path, target: Path, source: Source) -> None:
    """Make an Arrow file or stream of the spool, as *source* is one, with its batches, codec and metadata."""
    pa = arrow("writing Arrow data")
    # What came through a pipe cannot be asked again.
    shape = _Shape() if source.once else _shape(source)
    schema = spooled_schema(spool, shape.schema) or shape.schema or pa.schema([])
    options = pa.ipc.IpcWriteOptions(compression=shape.codec, use_threads=False, emit_dictionary_deltas=True)

    def fill(draft: Path) -> None:
        extra = {"metadata": shape.metadata} if shape.is_file else {}
        new = pa.ipc.new_file if shape.is_file else pa.ipc.new_stream
        with pa.OSFile(str(draft), "wb") as sink, new(sink, schema, options=options, **extra) as writer:
            for batches in groups(spool, schema):
                for batch in joined(batches):
                    writer.write_batch(batch)

    finished(spool, target, fill)


def _shape(source: Source) -> _Shape:
    pa = arrow("reading Arrow data")
    with _opened(source) as opened:
        reader = _footed(opened) if opened.is_file else None
        metadata = None if reader is None else reader.metadata
        opened.handle.seek(_HEAD if opened.is_file else 0)
        try:
            schema = reader.schema if reader is not None else pa.ipc.open_stream(opened.handle).schema
        except _faults() as error:
            raise InputError(f"holds no Arrow data that can be read ({flat(error)})", path=source.place) from error
        opened.handle.seek(_HEAD if opened.is_file else 0)
        batch = first_batch(opened.handle)
        return _Shape(opened.is_file, schema, None if batch is None else codec_of_batch(batch), metadata)
