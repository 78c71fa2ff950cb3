"""Two texts as arrays of word numbers, and the stretches of words that stand in both."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.lab.characters import BoolArray
from cleaner.lab.words import words

Numbers = NDArray[np.int64]

GRAM = 4
"""Words that must stand together before they say anything about a place in a text."""
_SKIPPED = 3
"""Words that may differ inside a stretch."""
_PAIRS = 20_000
"""Pairs of places looked at besides one for each n-gram; beyond it only the first places of the commonest are."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Text(NamedTuple):
    """Lines as word numbers behind one another."""

    words: Numbers
    bounds: Numbers
    """Where each line begins, and the end of the last."""

    @property
    def lengths(self) -> Numbers:
        """Return the number of words of each line."""
        return np.diff(self.bounds)

    @property
    def line_of(self) -> Numbers:
        """Return the number of each word's line."""
        return np.repeat(np.arange(len(self.bounds) - 1), self.lengths)


class Shared(NamedTuple):
    """Parallel arrays over stretches that stand in both texts, none across lines on the left."""

    left: Numbers
    left_end: Numbers
    right: Numbers
    right_end: Numbers
    matched: Numbers
    """Words that are the same; a few in between may differ."""


def number_words(*texts: Sequence[str]) -> tuple[Text, ...]:
    """Give the words of some texts numbers, equal words the same one.

    Letter case, compatibility forms, quotes, dashes and the marks of Markdown make no difference;
    in scripts without spaces each character is a word.
    """
    numbers: dict[str, int] = {}
    return tuple(_numbered(lines, numbers) for lines in texts)


def shared_grams(left: Text, right: Text) -> Shared:
    """Find where runs of four words or more of a line on the left stand on the right."""
    keys, at = _grams(left, GRAM, across=False)
    right_keys, right_at = _grams(right, GRAM, across=True)
    left_at, right_at = _pairs(keys, at, right_keys, right_at)
    line, diagonal = left.line_of[left_at], left_at - right_at
    order = np.lexsort((left_at, diagonal, line))
    left_at, right_at, line, diagonal = left_at[order], right_at[order], line[order], diagonal[order]
    steps = np.diff(left_at)
    new = np.diff(line).astype(bool) | np.diff(diagonal).astype(bool) | (steps > GRAM + _SKIPPED)
    starts = np.flatnonzero(np.append(True, new)) if len(left_at) else np.empty(0, np.int64)
    ends = np.append(starts[1:], len(left_at))[: len(starts)] - 1
    # The first n-gram of a stretch brings four words, each further one those that are not yet counted.
    brought = np.append(GRAM, np.where(new, GRAM, np.minimum(steps, GRAM)))[: len(left_at)]
    matched = np.add.reduceat(brought, starts) if len(starts) else starts
    return Shared(left_at[starts], left_at[ends] + GRAM, right_at[starts], right_at[ends] + GRAM, matched)


def shared_lines(left: Text, right: Text, length: int) -> Shared:
    """Find where whole lines of *length* words on the left stand on the right."""
    keys, at = _grams(left, length, across=False)
    whole = left.lengths[left.line_of[at]] == length
    right_keys, right_at = _grams(right, length, across=True)
    left_at, right_at = _pairs(keys[whole], at[whole], right_keys, right_at)
    count = np.full(len(left_at), length, np.int64)
    return Shared(left_at, left_at + length, right_at, right_at + length, count)


def covered(text: Text, starts: Numbers, ends: Numbers) -> BoolArray:
    """Return for each word whether it lies in one of the stretches."""
    steps = np.zeros(len(text.words) + 1, np.int64)
    np.add.at(steps, starts, 1)
    np.add.at(steps, ends, -1)
    inside: BoolArray = np.cumsum(steps)[:-1] > 0
    return inside


def _numbered(lines: Sequence[str], numbers: dict[str, int]) -> Text:
    flat: list[int] = []
    bounds = [0]
    for line in lines:
        text = unicodedata.normalize("NFKC", line).casefold().replace("_", " ")
        flat += [numbers.setdefault(word, len(numbers)) for word in words(text, by_character=True)]
        bounds.append(len(flat))
    return Text(np.array(flat, np.int64), np.array(bounds, np.int64))


def _grams(text: Text, length: int, *, across: bool) -> tuple[NDArray[np.uint64], Numbers]:
    """Return a key for each run of *length* words and where it begins; *across* lines or not."""
    count = max(0, len(text.words) - length + 1)
    keys = np.zeros(count, np.uint64)
    for offset in range(length):
        keys = (keys + text.words[offset : offset + count].astype(np.uint64) + np.uint64(1)) * _MIX
        keys ^= keys >> np.uint64(29)
    at = np.arange(count)
    if not across and count:
        line_of = text.line_of
        at = at[line_of[at] == line_of[at + length - 1]]
    return keys[at], at


def _pairs(
    left_keys: NDArray[np.uint64], left_at: Numbers, right_keys: NDArray[np.uint64], right_at: Numbers
) -> tuple[Numbers, Numbers]:
    order = np.argsort(right_keys, kind="stable")
    in_order = right_keys[order]
    first = np.searchsorted(in_order, left_keys, "left")
    counts = np.searchsorted(in_order, left_keys, "right") - first
    counts = np.minimum(counts, _most(counts))
    left = np.repeat(left_at, counts)
    # Within each run of one left place the right places follow one another in *order*.
    offsets = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, right_at[order[np.repeat(first, counts) + offsets]]


def _most(counts: Numbers) -> int:
    """Return how many places of one n-gram can be looked at without there being too many pairs."""
    most = int(counts.max(initial=1))
    if counts.sum() <= _PAIRS + len(counts):
        return most
    return bisect_right(
        range(1, most + 1), _PAIRS + len(counts), key=lambda limit: int(np.minimum(counts, limit).sum())
    )
