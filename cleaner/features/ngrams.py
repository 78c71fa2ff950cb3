"""Hashed n-grams of lines: their words, the shapes of these, both ends, and the lines beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.stack import Hashes, Ints, Stack, mix

BITS = 18
"""Grams fall into 2^BITS buckets."""
STEM, ENDING = 5, 3
"""Characters at the beginning and at the end of a word that are counted as a gram of their own."""
_HEADS, _TAILS = np.array([[2], [4]]), np.array([[1], [2], [4]])
"""So many characters at the beginning and at the end of a line are grams."""
_LONGEST = 7
"""Words from this length on have one shape."""
_ABOVE, _BELOW = np.uint64(7), np.uint64(9)
"""What stands for the line above the first line of a page, and below its last."""


class Gram(NamedTuple):
    """One sort of n-gram: its buckets in bags, and which bag each line has."""

    buckets: NDArray[np.uint32]
    bounds: Ints
    """Where each bag begins among the buckets, and one more for the end."""
    bag_of: Ints | None = None
    """The bag of each line, where lines share them; else each line has its own."""

    def spread(self) -> Gram:
        """Return the same grams with a bag for each line."""
        if self.bag_of is None:
            return self
        bounds, places = _places(self.bounds, self.bag_of)
        return Gram(self.buckets[places], bounds)


def take(grams: Sequence[Gram], lines: Ints) -> tuple[Gram, ...]:
    """Return the grams of some lines only."""
    taken: list[Gram] = []
    for number, gram in enumerate(grams):
        if gram.bag_of is not None:
            bags, bag_of = np.unique(gram.bag_of[lines], return_inverse=True)
            bounds, places = _places(gram.bounds, bags)
            taken.append(Gram(gram.buckets[places], bounds, bag_of))
            continue
        # Sorts of grams that share their bounds stand side by side.
        if not number or gram.bounds is not grams[number - 1].bounds:
            bounds, places = _places(gram.bounds, lines)
        taken.append(Gram(gram.buckets[places], bounds))
    return tuple(taken)


def _places(bounds: Ints, bags: Ints) -> tuple[Ints, Ints]:
    """Return the bounds of some bags laid end to end, and where their grams lie now."""
    lengths = np.diff(bounds)[bags]
    laid = np.append(0, np.cumsum(lengths))
    return laid, np.arange(laid[-1]) + np.repeat(bounds[bags] - laid[:-1], lengths)


def grams(stack: Stack) -> tuple[Gram, ...]:
    """Hash every line's words, their stems, endings and shapes, its edges, itself, and its neighbours."""
    words, shapes = stack.word_hashes, _shapes(stack)
    stems = stack.hashes(stack.word_starts, np.minimum(stack.word_starts + STEM, stack.word_ends))
    endings = stack.hashes(np.maximum(stack.word_starts, stack.word_ends - ENDING), stack.word_ends)
    pairs, paired = _pairs(stack)
    single = np.arange(stack.count + 1)
    chars, ends = _char_edges(stack), _word_edges(stack, words)
    beside = _beside(stack, ends[1], chars[2])
    edges = [stack.line_hashes, *ends, *chars, *_word_edges(stack, shapes), *beside]
    return (
        Gram(buckets(words, 1), stack.words),
        Gram(buckets(stems, 2), stack.words),
        Gram(buckets(endings, 3), stack.words),
        Gram(buckets(words[pairs] * np.uint64(3) + words[pairs + 1], 4), paired),
        Gram(buckets(shapes[pairs] * np.uint64(3) + shapes[pairs + 1], 5), paired),
        *(Gram(of_edge, single) for of_edge in buckets(np.stack(edges), np.arange(10, 10 + len(edges))[:, None])),
    )


def buckets(hashes: Hashes, salt: int | Ints) -> NDArray[np.uint32]:
    """Return the bucket of each hash; *salt* keeps sorts of grams apart."""
    salted = hashes + np.asarray(salt, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mix(salted) >> np.uint64(64 - BITS)).astype(np.uint32)


def _shapes(stack: Stack) -> Hashes:
    """Hash what each word looks like: the sorts of its first two characters and its length."""
    first, ends = stack.word_starts, stack.word_ends
    sorts = stack.kinds[first].astype(np.uint64) * np.uint64(16) + stack.kinds[np.minimum(first + 1, ends - 1)]
    return mix(sorts * np.uint64(16) + np.minimum(ends - first, _LONGEST).astype(np.uint64))


def _pairs(stack: Stack) -> tuple[Ints, Ints]:
    """Return the words that have a next one in their line, and where each line's begin among them."""
    inside = np.ones(len(stack.word_starts), bool)
    filled = stack.words[1:] > stack.words[:-1]
    inside[stack.words[1:][filled] - 1] = False
    at = np.flatnonzero(inside)
    return at, np.searchsorted(at, stack.words)


def _word_edges(stack: Stack, words: Hashes) -> tuple[Hashes, ...]:
    """Hash the first one, two and three and the last one and two words; 0 where there are none."""
    firsts, lasts = stack.words[:-1], stack.words[1:]
    padded = np.append(words, np.zeros(1, np.uint64))

    def word(at: Ints) -> Hashes:
        there = (at >= firsts) & (at < lasts)
        return padded[np.where(there, at, len(words))]

    three = np.uint64(3)
    first, second, third = (word(firsts + step) for step in range(3))
    last, second_last = word(lasts - 1), word(lasts - 2)
    begins = first * three + second
    return first, begins, begins * three + third, last, second_last * three + last


def _char_edges(stack: Stack) -> Hashes:
    """Hash the first two and four and the last one, two and four characters: five rows."""
    starts, ends = np.tile(stack.starts, (5, 1)), np.tile(stack.ends, (5, 1))
    np.minimum(ends[:2], starts[:2] + _HEADS, out=ends[:2])
    np.maximum(starts[2:], ends[2:] - _TAILS, out=starts[2:])
    return stack.hashes(starts, ends)


def _beside(stack: Stack, opening: Hashes, close: Hashes) -> tuple[Hashes, ...]:
    """Hash the line above and the line below: all of it, its first two words, and how it closes beside this one."""
    page_of, whole = stack.page_of(), stack.line_hashes
    follows = np.append(False, page_of[1:] == page_of[:-1])[: stack.count]
    leads = np.append(follows[1:], False)[: stack.count]

    def above(hashes: Hashes) -> Hashes:
        return np.where(follows, np.append(_ABOVE, hashes[:-1])[: stack.count], _ABOVE)

    def below(hashes: Hashes) -> Hashes:
        return np.where(leads, np.append(hashes[1:], _BELOW)[: stack.count], _BELOW)

    three = np.uint64(3)
    return (
        above(whole),
        above(opening),
        above(close) * three + close,
        below(whole),
        below(opening),
        below(close) * three + close,
    )
