"""Sums by site, language or shard, and what was met most often, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.labels import Label
from cleaner.report import Report

_WIDTH = 160
"""Characters of a removed line by which it is known."""


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
        return Sum(self.documents + other.documents, self.chars + other.chars, self.removed + other.removed)


def sum_of(report: Report) -> Sum:
    """Return the sum that is one document."""
    kept = report.kept_chars
    return Sum(1, report.chars, report.chars - kept)


@dataclass(slots=True)
class Groups:
    """Sums by name; those whose names come when there are too many already are not told apart."""

    room: int
    """Different names at most."""
    sums: dict[str, Sum] = field(default_factory=dict)
    others: Sum = field(default_factory=Sum)

    def add(self, name: str, one: Sum) -> None:
        """Count something under *name*; what has none belongs nowhere."""
        if name and (name in self.sums or len(self.sums) < self.room):
            self.sums[name] = self.sums.get(name, Sum()).plus(one)
        elif name:
            self.others = self.others.plus(one)

    def top(self, most: int) -> tuple[list[tuple[str, Sum]], Sum]:
        """Return those with the most documents, equal ones by name, and all the rest in one."""
        ranked = sorted(self.sums.items(), key=lambda item: (-item[1].documents, item[0]))
        rest = self.others
        for _, one in ranked[most:]:
            rest = rest.plus(one)
        return ranked[:most], rest


class Line(NamedTuple):
    """A removed line that was met more than once."""

    text: str
    label: Label
    times: int


class Frequent:
    """Lines counted as long as there is room for them; then all that are there lose one, and the rarest their place.

    Space for *room* lines at a time (Misra and Gries, Finding repeated elements, 1982): no line is
    counted too often, and none falls short by more than `short`, which is at most the number of all
    lines divided by *room*.
    """

    def __init__(self, room: int, width: int = _WIDTH) -> None:
        """Count lines by their first *width* characters."""
        self._room, self._width = room, width
        self._counts: dict[tuple[str, Label], int] = {}
        self.short = 0

    def add(self, text: str, label: Label) -> None:
        """Count a line; spaces do not tell it from others, and blank ones are none."""
        text = " ".join(text.split())[: self._width]
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
