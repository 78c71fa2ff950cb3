"""Where files of JSON lines are cut into parts, and what becomes of lines over the limit."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from cleaner.corpus.codecs import pieces as pieces_of
from cleaner.corpus.codecs import told, unpacked
from cleaner.corpus.decoding import refuse_marked
from cleaner.corpus.parts import PART, Mark, Part, Reading, Reject, megabytes, too_big
from cleaner.corpus.records import LINES_OF_ARRAY
from cleaner.corpus.sources import Source
from cleaner.errors import InputError


def parts(source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
    """Yield lines together, about `PART` bytes at a time; a line over the limit is a fault of its own.

    Raises `InputError` where packed data are broken, after the part with what came before.
    """
    number, offset = start
    with source.open() as raw:
        for chunk in _chunks(source, raw, start, reading.max_bytes):
            offset += chunk.size
            fault = None
            if chunk.lines is None:
                reason = too_big(megabytes(chunk.size), reading.max_bytes)
                fault = Reject(source.place, number + 1, reason)
            after = Mark(number + chunk.rows, offset)
            # Bytes of packed data say nothing of the size on disk.
            yield Part(number, chunk.lines, 0 if source.codec else chunk.size, after, fault)
            number = after.records


class _Chunk(NamedTuple):
    lines: bytes | None
    """Whole lines; None for one over the limit, which is not kept."""
    size: int
    open: bool = False
    """Whether the line that is over the limit goes on behind what was read of it."""

    @property
    def rows(self) -> int:
        """How many lines that is."""
        return 1 if self.lines is None else self.lines.count(b"\n") + (not self.lines.endswith(b"\n"))

    def with_more(self, size: int) -> _Chunk:
        """Return the chunk with so many bytes more of its line."""
        return self._replace(size=self.size + size)


class _Window:
    """What was read and not handed on yet."""

    def __init__(self, done: int, limit: int) -> None:
        self._done, self._limit = done, limit
        self._rest = bytearray()
        self._begun: _Chunk | None = None
        """A line over the limit whose end is not reached."""

    def place(self) -> str:
        """Say how far it came; a line over the limit counts once that is known."""
        number = self._done + self._rest.count(b"\n") + (self._begun is not None or self._ends_long())
        return f"after line {number}" if number else "from the start"

    def take(self, piece: bytes) -> Iterator[_Chunk]:
        """Yield what there is to hand on with *piece* behind the rest."""
        if self._begun is not None:
            end = piece.find(b"\n") + 1
            self._begun = self._begun.with_more(end or len(piece))
            if not end:
                return
            piece, chunk, self._begun = piece[end:], self._begun, None
            self._done += 1
            yield chunk
        self._rest += piece
        while len(self._rest) >= PART and (found := _cut(self._rest, self._limit)):
            if found.open:
                self._begun = found
                return
            self._done += found.rows
            yield found

    def end(self, *, broken: bool) -> Iterator[_Chunk]:
        """Yield what is left; a line that breaks off in the middle is none, unless it is over the limit by then."""
        if broken and not self._ends_long():
            del self._rest[self._rest.rfind(b"\n") + 1 :]
        if self._rest:
            yield from _split_long(bytes(self._rest), self._limit)
        if self._begun is not None:
            yield self._begun

    def _ends_long(self) -> bool:
        return len(self._rest) - (self._rest.rfind(b"\n") + 1) > self._limit + 1


def _chunks(source: Source, raw: BinaryIO, start: Mark, limit: int) -> Iterator[_Chunk]:
    """Cut behind the first line end that lies `PART` bytes on; what is read at a time changes nothing."""
    window = _Window(start.records, limit)
    broken: InputError | None = None
    try:
        with told(source.place, source.codec, window.place):
            for piece in _from(start, unpacked(raw, source.codec), source):
                yield from window.take(piece)
    except InputError as error:
        broken = error
    yield from window.end(broken=broken is not None)
    if broken is not None:
        raise broken


def _from(start: Mark, stream: BinaryIO, source: Source) -> Iterator[bytes]:
    """Yield the data from *start* on; raises `InputError` if they begin as another encoding or an array does."""
    if start.offset:
        stream.seek(start.offset)
    for number, piece in enumerate(pieces_of(stream)):
        if not number and not start.offset:
            refuse_marked(piece, source.place)
            _refuse_array(piece, source.place)
        yield piece


def _refuse_array(piece: bytes, place: str) -> None:
    """Raise `InputError` for one JSON array over many lines: each of them would be a reject that says less."""
    line, end, _ = piece.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    if end and line.startswith(b"[") and b"".join(line.split()) in {b"[", b"[{"}:
        raise InputError(f"is a JSON array, not JSON lines; {LINES_OF_ARRAY}", path=place)


def _cut(rest: bytearray, limit: int) -> _Chunk | None:
    """Take the next chunk from the beginning of *rest*, if it is there already."""
    end = rest.find(b"\n", PART - 1) + 1
    start = rest.rfind(b"\n", 0, end - 1 if end else len(rest)) + 1
    long = (end or len(rest)) - start > limit + 1
    if not end and not long:
        return None
    if long and start:
        end = start
    lines = None if long and not start else bytes(rest[:end])
    size = end or len(rest)
    del rest[:size]
    return _Chunk(lines, size, open=lines is None and not end)


def _split_long(lines: bytes, limit: int) -> Iterator[_Chunk]:
    """Yield the last lines of a file; one over the limit, which ends it, apart."""
    start = lines.rfind(b"\n", 0, len(lines) - 1) + 1
    if len(lines) - start <= limit + 1:
        yield _Chunk(lines, len(lines))
        return
    if start:
        yield _Chunk(lines[:start], start)
    yield _Chunk(None, len(lines) - start)
