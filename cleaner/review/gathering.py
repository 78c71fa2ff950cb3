"""The documents of a review, read once and put in order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.cleaning import Cleaner
from cleaner.corpus import Format, Reading, Reject, entries, find, host
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.review.doubt import Judged, Reasons, judged, ranked


class Item(NamedTuple):
    """One document of the review."""

    key: str
    """Its id and a digest of its text: a text that changed is another document."""
    judged: Judged
    reasons: Reasons


class Pool(NamedTuple):
    """All documents, the most doubtful first."""

    items: tuple[Item, ...]
    more: bool
    """Whether there are more in the files than were read."""
    left_out: tuple[InputError, ...]
    """Why documents that cannot be read are not among them; those without a line are left out without a word."""


def gather(
    engine: Cleaner,
    paths: Sequence[Path],
    reading: Reading,
    form: Format | None = None,
    *,
    limit: int,
    seen: Callable[[int], object] = lambda _: None,
) -> Pool:
    """Read at most *limit* documents, which are held in memory; *seen* is told how many more were judged.

    What cannot be read is left out. Raises `InputError` for a path that does not exist, and if there is
    nothing to review.
    """
    found: dict[str, Judged] = {}
    left_out: list[InputError] = []
    more = False
    for one in _judged(engine, paths, reading, form):
        if len(found) >= limit:
            more = True
            break
        seen(1)
        if isinstance(one, InputError):
            left_out.append(one)
        elif one.page.lines:
            found.setdefault(key_of(one.document), one)
    if not found:
        raise InputError("there is no document with a line of text in it", path=" ".join(map(str, paths)))
    items = [Item(key_of(one.document), one, reasons) for one, reasons in ranked(list(found.values()))]
    return Pool(tuple(items), more, tuple(left_out))


def _judged(
    engine: Cleaner, paths: Sequence[Path], reading: Reading, form: Format | None
) -> Iterator[Judged | InputError]:
    for source in find(paths, forced=form, kind=reading.kind):
        for entry in entries(source, reading):
            if isinstance(entry, Reject):
                yield entry.error()
            elif entry.document is not None and not entry.missing:
                try:
                    yield judged(engine, entry.document)
                except InputError as fault:
                    yield fault


def key_of(document: Document) -> str:
    """Return what tells a document from all others, also after it was changed."""
    return f"{document.id} {digest_of(document)}"


def digest_of(document: Document) -> str:
    """Return a digest of the text or markup."""
    return hashlib.sha256(document.body.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def head_of(one: Judged, lang: str) -> dict[str, str | None]:
    """Return what a labelled record says of the document beside its lines.

    Without a URL that tells its site, a document counts as a site of its own: training and
    evaluation deal documents into folds by site.
    """
    document, facts = one.document, one.page.facts
    site = host(document.url) or None
    declared = facts.language.partition("-")[0].lower() if facts is not None else ""
    return {
        "id": document.id,
        "source": "review" if site else f"review:{document.id}",
        "site": site,
        "lang": declared or lang,
        "sample": "reviewed",
        "digest": digest_of(document),
    }
