"""Inline markup brought to the lines that it covers, and to what is left of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.document import Line
from cleaner.markdown.left import Left
from cleaner.split.marks import MOST, Mark

_LINKED = 20
"""Lines on which one link is shown: a link around a block has few, and an address is long."""


class _Sweep:
    """Finds the marks over one stretch after the other, in their order."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._next = 0
        self._open: list[Mark] = []

    def over(self, start: int, end: int) -> list[Mark]:
        """Return what covers any of a stretch that begins behind those asked for before."""
        while self._next < len(self._marks) and self._marks[self._next].start < end:
            self._open.append(self._marks[self._next])
            self._next += 1
        self._open = [mark for mark in self._open if mark.end > start]
        return self._open


class Covering:
    """Hands out marks line by line, in the order of the page."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._sweep = _Sweep(marks)
        self._linked: Counter[Mark] = Counter()
        self._room = MOST

    def of(self, line: Line, left: Left) -> tuple[Mark, ...]:
        """Return what covers any of a line, in places of what is left of it without white edges."""
        marks = self._sweep.over(line.start, line.end)
        marks = [mark for mark in marks if not mark.address or self._may_show(mark)]
        return _moved(marks, line, left) if marks else ()

    def _may_show(self, link: Mark) -> bool:
        if self._linked[link] >= _LINKED or self._room <= 0:
            return False
        self._linked[link] += 1
        self._room -= len(link.address)
        return True


def _moved(marks: Sequence[Mark], line: Line, left: Left) -> tuple[Mark, ...]:
    raw = left.between(line.start, line.end)
    text = raw.strip()
    first = left.before(line.start) + len(raw) - len(raw.lstrip())
    moved = [
        mark._replace(start=max(0, left.before(mark.start) - first), end=min(len(text), left.before(mark.end) - first))
        for mark in marks
    ]
    return tuple([mark for mark in moved if mark.start < mark.end])


def cells_of(row: str, marks: Sequence[Mark]) -> list[tuple[str, list[Mark]]]:
    """Return the cells of a row with what covers them; a link over several of them is left out."""
    sweep = _Sweep(marks)
    cells: list[tuple[str, list[Mark]]] = []
    start = 0
    for text in row.split("\t"):
        end = start + len(text)
        cells.append((text, [_within(mark, start, end) for mark in sweep.over(start, end) if _fits(mark, start, end)]))
        start = end + 1
    return cells


def _fits(mark: Mark, start: int, end: int) -> bool:
    return not mark.address or start <= mark.start <= mark.end <= end


def _within(mark: Mark, start: int, end: int) -> Mark:
    return mark._replace(start=max(mark.start, start) - start, end=min(mark.end, end) - start)
