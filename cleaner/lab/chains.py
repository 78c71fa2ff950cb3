"""The best way to read two texts side by side: stretches they share, in order in both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Stretch(NamedTuple):
    """Words that stand in both texts; places are counted in words, ends exclusive."""

    left: int
    left_end: int
    right: int
    right_end: int
    weight: float
    """What it is worth to have it in the chain."""


def chain(stretches: Sequence[Stretch], *, gap: float) -> list[int]:
    """Return the numbers of stretches that do not cross or overlap and are worth most together.

    The last word of a longer stretch may agree by chance, so it does not bar the next one on the
    right. *gap* is the price of a word left out on the left between two of them, so that of equal
    stretches the one nearest to the others is taken. Stretches before the first and after the
    last one are free to be left out, and a stretch that costs more than it is worth breaks the
    chain off.

    >>> there, here, crossing = Stretch(0, 2, 5, 7, 2), Stretch(90, 92, 5, 7, 2), Stretch(99, 109, 7, 17, 10)
    >>> chain([there, here, crossing], gap=0.01)
    [1, 2]
    """
    by_start = sorted(range(len(stretches)), key=lambda number: stretches[number].left)
    by_end = sorted(range(len(stretches)), key=lambda number: stretches[number].left_end)
    best = _Best(max((stretch.right_end for stretch in stretches), default=0))
    worth = [0.0] * len(stretches)
    before: list[int] = [-1] * len(stretches)
    closed = 0
    for number in by_start:
        stretch = stretches[number]
        while closed < len(by_end) and stretches[by_end[closed]].left_end <= stretch.left:
            other = by_end[closed]
            # The price of the words between two stretches is the difference of their places.
            best.put(_closing(stretches[other]), worth[other] + gap * stretches[other].left_end, other)
            closed += 1
        value, other = best.upto(stretch.right)
        joined = value - gap * stretch.left
        worth[number] = stretch.weight + max(0.0, joined)
        before[number] = other if joined > 0 else -1
    last = max(by_start, key=worth.__getitem__, default=-1)
    taken = []
    while last >= 0:
        taken.append(last)
        last = before[last]
    return taken[::-1]


def _closing(stretch: Stretch) -> int:
    return max(stretch.right + 1, stretch.right_end - 1)


class _Best:
    """The highest value put at any place up to a given one: a Fenwick tree of maxima."""

    def __init__(self, places: int) -> None:
        self._values = [float("-inf")] * (places + 2)
        self._numbers = [-1] * (places + 2)

    def put(self, place: int, value: float, number: int) -> None:
        at = place + 1
        # Later nodes hold no less than earlier ones of the way, so the first that is as high ends it.
        while at < len(self._values) and value > self._values[at]:
            self._values[at], self._numbers[at] = value, number
            at += at & -at

    def upto(self, place: int) -> tuple[float, int]:
        at, value, number = place + 1, float("-inf"), -1
        while at > 0:
            if self._values[at] > value:
                value, number = self._values[at], self._numbers[at]
            at -= at & -at
        return value, number
