"""The documents of a review: many are read once, the most doubtful kept and put in order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.cleaning import Cleaner
from cleaner.corpus import Format, Reading, Reject, entries, find, host
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.labels import Label
from cleaner.review.doubt import Judged, Reasons, judged, ranked


class Item(NamedTuple):
    """One document of the review."""

    key: str
    """Its id and a digest of its text: a text that changed is another document."""
    judged: Judged
    reasons: Reasons


class Most(NamedTuple):
    """How many documents at most."""

    kept: int
    """Of these text and decisions are held in memory."""
    read: int = 0
    """From the beginning, to choose from; 0 for all."""


class Pool(NamedTuple):
    """The documents to look at, the most doubtful first."""

    items: tuple[Item, ...]
    read: int
    """How many they were chosen from."""
    more: bool
    """Whether there are more in the files than were read."""
    left_out: tuple[InputError, ...]
    """Why documents that cannot be read are not among them; those without a line are left out without a word."""

    def choice(self) -> str:
        """Say which documents these are; empty if they are all that there are."""
        shown, read = f"{len(self.items):,}", f"{self.read:,}"
        chosen = self.read > len(self.items)
        if self.more:
            first = f"the {shown} most doubtful of the first {read}" if chosen else f"the first {read}"
            return f"Shown are {first} documents; there are more (--read 0 reads all)."
        return f"Shown are the {shown} most doubtful of {read} documents." if chosen else ""


class _Shelf:
    """The most doubtful documents so far, and how many of all had which label.

    Holds twice *limit* documents at most. One is let go when *limit* others are more doubtful; how rare
    its labels are is judged by what was read until then.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: dict[str, Judged] = {}
        self._counts: Counter[Label] = Counter()
        self.read = 0

    def put(self, one: Judged) -> None:
        """Consider a document; the same one again is passed over."""
        key = key_of(one.document)
        if key in self._held:
            return
        self._held[key] = one
        self._counts.update(one.foreign())
        self.read += 1
        if len(self._held) > 2 * self._limit:
            self._held = {item.key: item.judged for item in self.items()}

    def items(self) -> tuple[Item, ...]:
        """Return the *limit* most doubtful documents in order."""
        order = ranked(list(self._held.values()), self._counts)[: self._limit]
        return tuple(Item(key_of(one.document), one, reasons) for one, reasons in order)


def gather(
    engine: Cleaner,
    paths: Sequence[Path],
    reading: Reading,
    form: Format | None = None,
    *,
    most: Most,
    seen: Callable[[int], object] = lambda _: None,
) -> Pool:
    """Read documents and keep the most doubtful.

    *seen* is told how many more were judged. What cannot be read is left out. Raises `InputError` for
    a path that does not exist, and if there is nothing to review.
    """
    shelf, left_out, more = _Shelf(most.kept), list[InputError](), False
    for number, one in enumerate(_judged(engine, paths, reading, form)):
        if most.read and number == most.read:
            more = True
            break
        seen(1)
        if isinstance(one, InputError):
            left_out.append(one)
        elif one.page.lines:
            shelf.put(one)
    items = shelf.items()
    if not items:
        raise InputError("there is no document with a line of text in it", path=" ".join(map(str, paths)))
    return Pool(items, shelf.read, more, tuple(left_out))


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
