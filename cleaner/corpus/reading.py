"""Files become documents; what cannot be read becomes a reject, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from cleaner.corpus.endings import Format
from cleaner.corpus.formats import container, glances
from cleaner.corpus.formats.whole import entry_of, read_limited
from cleaner.corpus.parts import Entry, Mark, Part, Reading, Reject
from cleaner.corpus.sources import Source
from cleaner.errors import InputError
from cleaner.sites.naming import SITE


def parts(source: Source, reading: Reading, start: Mark = Mark()) -> Iterator[Part]:  # noqa: B008 (a value)
    """Yield *source* in parts from *start* on; where nothing more can be read, a part with that fault is the last."""
    after = start
    try:
        for part in container(source.format).parts(source, reading, start):
            after = part.after
            yield part
    except InputError as error:
        reason = ": ".join(part for part in (error.place, error.reason) if part)
        yield Part(after.records, None, 0, after, Reject(source.place, None, reason))
    except OSError as error:
        yield Part(after.records, None, 0, after, Reject(source.place, None, InputError.of(error).reason))


def entries_of(source: Source, part: Part, reading: Reading, *, glance: bool = False) -> Iterator[Entry | Reject]:
    """Yield what one part holds; at a *glance* only the documents are good for anything, not their records."""
    if part.fault is not None:
        yield part.fault
    elif part.payload is not None:
        found = (glances if glance else container(source.format).entries)(source, part, reading)
        sited = reading.site_field is not None and source.format not in (Format.TEXT, Format.JSONL)
        yield from (_sited(source, entry, reading) for entry in found) if sited else found


def _sited(source: Source, entry: Entry | Reject, reading: Reading) -> Entry | Reject:
    """Say which site a record is of, if a field of it does; JSONL has told that already."""
    if isinstance(entry, Reject) or entry.document is None:
        return entry
    site = fields_of(source, entry, reading.text_field).get(reading.site_field or "")
    return replace(entry, document=replace(entry.document, meta={SITE: site if isinstance(site, str) else ""}))


def entries(source: Source, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield what *source* holds, in order, and a reject for everything that cannot be read."""
    for part in parts(source, reading):
        yield from entries_of(source, part, reading)


def fields_of(source: Source, entry: Entry, text_field: str) -> dict[str, Any]:
    """Return the record of an entry of *source* with all its fields, as JSON knows them."""
    return container(source.format).fields(entry, text_field)


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
    return entry_of(raw, "stdin", reading.kind, "standard input")
