"""JSON lines: one record a line; whatever surrounds the text is carried as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cleaner.corpus.codecs import pieces as pieces_of
from cleaner.corpus.codecs import told, unpacked
from cleaner.corpus.decoding import decode_loosely, encode, refuse_marked
from cleaner.corpus.formats import Piece
from cleaner.corpus.parts import PART, Entry, Mark, Part, Reading, Reject, megabytes, too_big
from cleaner.corpus.records import Record, encodable, glance, parse, style_of, write_literal
from cleaner.corpus.sources import Source
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.sites.naming import SITE
from cleaner.split import HTML, kind_of, refuse


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
    """Yield the data from *start* on; raises `InputError` if they begin with the mark of another encoding."""
    if start.offset:
        stream.seek(start.offset)
    for number, piece in enumerate(pieces_of(stream)):
        if not number and not start.offset:
            refuse_marked(piece, source.place)
        yield piece


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


def entries(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield the records and blank lines of a part."""
    return _read(source, part, reading, parse)


def glances(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield the same, but the records without what stands around their texts."""
    return _read(source, part, reading, glance)


def _read(source: Source, part: Part, reading: Reading, read: Callable[..., Record]) -> Iterator[Entry | Reject]:
    number = part.number
    for raw in _lines(part.payload):
        number += 1
        if len(raw.rstrip(b"\n")) > reading.max_bytes:
            reason = too_big(megabytes(len(raw)), reading.max_bytes)
            yield Reject(source.place, number, reason)
        elif not raw.strip(b" \t\r\n"):
            yield Entry(None, size=len(raw), line=number, blank=raw)
        else:
            try:
                yield _entry(source, number, raw, reading, read)
            except InputError as error:
                yield Reject(source.place, number, error.reason, raw)


def _lines(payload: bytes) -> Iterator[bytes]:
    """Split at line feeds alone: a record may hold other line ends as they are."""
    start = 0
    while start < len(payload):
        end = payload.find(b"\n", start) + 1 or len(payload)
        yield payload[start:end]
        start = end


def _entry(source: Source, number: int, raw: bytes, reading: Reading, read: Callable[..., Record]) -> Entry:
    line, stray = decode_loosely(raw)
    if reading.html_field is None:
        # To count stray bytes of the text alone takes its literal.
        record = (parse if stray else read)(line, reading.text_field, site=reading.site_field)
        kind = reading.kind or source.kind or kind_of(record.text)
    else:
        record = parse(line, reading.html_field, into=reading.text_field, site=reading.site_field)
        kind = HTML
    if stray:
        # Those in other keys are carried as bytes and are nobody's business.
        stray = decode_loosely(encode(record.literal)).stray
    meta = {} if record.site is None else {SITE: record.site}
    document = Document(record.id or f"{source.name}:{number}", record.text, kind, record.url, meta)
    refuse(document)
    damage = (0, stray) if kind == HTML else (stray, 0)
    return Entry(document, *damage, len(raw), number, record, names=record.names, missing=record.missing)


def fields(entry: Entry, field: str) -> dict[str, Any]:
    """Return the record as it was read."""
    del field
    record: Record = entry.record
    line = record.with_literal(record.literal).lstrip("\ufeff")
    whole: dict[str, Any] = json.loads(line, parse_int=_number)
    return whole


def _number(digits: str) -> int | Decimal:
    """Return a whole number; as `int` Python takes none of more than 4,300 digits."""
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


def write(pieces: Sequence[Piece], source: Source, reading: Reading) -> bytes:  # noqa: ARG001 (as `Container` asks)
    """Return the lines, each with its text replaced and everything else as it was."""
    return b"".join(_line(piece) for piece in pieces)


def _line(piece: Piece) -> bytes:
    if piece.entry.document is None:
        return piece.entry.blank
    record: Record = piece.entry.record
    literal = write_literal(piece.text, style_of_piece(piece)) if piece.changed else record.literal
    return encode(with_fields(record, piece.added).with_literal(literal))


def style_of_piece(piece: Piece) -> str:
    """Return how the text of a piece is written: as it was, where a known style wrote it so."""
    record: Record = piece.entry.record
    if piece.entry.document is not None and piece.entry.document.kind == HTML:
        return "ascii" if record.literal.isascii() and not record.text.isascii() else "utf8"
    return style_of(record.text, record.literal) or "utf8"


def with_fields(record: Record, added: Mapping[str, Any]) -> Record:
    """Return the record with more fields at its end, in ASCII if its text is, or if UTF-8 cannot write them."""
    for name, value in added.items():
        literal = json.dumps(value, ensure_ascii=record.literal.isascii())
        record = record.with_field(name, literal if encodable(literal) else json.dumps(value))
    return record


def finish(spool: Path, target: Path, source: Source) -> None:  # noqa: ARG001 (as `Container` asks)
    """Give the spool its name."""
    spool.replace(target)


def record_line(record: Mapping[str, Any]) -> bytes:
    """Return one record of another format as a line; what JSON does not know is written as text."""
    try:
        return json.dumps(record, ensure_ascii=False, default=str).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record, default=str).encode("ascii") + b"\n"
