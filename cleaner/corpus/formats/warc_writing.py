"""Records of web archives made and made over."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from cleaner.corpus.decoding import encode
from cleaner.corpus.formats.warc_records import part_record

_END = b"\r\n\r\n"
_COUNTED = re.compile(
    rb"^(content-length|warc-block-digest|warc-payload-digest)([ \t]{0,8}:[ \t]{0,8})([^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")


class Archived(NamedTuple):
    """What is known of the record around a document."""

    page: bool
    id: str | None
    uri: str | None
    date: str | None
    warcinfo: str | None
    language: str | None
    content_type: str | None
    raw: bytes
    """The record; nothing of a page, of which another record is made."""

    @classmethod
    def of(cls, headers: Any, raw: bytes, *, page: bool) -> Self:
        """Return what the *headers* of a record say, a mapping of fastwarc."""
        names = ("Record-ID", "Target-URI", "Date", "Warcinfo-ID", "Identified-Content-Language")
        # White space in a value folds to blanks, so that none can begin a line of its own.
        values = (" ".join((headers.get(f"WARC-{name}") or "").split()) or None for name in names)
        identity, uri, date, warcinfo, language = values
        content_type = "text/html" if page else headers.get("Content-Type")
        return cls(page, identity, uri, date, warcinfo, language, content_type, b"" if page else raw)


def carried(raw: bytes) -> bytes:
    """Return a record as it is, with the two line ends behind it that the last of a file may lack."""
    head, block, end = part_record(raw)
    return raw if end.count(b"\n") > 1 else head + block + _END


def rewritten(about: Archived, text: str) -> bytes:
    """Return a record with another text in it: lengths and digests are those of the text, all else is as it was."""
    head, _, end = part_record(about.raw)
    block = encode(text)

    def counted(field: re.Match[bytes]) -> bytes:
        name, colon, value = field.groups()
        return name + colon + (b"%d" % len(block) if name.lower() == b"content-length" else _digest(block, value))

    return _COUNTED.sub(counted, head) + block + (end if end.count(b"\n") > 1 else _END)


def _digest(block: bytes, like: bytes) -> bytes:
    """Return the digest of *block*, by the algorithm and in the letters of another; SHA-1 where it is not known."""
    label, _, value = like.strip().partition(b":")
    name = label.decode("ascii", "replace").lower().replace("-", "")
    if name not in _ALGORITHMS:
        return _sha1(block)
    raw = hashlib.new(name, block, usedforsecurity=False).digest()
    letters = raw.hex().encode() if len(value) == 2 * len(raw) else base64.b32encode(raw)
    return label + b":" + (letters.lower() if value.islower() else letters.upper() if value.isupper() else letters)


def _sha1(block: bytes) -> bytes:
    """Return a digest as web archives write it."""
    return b"sha1:" + base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest())


def conversion(about: Archived, text: str) -> bytes:
    """Return the record of the clean text of a page; its id follows from that of the response."""
    block = encode(text)
    fields = {
        "WARC-Type": "conversion",
        "WARC-Target-URI": about.uri,
        "WARC-Date": about.date,
        "WARC-Record-ID": _derived(about, "conversion"),
        "WARC-Refers-To": about.id,
        "WARC-Warcinfo-ID": about.warcinfo,
        "WARC-Identified-Content-Language": about.language,
        "Content-Type": "text/plain",
    }
    return _record(fields, block)


def metadata(about: Archived, record: bytes, added: Mapping[str, Any]) -> bytes:
    """Return the record that tells more of a *record* just written."""
    refers = re.search(rb"^WARC-Record-ID[ \t]{0,8}:[ \t]{0,8}([^\r\n]*)", record, re.IGNORECASE | re.MULTILINE)
    fields = {
        "WARC-Type": "metadata",
        "WARC-Target-URI": about.uri,
        "WARC-Date": about.date,
        "WARC-Record-ID": _derived(about, "metadata"),
        "WARC-Refers-To": refers[1].decode("utf-8", "replace") if refers else None,
        "WARC-Warcinfo-ID": about.warcinfo,
        "Content-Type": "application/json",
    }
    return _record(fields, json.dumps(added).encode("ascii"))


def _derived(about: Archived, kind: str) -> str:
    name = f"{about.id or ''} {about.uri or ''} {about.date or ''} {kind}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _record(fields: Mapping[str, str | None], block: bytes) -> bytes:
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    head = "\r\n".join(["WARC/1.0", *lines]).encode("utf-8")
    counted = b"WARC-Block-Digest: %b\r\nContent-Length: %d" % (_sha1(block), len(block))
    return b"\r\n".join((head, counted, b"", block)) + _END
