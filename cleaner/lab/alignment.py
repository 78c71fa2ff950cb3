"""Which lines of a page the gold text holds: kept, foreign, or better left out than guessed.

The gold may have other lines than the page (paragraphs joined or parted), other quotes and white
space, marks of Markdown. Lines and gold are therefore compared word by word, in order:

1. Stretches of four words that stand in both, and whole lines of fewer, are candidates.
2. The best chain of them that runs forward in both texts decides which of several equal places
   is meant: a link in the menu that reads like a heading stays foreign.
3. Gaps of the chain are searched word by word, for short or slightly different lines.
4. What is left of the gold may stand elsewhere on the page as whole lines: a block that moved.

A line is kept when nearly all its words are accounted for and foreign when hardly any are. In
between, and for a repeat of a longer kept line (some would keep it, the gold has it once), it
is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.lab.chains import Stretch, chain
from cleaner.lab.characters import BoolArray, FloatArray
from cleaner.lab.stretches import GRAM, Numbers, Shared, Text, covered, number_words, shared_grams, shared_lines

KEPT, FOREIGN, UNDECIDED = 1, 0, -1

_MOST, _LEAST = 0.7, 0.3
"""Shares of a line's words in the gold from which, and below which, the line is decided.

From 0.5 to 0.7 the first makes no difference beyond 0.001 to the kept lines' word-F1 on WCXB pages.
"""
_GAP = 0.001
"""What a word of the page between two stretches costs, in words; from 0.0005 to 0.01 no different."""
_LOOSE = 0.25
"""Worth of a short line that is no line of the gold, in parts of what it is worth as one."""
_NEAR = 12
"""Words of the page that may lie between a short line inside a gold line and its neighbour there."""
_CELLS = 10_000
"""Largest gap that is searched word by word, in pairs of words."""
_MOVED = 6
"""Words that a stretch out of order must have."""


class Alignment(NamedTuple):
    """Parallel arrays over the lines of a page, and how much of the gold they hold."""

    fates: NDArray[np.int8]
    """`KEPT`, `FOREIGN` or `UNDECIDED`."""
    shares: FloatArray
    """Share of the line's words that the gold accounts for; 0 for lines without words."""
    found: float
    """Share of the gold's words that the page accounts for; where it is low, the gold is of another page."""


def align(lines: Sequence[str], gold: str) -> Alignment:
    """Say for each line of a page's visible text, top to bottom, whether it belongs to the gold text.

    >>> page = ["Home", "The bridge is shut", "The mayor said so.", "Share"]
    >>> align(page, "The bridge is shut. The mayor said so.").fates
    array([0, 1, 1, 0], dtype=int8)
    """
    page, answer = number_words(lines, gold.splitlines())
    grams = shared_grams(page, answer)
    short = [shared_lines(page, answer, length) for length in range(1, GRAM)]
    taken, used = _taken(page, answer, _chained(page, answer, grams, short))
    _add_moved(page, grams, taken, used)
    shares = _sums(page, taken) / np.maximum(page.lengths, 1)
    doubtful = _doubtful(page, grams, short, used)
    fates = np.select(
        [page.lengths == 0, shares >= _MOST, (shares >= _LEAST) | doubtful],
        [UNDECIDED, KEPT, UNDECIDED],
        FOREIGN,
    )
    return Alignment(fates.astype(np.int8), shares, float(used.mean()) if len(used) else 1.0)


def _chained(page: Text, answer: Text, grams: Shared, short: Sequence[Shared]) -> list[Stretch]:
    """Return the chain of stretches, without short lines that neither are nor adjoin anything in the gold."""
    lengths = page.lengths[page.line_of[grams.left]]
    # A few words in the middle of a long line agree by chance; a line that agrees as a whole does not.
    weights: list[FloatArray] = [grams.matched * (grams.matched / np.maximum(lengths, 1))]
    exact = [np.ones(len(grams.left), np.bool_)]
    for part in short:
        exact.append(np.isin(part.right, answer.bounds) & np.isin(part.right_end, answer.bounds))
        weights.append(np.where(exact[-1], 1.0, _LOOSE) * part.matched.astype(np.float64))
    places = [np.concatenate(column).tolist() for column in zip(grams, *short, strict=True)][:4]
    stretches = [Stretch(*row) for row in zip(*places, np.concatenate(weights).tolist(), strict=True)]
    is_exact = np.concatenate(exact).tolist()
    numbers = chain(stretches, gap=_GAP)
    return _without_strays([stretches[number] for number in numbers], [is_exact[number] for number in numbers])


def _without_strays(stretches: Sequence[Stretch], exact: Sequence[bool]) -> list[Stretch]:
    joined = [False, *(_adjoin(first, second) for first, second in pairwise(stretches)), False]
    return [
        stretch
        for stretch, sure, before, after in zip(stretches, exact, joined, joined[1:], strict=False)
        if sure or before or after
    ]


def _adjoin(first: Stretch, second: Stretch) -> bool:
    return second.right <= first.right_end and second.left - first.left_end <= _NEAR


def _taken(page: Text, answer: Text, chained: Sequence[Stretch]) -> tuple[BoolArray, BoolArray]:
    """Return which words of the page and of the gold the chain and its gaps account for."""
    taken = covered(page, *_ends((stretch.left, stretch.left_end) for stretch in chained))
    used = covered(answer, *_ends((stretch.right, stretch.right_end) for stretch in chained))
    for first, second in pairwise(chained):
        ours = page.words[first.left_end : second.left].tolist()
        theirs = answer.words[first.right_end : second.right].tolist()
        if 0 < len(ours) * len(theirs) <= _CELLS:
            for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
                taken[first.left_end + block.a : first.left_end + block.a + block.size] = True
                used[first.right_end + block.b : first.right_end + block.b + block.size] = True
    return taken, used


def _ends(places: Iterable[tuple[int, int]]) -> Numbers:
    return np.array(list(places), np.int64).reshape(-1, 2).T


def _add_moved(page: Text, grams: Shared, taken: BoolArray, used: BoolArray) -> None:
    """Mark what stands in the gold out of order: stretches that are most of their line, the longest first."""
    lengths = page.lengths[page.line_of[grams.left]]
    for at in np.argsort(-grams.matched, kind="stable").tolist():
        if grams.matched[at] < _MOVED:
            return
        ours = slice(grams.left[at], grams.left_end[at])
        theirs = slice(grams.right[at], grams.right_end[at])
        whole = grams.matched[at] >= _MOST * lengths[at]
        if whole and not taken[ours].any() and not used[theirs].any():
            taken[ours] = True
            used[theirs] = True


def _doubtful(page: Text, grams: Shared, short: Sequence[Shared], used: BoolArray) -> BoolArray:
    """Return which lines stand in the gold, but not there: repeats of longer lines, short ones left over."""
    anywhere = covered(page, grams.left, grams.left_end)
    doubtful: BoolArray = 2 * _sums(page, anywhere) >= np.maximum(page.lengths, 1)
    for part in short:
        free = ~used[part.right]
        doubtful[page.line_of[part.left[free]]] = True
    return doubtful


def _sums(page: Text, marked: BoolArray) -> Numbers:
    """Return how many words of each line are marked."""
    running: Numbers = np.append(0, np.cumsum(marked))
    return np.diff(running[page.bounds])
