"""A file that is one document: text, or an HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.corpus.codecs import pieces as pieces_of
from cleaner.corpus.codecs import told, unpacked
from cleaner.corpus.decoding import decode, encode, refuse_wide
from cleaner.corpus.formats import Piece
from cleaner.corpus.parts import Entry, Mark, Part, Reading, Reject, megabytes, too_big
from cleaner.corpus.sources import Source
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.split import HTML, decode_page, kind_of_bytes, refuse


def parts(source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
    """Yield the file as one part; raises `InputError` when it cannot be read or is over the limit."""
    if start.records:
        return
    if source.size > reading.max_bytes and not source.codec:
        raise InputError(too_big(megabytes(source.size), reading.max_bytes), path=source.place)
    with told(source.place, source.codec, lambda: "within the text"), source.open() as stream:
        raw = read_limited(unpacked(stream, source.codec), reading.max_bytes, source.place)
    yield Part(0, raw, source.size or len(raw), Mark(1, len(raw)))


def entries(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield the document, or a reject if its bytes are neither text nor a page."""
    try:
        yield entry_of(part.payload, source.name, source.kind or reading.kind, source.place)
    except InputError as error:
        yield Reject(source.place, None, ": ".join(part for part in (error.place, error.reason) if part))


def fields(entry: Entry, field: str) -> dict[str, Any]:
    """Return id and text."""
    document = entry.document
    return {} if document is None else {"id": document.id, field: document.body}


def write(pieces: Sequence[Piece], source: Source, reading: Reading) -> bytes:  # noqa: ARG001 (as `Container` asks)
    """Return the text; a bare text has no fields to add to."""
    return b"".join(encode(piece.text) for piece in pieces)


def finish(spool: Path, target: Path, source: Source) -> None:  # noqa: ARG001 (as `Container` asks)
    """Give the spool its name."""
    spool.replace(target)


def entry_of(raw: bytes, name: str, kind: str | None, path: str | Path) -> Entry:
    """Return the document that the bytes of a whole file are; raises `InputError` if they are none."""
    if (kind or kind_of_bytes(raw)) != HTML:
        text, stray = decode(raw, path)
        return Entry(_sound(Document(name, text), path), stray=stray, size=len(raw))
    refuse_wide(raw, path)
    try:
        page = decode_page(raw)
    except InputError as error:
        raise InputError(error.reason, path=path) from error
    # Some pages carry the sign itself.
    replaced = max(0, page.count("\ufffd") - raw.count("\ufffd".encode()))
    return Entry(_sound(Document(name, page, HTML), path), replaced=replaced, size=len(raw))


def _sound(document: Document, path: str | Path) -> Document:
    try:
        refuse(document)
    except InputError as error:
        raise InputError(error.reason, path=path) from error
    return document


def read_limited(stream: BinaryIO, limit: int, path: str | Path | None = None) -> bytes:
    """Read all of *stream*, or raise `InputError` once it turns out longer than *limit*."""
    raw = bytearray()
    for piece in pieces_of(stream):
        raw += piece
        if len(raw) > limit:
            raise InputError(too_big("more than the limit", limit), path=path)
    return bytes(raw)
