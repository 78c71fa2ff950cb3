"""What a page of totals needs to know of any number of reports, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cleaner.corpus import Tally
from cleaner.labels import Label
from cleaner.report import Report

BINS = 20
"""Bars of a distribution over 0 to 1."""
_SITES, _LINES = 20_000, 50_000
"""Different sites and removed lines that are told apart at a time."""
_FLAGGED = 200
_LINE = 160
"""Characters of a removed line by which it is known."""
_YEARS = range(1900, 2101)
KINDS = ("rules", "model", "others")
"""What decided, in three heaps; to the others belong neighbours, repeats and the ladder."""


class Sum(NamedTuple):
    """Documents and characters that share something."""

    documents: int = 0
    chars: int = 0
    removed: int = 0

    @property
    def share(self) -> float:
        """Share of the characters that went."""
        return self.removed / self.chars if self.chars else 0.0

    def plus(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(*(one + two for one, two in zip(self, other, strict=True)))


class Line(NamedTuple):
    """A removed line that was met more than once."""

    text: str
    label: Label
    times: int


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
    sites: dict[str, Sum] = field(default_factory=dict)
    other_sites: Sum = field(default_factory=Sum)
    """Of sites that came when too many were known already."""
    days: dict[date, Sum] = field(default_factory=dict)
    scores: dict[str, list[int]] = field(default_factory=lambda: {kind: [0] * BINS for kind in KINDS})
    """Removed stretches by score, apart by what decided."""
    shares: list[int] = field(default_factory=lambda: [0] * BINS)
    """Documents by the share that went; empty ones are left out."""
    flagged: list[Flag] = field(default_factory=list)
    """The first few."""
    lines: Frequent = field(default_factory=lambda: Frequent(_LINES))

    def add(self, report: Report, site: str, when: str) -> None:
        """Count one document."""
        if report.note and len(self.flagged) < _FLAGGED:
            self.flagged.append(Flag(self.tally.documents, report.id, report.note))
        self.tally.add(report)
        self.models[report.model or ""] += 1
        self.modes[report.mode] += 1
        one = Sum(1, report.chars, report.chars - report.kept_chars)
        if report.chars:
            self.shares[_bin(one.share)] += 1
        self._add_site(site, one)
        if day := _day(when):
            self.days[day] = self.days.get(day, Sum()).plus(one)
        for removal in report.removed:
            self.scores[kind_of_source(removal.source)][_bin(removal.score)] += 1
            self.lines.add(" ".join(removal.text.split())[:_LINE], removal.label)

    def _add_site(self, site: str, one: Sum) -> None:
        if site and (site in self.sites or len(self.sites) < _SITES):
            self.sites[site] = self.sites.get(site, Sum()).plus(one)
        elif site:
            self.other_sites = self.other_sites.plus(one)


class Frequent:
    """Lines counted as long as there is room for them; then the rarest make way.

    Space for *room* lines at a time (lossy counting, Manku and Motwani, VLDB 2002): no line is
    counted too often, and none falls short by more than `short`.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._counts: dict[tuple[str, Label], int] = {}
        self.short = 0

    def add(self, text: str, label: Label) -> None:
        """Count a line; blank ones are none."""
        if not text:
            return
        key = (text, label)
        self._counts[key] = self._counts.get(key, 0) + 1
        while len(self._counts) > self._room:
            self.short += 1
            self._counts = {known: count - 1 for known, count in self._counts.items() if count > 1}

    def top(self, most: int) -> list[Line]:
        """Return the most frequent ones that were met more than once."""
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))[:most]
        return [Line(text, label, count) for (text, label), count in ranked if count > 1]


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
