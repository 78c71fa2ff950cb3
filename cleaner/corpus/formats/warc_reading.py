"""Documents out of the records of a web archive, which fastwarc understands."""

from __future__ import annotations

import io
import re
from importlib import import_module
from typing import Any, NamedTuple

from cleaner.corpus.decoding import decode_loosely, refuse_marked, refuse_wide
from cleaner.corpus.formats.warc_codings import undone
from cleaner.corpus.formats.warc_records import HEADER
from cleaner.corpus.formats.warc_writing import Archived
from cleaner.corpus.parts import PART, Entry, Reading, too_big
from cleaner.corpus.sources import Source
from cleaner.document import Document
from cleaner.errors import InputError, MissingExtra
from cleaner.split import HTML, decode_page, kind_of_bytes, refuse_lines, refuse_page

_PAGES = ("text/html", "application/xhtml+xml")
_DECODINGS = ("transfer", "none")
"""What the library undoes of a response. Archives often hold a body in one piece under the head of one in chunks."""

_CHUNKED = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]{0,8}\r\n")

_STEP = 512
"""Bytes read at a time; of a body that breaks off, the last step is lost."""


def entry_of(source: Source, number: int, raw: bytes, reading: Reading) -> Entry:
    """Return the document that a record holds, or the record itself to be carried.

    Raises `InputError` where the record is malformed or its text or page cannot be decoded.
    """
    record = _parsed(raw)
    kind = (record.headers.get("WARC-Type") or "").lower()
    if not kind:
        raise InputError("the WARC header has no WARC-Type")
    content_type = (record.headers.get("Content-Type") or "").lower()
    found = None
    if kind == "response" and content_type.startswith("application/http"):
        found = _page(record, raw, reading)
    elif kind == "conversion" and _is_text(content_type):
        found = _text(record, raw, reading)
    if found is None:
        return Entry(None, size=len(raw), line=number, blank=raw)
    body, stray, replaced, about = found
    uri = (about.uri or "").removeprefix("<").removesuffix(">")
    document = Document(about.id or uri or f"{source.name}:{number}", body, HTML if about.page else "text", uri or None)
    return Entry(document, stray, replaced, len(raw), number, about)


class _Content(NamedTuple):
    body: str
    stray: int
    replaced: int
    about: Archived


def _parsed(raw: bytes) -> Any:
    """Return the record as fastwarc knows it; raises `InputError` if it knows none."""
    stream = io.BytesIO(raw.lstrip(b"\r\n"))
    settings = {"parse_http": False, "quirks_mode": True, "max_header_len": 2 * HEADER, "stream_detect": False}
    try:
        record = next(iter(library().ArchiveIterator(stream, **settings)), None)
    except OSError as error:
        raise InputError(f"the WARC header is malformed ({error})") from error
    if record is None:
        raise InputError("the WARC header is malformed")
    return record


def library() -> Any:
    """Return the module that reads records; raises `MissingExtra` where it is not installed."""
    try:
        return import_module("fastwarc.warc")
    except ImportError as error:
        raise MissingExtra("reading web archives", "corpora") from error


def _is_text(content_type: str) -> bool:
    return not content_type or (content_type.startswith("text/") and not content_type.startswith("text/html"))


def _text(record: Any, raw: bytes, reading: Reading) -> _Content:
    content = record.reader.read()
    if len(content) > reading.max_bytes:
        raise InputError(too_big(f"{len(content):,} bytes", reading.max_bytes))
    refuse_marked(content)
    text, stray = decode_loosely(content)
    refuse_lines(text)
    return _Content(text, stray, 0, Archived.of(record.headers, raw, page=False))


def _page(record: Any, raw: bytes, reading: Reading) -> _Content | None:
    """Return the page of a response, or None if it is none."""
    record, body = _response(record, raw, reading.max_bytes)
    content_type = (record.http_content_type or "").lower()
    if content_type and content_type not in _PAGES:
        return None
    content = undone(body, record.http_headers.get("Content-Encoding") or "", reading.max_bytes)
    if not content_type and kind_of_bytes(content) != HTML:
        return None
    refuse_wide(content)
    page = decode_page(content, (record.http_charset or "").strip("\"' "))
    refuse_page(page)
    # Some pages carry the sign itself.
    replaced = max(0, page.count("\ufffd") - content.count("\ufffd".encode()))
    about = Archived.of(record.headers, raw, page=True)
    return _Content(page, 0, replaced, about)


def _response(record: Any, raw: bytes, limit: int) -> tuple[Any, bytes]:
    """Return the record with its HTTP headers read, and its body as it was packed.

    Raises `InputError` if it has no such headers, or is in chunks that cannot be put together.
    """
    fault: OSError | None = None
    for decoding in _DECODINGS:
        # A type in capitals is not known to the library.
        record.is_http = True
        try:
            record.parse_http(auto_decode=decoding, quirks_mode=True, max_header_len=HEADER)
            if not (record.http_headers.status_line or "").startswith("HTTP/"):
                raise InputError("the response has no HTTP headers")
            body = _read(record, limit)
        except OSError as error:
            fault, record = error, _parsed(raw)
            continue
        if decoding == "none" and _is_chunked(record, body):
            break
        return record, body
    raise InputError(f"the response cannot be decoded ({fault})")


def _is_chunked(record: Any, content: bytes) -> bool:
    chunked = "chunked" in (record.http_headers.get("Transfer-Encoding") or "").lower()
    return chunked and _CHUNKED.match(content) is not None


def _read(record: Any, limit: int) -> bytes:
    """Read what a response holds; of one that breaks off, what there is.

    Raises `InputError` once it turns out longer than *limit*, and `OSError` where nothing can be decoded.
    """
    content = bytearray()
    step = _STEP if record.http_headers.get("Transfer-Encoding") else PART
    while True:
        try:
            piece = record.reader.read(step)
        except OSError:
            if not content:
                raise
            break
        if not piece:
            break
        content += piece
        if len(content) > limit:
            raise InputError(too_big("more than the limit once unpacked", limit))
    return bytes(content)
