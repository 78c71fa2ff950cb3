"""What a page of totals needs to know of any number of reports, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cleaner.corpus import Frequent, Groups, Sum, Tally, sum_of
from cleaner.report import Report
from cleaner.view.repeated import SOURCE, Repeated

BINS = 20
"""Bars of a distribution over 0 to 1."""
_SITES, _LINES = 20_000, 50_000
"""Different sites and removed lines that are told apart at a time."""
_FLAGGED = 200
_YEARS = range(1900, 2101)
KINDS = ("rules", "model", "others")
"""What decided, in three heaps; to the others belong neighbours, repeats and the ladder."""


class Flag(NamedTuple):
    """A document that deserves a look."""

    number: int
    """Place among all documents."""
    id: str
    note: str


@dataclass(slots=True)
class Overview:
    """Totals over documents; grows with `add` and is read when all are in."""

    tally: Tally = field(default_factory=Tally)
    models: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    sites: Groups = field(default_factory=lambda: Groups(_SITES))
    days: dict[date, Sum] = field(default_factory=dict)
    scores: dict[str, list[int]] = field(default_factory=lambda: {kind: [0] * BINS for kind in KINDS})
    """Removed stretches by score, apart by what decided."""
    shares: list[int] = field(default_factory=lambda: [0] * BINS)
    """Documents by the share that went; empty ones are left out."""
    flagged: list[Flag] = field(default_factory=list)
    """The first few."""
    lines: Frequent = field(default_factory=lambda: Frequent(_LINES))
    repeated: Repeated = field(default_factory=Repeated)
    """Of these lines, those that went because their site repeats them."""

    def add(self, report: Report, site: str, when: str) -> None:
        """Count one document."""
        if report.note and len(self.flagged) < _FLAGGED:
            self.flagged.append(Flag(self.tally.documents, report.id, report.note))
        self.tally.add(report)
        self.models[report.model or ""] += 1
        self.modes[report.mode] += 1
        one = sum_of(report)
        if report.chars:
            self.shares[_bin(one.share)] += 1
        self.sites.add(site, one)
        if day := _day(when):
            self.days[day] = self.days.get(day, Sum()).plus(one)
        for removal in report.removed:
            self.scores[kind_of_source(removal.source)][_bin(removal.score)] += 1
            self.lines.add(removal.text, removal.label)
            if removal.source == SOURCE:
                self.repeated.add(site, removal.text, removal.label)


class Period(NamedTuple):
    """Days that are shown as one."""

    name: str
    sum: Sum


def periods(days: dict[date, Sum], most: int = 48) -> list[Period]:
    """Gather days into months or years when there are more than *most*, without gaps left out of sight."""
    for width in (10, 7, 4):
        gathered: dict[str, Sum] = {}
        for day in sorted(days):
            name = day.isoformat()[:width]
            gathered[name] = gathered.get(name, Sum()).plus(days[day])
        if width == 4 or len(gathered) <= most:
            return [Period(name, gathered.get(name, Sum())) for name in _without_gaps(list(gathered))]
    return []


def _without_gaps(names: list[str]) -> Iterator[str]:
    """Yield names of months or years with those between them; days stand as they are."""
    if not names or len(names[0]) == 10:
        yield from names
        return
    first, last = (_months(names[at]) for at in (0, -1))
    step = 1 if len(names[0]) == 7 else 12
    for month in range(first, last + 1, step):
        yield f"{month // 12}-{month % 12 + 1:02}"[: len(names[0])]


def _months(name: str) -> int:
    year, _, month = name.partition("-")
    return int(year) * 12 + int(month or 1) - 1


def kind_of_source(source: str) -> str:
    """Return in which of `KINDS` what decided belongs."""
    return "rules" if source.startswith("rule:") else "model" if source == "model" else "others"


def _bin(share: float) -> int:
    return max(0, min(int(share * BINS), BINS - 1))


def _day(when: str) -> date | None:
    try:
        day = date.fromisoformat(when[:10])
    except ValueError:
        return None
    return day if day.year in _YEARS else None
