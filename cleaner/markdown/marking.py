"""Inline markup brought to the lines that it covers, and to what is left of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.document import Line
from cleaner.markdown.left import Left
from cleaner.split.marks import Mark

_LINKED = 20
"""Lines on which one link is shown: a link around a block has few, and an address is long."""


class Covering:
    """Hands out marks line by line, in the order of the page."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._next = 0
        self._open: list[Mark] = []
        self._linked: Counter[Mark] = Counter()

    def of(self, line: Line, left: Left) -> tuple[Mark, ...]:
        """Return what covers any of a line, in places of what is left of it without white edges.

        Each line stands behind those asked for before.
        """
        while self._next < len(self._marks) and self._marks[self._next].start < line.end:
            self._open.append(self._marks[self._next])
            self._next += 1
        self._open = [mark for mark in self._open if mark.end > line.start]
        return _moved(self._shown(), line, left) if self._open else ()

    def _shown(self) -> list[Mark]:
        for mark in self._open:
            self._linked[mark] += bool(mark.address)
        return [mark for mark in self._open if self._linked[mark] <= _LINKED]


def _moved(marks: Sequence[Mark], line: Line, left: Left) -> tuple[Mark, ...]:
    raw = left.between(line.start, line.end)
    text = raw.strip()
    first = left.before(line.start) + len(raw) - len(raw.lstrip())
    moved = [
        mark._replace(start=max(0, left.before(mark.start) - first), end=min(len(text), left.before(mark.end) - first))
        for mark in marks
    ]
    return tuple([mark for mark in moved if mark.start < mark.end])


def cut(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """Return what covers a cell that goes from *start* to *end* of its row; a link covers no more than one cell."""
    return tuple(
        [
            mark._replace(start=max(mark.start, start) - start, end=min(mark.end, end) - start)
            for mark in marks
            if mark.start < end and mark.end > start and (not mark.address or (start <= mark.start and mark.end <= end))
        ]
    )
