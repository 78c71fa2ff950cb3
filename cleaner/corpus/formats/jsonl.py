"""JSON lines: one record a line; whatever surrounds the text is carried as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from cleaner.corpus.decoding import decode_loosely, encode
from cleaner.corpus.formats import Piece
from cleaner.corpus.formats.jsonl_parts import parts
from cleaner.corpus.parts import Entry, Part, Reading, Reject, megabytes, too_big
from cleaner.corpus.records import Record, encodable, glance, parse, style_of, write_literal
from cleaner.corpus.sources import Source
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.sites.naming import SITE
from cleaner.split import HTML, kind_of, refuse

__all__ = ["entries", "fields", "finish", "glances", "parts", "write"]


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
