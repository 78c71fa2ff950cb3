"""Files become documents; what cannot be read becomes a reject, and reading goes on."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.corpus.decoding import decode, decode_loosely, encode, refuse_marked, refuse_wide
from cleaner.corpus.records import Record, parse
from cleaner.corpus.sources import Format, Source
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.sites.naming import SITE
from cleaner.split import HTML, decode_page, kind_of, kind_of_bytes, refuse_page

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read."""

    text_field: str = "text"
    """Where the text stands in a JSONL record."""
    max_bytes: int = 20 * MEGABYTE
    """A document over this size is refused without being read into memory."""
    kind: str | None = None
    """`text` or `html`; None to tell by the file's name or the document's looks."""
    html_field: str | None = None
    """Where a JSONL record holds HTML; its clean text goes into the field `text_field` instead."""
    site_field: str | None = None
    """Where a JSONL record names its site, for site memory; None to tell it by the record's `url`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing found in a file: a document, or a blank line of JSONL that is carried along."""

    document: Document | None
    stray: int = 0
    """Bytes of the text that were not UTF-8."""
    replaced: int = 0
    """Characters of a page that could not be decoded; U+FFFD stands for them."""
    size: int = 0
    """Bytes read for it, for progress."""
    line: int = 0
    """Line of a JSONL file, from 1; 0 when the document is the whole file."""
    record: Record | None = None
    blank: bytes = b""


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that could not be read: where it stands, why, and its bytes."""

    file: str
    line: int | None
    reason: str
    raw: bytes | None = None
    """None when it was too big to be kept, or is a whole file."""

    def as_dict(self) -> dict[str, Any]:
        """Return the reject as a JSON record; bytes that are no text become base64."""
        record: dict[str, Any] = {"file": self.file, "line": self.line, "reason": self.reason, "raw": None}
        if self.raw is not None:
            try:
                record["raw"] = self.raw.decode("utf-8")
            except UnicodeDecodeError:
                record["raw_base64"] = base64.b64encode(self.raw).decode("ascii")
        return record

    def error(self) -> InputError:
        """Return the reject as the error that a strict run stops with."""
        return InputError(self.reason, path=self.file, place="" if self.line is None else f"line {self.line}")


def entries(source: Source, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield what *source* holds, in order, and a reject for everything that cannot be read."""
    read = _text_entry if source.format is Format.TEXT else _json_entries
    try:
        yield from read(source, reading)
    except InputError as error:
        yield Reject(str(source.path), None, ": ".join(part for part in (error.place, error.reason) if part))


def documents(source: Source, reading: Reading) -> Iterator[Entry]:
    """Yield the documents of *source*; raises `InputError` at the first thing that is none."""
    for found in entries(source, reading):
        if isinstance(found, Reject):
            raise found.error()
        if found.document is not None:
            yield found


def stream_entry(stream: BinaryIO, reading: Reading) -> Entry:
    """Read one document from a stream without a name, such as standard input."""
    raw = read_limited(stream, reading.max_bytes, "standard input")
    return _whole(raw, "stdin", reading.kind, "standard input")


def read_limited(stream: BinaryIO, limit: int, path: str | Path | None = None) -> bytes:
    """Read all of *stream*, or raise `InputError` once it turns out longer than *limit*."""
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise InputError(_too_big("more than the limit", limit), path=path)
    return raw


def _text_entry(source: Source, reading: Reading) -> Iterator[Entry]:
    if source.size > reading.max_bytes:
        raise InputError(_too_big(f"{source.size / MEGABYTE:.1f} MB", reading.max_bytes), path=source.path)
    try:
        with source.path.open("rb") as stream:
            raw = read_limited(stream, reading.max_bytes, source.path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path=source.path) from error
    yield _whole(raw, source.name, source.kind or reading.kind, source.path)


def _whole(raw: bytes, name: str, kind: str | None, path: str | Path) -> Entry:
    """Return the document that a whole file is."""
    if (kind or kind_of_bytes(raw)) != HTML:
        text, stray = decode(raw, path)
        return Entry(Document(name, text), stray=stray, size=len(raw))
    refuse_wide(raw, path)
    try:
        page = decode_page(raw)
        refuse_page(page)
    except InputError as error:
        raise InputError(error.reason, path=path) from error
    # Some pages carry the sign itself.
    replaced = max(0, page.count("\ufffd") - raw.count("\ufffd".encode()))
    return Entry(Document(name, page, HTML), replaced=replaced, size=len(raw))


def _json_entries(source: Source, reading: Reading) -> Iterator[Entry | Reject]:
    for number, raw, size in _lines(source, reading.max_bytes):
        if number == 1:
            refuse_marked(raw, source.path)
        if size > reading.max_bytes:
            reason = _too_big(f"{size / MEGABYTE:.1f} MB", reading.max_bytes)
            yield Reject(str(source.path), number, reason)
        elif not raw.strip(b" \t\r\n"):
            yield Entry(None, size=size, line=number, blank=raw)
        else:
            try:
                yield _json_entry(source, number, raw, reading)
            except InputError as error:
                yield Reject(str(source.path), number, error.reason, raw)


def _json_entry(source: Source, number: int, raw: bytes, reading: Reading) -> Entry:
    line, stray = decode_loosely(raw)
    if reading.html_field is None:
        record = parse(line, reading.text_field, site=reading.site_field)
        kind = reading.kind or kind_of(record.text)
    else:
        record = parse(line, reading.html_field, into=reading.text_field, site=reading.site_field)
        kind = HTML
    if stray:
        # Those in other keys are carried as bytes and are nobody's business.
        stray = decode_loosely(encode(record.literal)).stray
    meta = {} if record.site is None else {SITE: record.site}
    document = Document(record.id or f"{source.name}:{number}", record.text, kind, record.url, meta)
    if kind == HTML:
        refuse_page(record.text)
        return Entry(document, replaced=stray, size=len(raw), line=number, record=record)
    return Entry(document, stray=stray, size=len(raw), line=number, record=record)


def _lines(source: Source, limit: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield number, bytes and size of every line; of one over the limit only the beginning."""
    number = 0
    try:
        with gzip.open(source.path) if source.packed else source.path.open("rb") as stream:
            # One byte more than the limit is the line end of a line that just fits.
            while raw := stream.readline(limit + 1):
                number += 1
                fits = len(raw) <= limit or raw.endswith(b"\n")
                yield number, raw, (min(len(raw), limit) if fits else len(raw) + _skip_line(stream))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        after = f"after line {number}" if number else "from the start"
        reason = f"the gzip data are broken {after} ({error}); what came before was read, fetch the file again"
        raise InputError(reason, path=source.path) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path=source.path) from error


def _skip_line(stream: BinaryIO | gzip.GzipFile) -> int:
    """Read past the end of the current line in small steps; return how much that was."""
    skipped = 0
    while piece := stream.readline(MEGABYTE):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


def _too_big(size: str, limit: int) -> str:
    return f"has {size}, over the limit of {limit / MEGABYTE:g} MB for one document; split it or raise --max-mb"
