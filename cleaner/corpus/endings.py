"""What the name of a file says of it."""

from __future__ import annotations

from enum import StrEnum

from cleaner.corpus.codecs import without_codec


class Format(StrEnum):
    """How the bytes of a file are to be taken."""

    TEXT = "text"
    """One document, be it text or HTML."""
    JSONL = "jsonl"
    PARQUET = "parquet"
    ARROW = "arrow"
    """Arrow IPC, as a file or as a stream."""
    CSV = "csv"
    TSV = "tsv"
    WARC = "warc"
    """Web archives: of responses (WARC) and of extracted text (WET)."""


PAGES = (".html", ".htm", ".xhtml")
"""Endings of files that hold HTML, whatever they look like."""

ENDINGS: dict[str, Format] = {
    ".txt": Format.TEXT,
    **dict.fromkeys(PAGES, Format.TEXT),
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".warc": Format.WARC,
    ".wet": Format.WARC,
}
"""What is read in a folder, those with an ending of `CODECS` behind it too unless they pack themselves.
A file given by name is read whatever it is called."""

PACKED_ENDINGS = {".json": Format.JSONL}
"""Endings that mean records when an ending of `CODECS` follows, as the shards of C4 and dolma are called."""

NAMED_ENDINGS = {".json": Format.JSONL}
"""What a file is that is given by name; in a folder such files are passed over, for most are settings."""

OWN = (
    ".report.jsonl",
    ".report.parquet",
    ".annotations.jsonl",
    ".annotations.parquet",
    ".rejects.jsonl",
    ".manifest.json",
)
OWN_NAMES = tuple(name[1:] for name in OWN)
"""Endings and names of what a run leaves beside its results; a folder is not searched for them."""

SELF_PACKED = (Format.PARQUET, Format.ARROW)
"""Formats that compress what is in them; an ending of `CODECS` behind theirs means nothing."""


def format_of(name: str) -> Format | None:
    """Return the format that a file name promises, if it promises one."""
    bare = without_codec(name.lower())
    endings = ENDINGS if bare == name.lower() else ENDINGS | PACKED_ENDINGS
    form = next((form for ending, form in endings.items() if bare.endswith(ending)), None)
    return None if form in SELF_PACKED and bare != name.lower() else form


def is_own(name: str) -> bool:
    """Tell whether a file is called as what a run leaves beside its results."""
    bare = name.rpartition("/")[2].lower()
    return bare in OWN_NAMES or bare.endswith(OWN)
