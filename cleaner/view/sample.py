"""Which documents a page shows when it cannot show all of them, and what it says of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import chain
from typing import Any, NamedTuple

from cleaner.notebook import legible
from cleaner.report import Report
from cleaner.view.originals import Found

LONGEST = 60_000
"""Characters of one document from which on its kept stretches are shortened."""
_ENDS = 300
"""Characters shown at each end of a stretch that is shortened."""
_COST = 400
"""What a document costs beside its characters."""

Stretch = str | int | tuple[str, str, str, float]
"""A stretch of a document: kept; so many kept characters that are not shown; or removed, with label, source, score."""


class Shown(NamedTuple):
    """One document as the page shows it."""

    number: int
    """Place among all documents."""
    found: Found
    stretches: tuple[Stretch, ...]
    whole: bool
    """Whether its text was there."""

    @property
    def doubt(self) -> float:
        """How many characters of body were lost, as far as the scores tell."""
        return doubt(self.found.report)


def doubt(report: Report) -> float:
    """Return how many of the removed characters are body, if the scores are probabilities."""
    return sum((1 - removal.score) * (removal.end - removal.start) for removal in report.removed)


class Sample:
    """All documents while they fit; else the flagged, the doubtful, and some picked evenly.

    Holds documents of *budget* characters, or twice that until it is full for the first time.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._all: list[Shown] | None = []
        self._spent = 0
        self._heaps = (_Heap(budget // 4), _Heap(budget // 4), _Heap(budget // 2))

    @property
    def complete(self) -> bool:
        """Whether all documents are shown."""
        return self._all is not None

    def add(self, number: int, found: Found) -> None:
        """Consider one document; its text is read only if it may be shown."""
        report = found.report
        cost = _COST + min(report.chars, LONGEST)
        evenly = _by_chance(number, report.id)
        keys = (evenly if report.note else None, doubt(report) or None, evenly)
        wanted = [key is not None and heap.wants(key) for key, heap in zip(keys, self._heaps, strict=True)]
        if self._all is None and not any(wanted):
            return
        shown = _shown(number, found)
        for key, heap, want in zip(keys, self._heaps, wanted, strict=True):
            if want and key is not None:
                heap.push(key, cost, shown)
        self._spent += cost
        if self._spent > self._budget:
            self._all = None
        if self._all is not None:
            self._all.append(shown)

    def documents(self) -> list[Shown]:
        """Return the documents to show, in their order."""
        if self._all is not None:
            return self._all
        chosen = {shown.number: shown for heap in self._heaps for shown in heap.documents()}
        return [chosen[number] for number in sorted(chosen)]


class _Heap:
    """The documents with the highest keys that fit into a budget."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._spent = 0
        self._held: list[tuple[float, int, int, Shown]] = []

    def wants(self, key: float) -> bool:
        return self._spent < self._budget or (bool(self._held) and key > self._held[0][0])

    def push(self, key: float, cost: int, shown: Shown) -> None:
        heappush(self._held, (key, -shown.number, cost, shown))
        self._spent += cost
        while self._spent > self._budget and len(self._held) > 1:
            self._spent -= heappop(self._held)[2]

    def documents(self) -> Iterator[Shown]:
        return (held[3] for held in self._held)


def _by_chance(number: int, name: str) -> float:
    """Return a number from 0 to 1 that is the same in every run."""
    key = f"{number}:{name}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=6).digest()) / (1 << 48)


def _shown(number: int, found: Found) -> Shown:
    text = found.original()
    stretches = tuple(_stretches(found.report, text))
    if found.report.chars > LONGEST:
        stretches = tuple(_within(LONGEST, chain.from_iterable(map(_shortened, stretches))))
    bare = Found(found.report, found.site, found.date)
    return Shown(number, bare, stretches, text is not None)


def _stretches(report: Report, text: str | None) -> Iterator[Stretch]:
    at = 0
    for removal in report.removed:
        if removal.start > at:
            yield removal.start - at if text is None else text[at : removal.start]
        yield (removal.text, removal.label.value, removal.source, round(removal.score, 4))
        at = removal.end
    if report.chars > at:
        yield report.chars - at if text is None else text[at:]


def _shortened(stretch: Stretch) -> Iterator[Stretch]:
    """Leave the middle of what is long out; of what was removed, the end."""
    if isinstance(stretch, str) and len(stretch) > 2 * _ENDS:
        yield from (stretch[:_ENDS], len(stretch) - 2 * _ENDS, stretch[-_ENDS:])
    elif isinstance(stretch, tuple) and len(stretch[0]) > LONGEST // 10:
        yield (f"{stretch[0][: LONGEST // 10]}\N{HORIZONTAL ELLIPSIS}", *stretch[1:])
    else:
        yield stretch


def _within(limit: int, stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Yield stretches of *limit* characters together, then how many are left."""
    shown = left = 0
    for stretch in stretches:
        size = stretch if isinstance(stretch, int) else len(stretch if isinstance(stretch, str) else stretch[0])
        if shown < limit:
            shown += 0 if isinstance(stretch, int) else size
            yield stretch
        else:
            left += size
    if left:
        yield left


def payload(documents: list[Shown], labels: list[str]) -> dict[str, Any]:
    """Return the documents as the page's script reads them: labels and sources by number.

    What the overview names too, sources and sites, is spelled as it is there.
    """
    sources: dict[str, int] = {}

    def packed(stretch: Stretch) -> Any:
        if not isinstance(stretch, tuple):
            return stretch
        text, label, source, score = stretch
        return [text, labels.index(label), sources.setdefault(legible(source), len(sources)), score]

    told = [
        {
            "number": shown.number,
            "id": shown.found.report.id,
            "note": shown.found.report.note,
            "site": legible(shown.found.site),
            "date": shown.found.date[:10],
            "chars": shown.found.report.chars,
            "kept": shown.found.report.kept_chars,
            "lines": shown.found.report.lines,
            "doubt": round(shown.doubt, 1),
            "whole": shown.whole,
            "text": [packed(stretch) for stretch in shown.stretches],
        }
        for shown in documents
    ]
    return {"labels": labels, "sources": list(sources), "documents": told}
