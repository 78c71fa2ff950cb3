"""What travels between reading and writing: sources in parts, parts in entries, and what could not be read."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from cleaner.document import Document
from cleaner.errors import InputError

MEGABYTE = 1_000_000

PART = 1 << 20
"""Bytes of records in one part: enough to be worth its way to a worker, little to lose or to hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read."""

    text_field: str = "text"
    """Where the text stands in a record."""
    max_bytes: int = 20 * MEGABYTE
    """A document over this size is refused without being read into memory."""
    kind: str | None = None
    """`text` or `html`; None to tell by the file's name or the document's looks."""
    html_field: str | None = None
    """Where a record holds HTML; its clean text goes into the field `text_field` instead."""
    others: str = "carry"
    """What becomes of the records of a web archive that are no documents: `carry` or `skip` them."""
    site_field: str | None = None
    """Where a record names its site, for site memory; None to tell it by the record's `url`."""


class Mark(NamedTuple):
    """A place in a source from which reading can go on."""

    records: int = 0
    """How many records (lines, rows) lie before it."""
    offset: int = 0
    """What the format counts in: bytes of the unpacked data, row groups."""


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


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one source that is read, cleaned and written by itself.

    Where a part ends depends on nothing but where it begins and what the source holds, so that a
    run that was broken off goes on with the same parts.
    """

    number: int
    """How many records of the source lie before it."""
    payload: Any
    """What the format makes entries of: bytes mostly. It travels to another process."""
    size: int
    """Bytes of the input it stands for, for progress."""
    after: Mark
    """Where the next part begins."""
    fault: Reject | None = None
    """Why something could not be read here; there is no payload then."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing found in a file: a document, or a blank line of JSONL that is carried along."""

    document: Document | None
    stray: int = 0
    """Bytes of the text that were not UTF-8."""
    replaced: int = 0
    """Characters of a page that could not be decoded; U+FFFD stands for them."""
    size: int = 0
    """Bytes read for it."""
    line: int = 0
    """Line or row in its file, from 1; 0 when the document is the whole file."""
    record: Any = None
    """What the format knows of the record around the text."""
    blank: bytes = b""
    names: Collection[str] = frozenset()
    """What the fields of its record are called."""
    missing: bool = False
    """Whether its record holds null for a text; the text of the document is empty then."""


def megabytes(size: int) -> str:
    """Tell a size in bytes as people do."""
    return f"{size / MEGABYTE:.4g} MB"


def too_big(size: str, limit: int) -> str:
    """Say that a document has *size*, over the *limit* in bytes."""
    return f"has {size}, over the limit of {limit / MEGABYTE:g} MB for one document; split it or raise --max-mb"
