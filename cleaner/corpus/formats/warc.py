"""Web archives: HTML responses (WARC) and extracted text (WET) are documents, other records are carried.

What is cleaned becomes or stays a `conversion` record, as ISO 28500 calls the result of a transformation;
what is added to it stands in a `metadata` record behind it, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus.formats import Piece
from cleaner.corpus.formats.warc_reading import entry_of, library
from cleaner.corpus.formats.warc_records import Found, records
from cleaner.corpus.formats.warc_writing import Archived, carried, conversion, metadata, rewritten
from cleaner.corpus.parts import PART, Entry, Mark, Part, Reading, Reject
from cleaner.corpus.sources import Source
from cleaner.errors import InputError
from cleaner.split import HTML


class _Batch(NamedTuple):
    """What a part holds."""

    offset: int
    records: tuple[bytes, ...]


def parts(source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
    """Yield whole records together, about `PART` bytes of them; what is no record is a fault of its own.

    Offsets count bytes of the unpacked data. Raises `MissingExtra` without fastwarc.
    """
    library()
    number, offset = start
    batch: list[bytes] = []
    size = 0

    def part() -> Part:
        after = Mark(number + len(batch), offset + size)
        return Part(number, _Batch(offset, tuple(batch)), 0 if source.codec else size, after)

    with source.open() as raw:
        for found in records(raw, source.codec, offset, reading.max_bytes):
            if found.raw is not None and not found.fault:
                batch.append(found.raw)
                size += found.size
            if batch and (found.fault or size >= PART):
                yield part()
                number, offset, batch, size = number + len(batch), offset + size, [], 0
            if found.fault:
                yield _fault(source, found, Mark(number, offset))
                number, offset = number + 1, offset + found.size
    if batch:
        yield part()


def _fault(source: Source, found: Found, at: Mark) -> Part:
    fault = _reject(source, at.records + 1, at.offset, found.fault, found.raw)
    size = 0 if source.codec else found.size
    return Part(at.records, None, size, Mark(at.records + 1, at.offset + found.size), fault)


def _reject(source: Source, number: int, offset: int, reason: str, raw: bytes | None) -> Reject:
    where = f"record {number} at byte {offset}{' of the unpacked data' if source.codec else ''}"
    return Reject(source.place, number, f"{where}: {reason}", raw)


def entries(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield the documents of a part, and the other records unless they are skipped."""
    batch: _Batch = part.payload
    number, offset = part.number, batch.offset
    for raw in batch.records:
        number += 1
        try:
            found = entry_of(source, number, raw, reading)
            if found.document is not None or reading.others != "skip":
                yield found
        except InputError as error:
            yield _reject(source, number, offset, error.reason, raw)
        offset += len(raw)


def fields(entry: Entry, field: str) -> dict[str, Any]:
    """Return id, url and date of a document, its text, and what its record says of type and language."""
    document = entry.document
    if document is None:
        return {}
    about: Archived = entry.record
    known = {
        "id": document.id,
        "url": document.url,
        "date": about.date,
        field: document.body,
        "content_type": about.content_type,
        "language": about.language,
    }
    return {name: value for name, value in known.items() if value is not None}


def members(pieces: Sequence[Piece], source: Source, reading: Reading) -> Iterator[bytes]:  # noqa: ARG001 (as `Container` asks)
    """Yield the records for *pieces*, each of which is packed by itself."""
    for piece in pieces:
        document = piece.entry.document
        if document is None:
            yield carried(piece.entry.blank)
            continue
        about: Archived = piece.entry.record
        if document.kind == HTML:
            record = conversion(about, piece.text)
        else:
            record = rewritten(about, piece.text) if piece.changed else carried(about.raw)
        yield record
        if piece.added:
            yield metadata(about, record, piece.added)


def write(pieces: Sequence[Piece], source: Source, reading: Reading) -> bytes:
    """Return the records for *pieces*, one after the other."""
    return b"".join(members(pieces, source, reading))


def finish(spool: Path, target: Path, source: Source) -> None:  # noqa: ARG001 (as `Container` asks)
    """Give the spool its name."""
    spool.replace(target)
