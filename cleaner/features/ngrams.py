"""Hashed n-grams of lines: the words of the line and the characters at both its ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.stack import Hashes, Ints, Stack, mix

BITS = 18
"""Grams fall into 2^BITS buckets."""
_STEM = 5


class Gram(NamedTuple):
    """One sort of n-gram: its buckets, and where each line's grams begin among them."""

    buckets: NDArray[np.uint32]
    bounds: Ints
    """Lines + 1 numbers."""


def take(grams: Sequence[Gram], lines: Ints) -> tuple[Gram, ...]:
    """Return the grams of some lines only."""
    return tuple(_take(gram, lines) for gram in grams)


def _take(gram: Gram, lines: Ints) -> Gram:
    lengths = np.diff(gram.bounds)[lines]
    bounds = np.append(0, np.cumsum(lengths))
    places = np.arange(bounds[-1]) + np.repeat(gram.bounds[lines] - bounds[:-1], lengths)
    return Gram(gram.buckets[places], bounds)


def grams(stack: Stack) -> tuple[Gram, ...]:
    """Hash every line's words, stems, word pairs, edges and the line as a whole."""
    words = stack.word_hashes
    stems = stack.hashes(stack.word_starts, np.minimum(stack.word_starts + _STEM, stack.word_ends))
    single = np.arange(stack.count + 1)
    edges = [
        *_word_edges(stack, words),
        *_char_edges(stack),
        stack.hashes(stack.starts, stack.ends),
    ]
    return (
        Gram(_buckets(words, 1), stack.words),
        Gram(_buckets(stems, 2), stack.words),
        _pairs(stack, words),
        *(Gram(_buckets(edge, 10 + number), single) for number, edge in enumerate(edges)),
    )


def _buckets(hashes: Hashes, salt: int) -> NDArray[np.uint32]:
    salted = mix(hashes + np.uint64(salt * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF))
    return (salted >> np.uint64(64 - BITS)).astype(np.uint32)


def _pairs(stack: Stack, words: Hashes) -> Gram:
    """Pair each word with the next one of its line."""
    inside = np.ones(len(words), bool)
    filled = stack.words[1:] > stack.words[:-1]
    inside[stack.words[1:][filled] - 1] = False
    at = np.flatnonzero(inside)
    paired = words[at] * np.uint64(3) + words[at + 1] if len(at) else words[:0]
    return Gram(_buckets(paired, 3), np.searchsorted(at, stack.words))


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


def _char_edges(stack: Stack) -> tuple[Hashes, ...]:
    """Hash the first two and four and the last one, two and four characters."""
    starts, ends = stack.starts, stack.ends
    heads = tuple(stack.hashes(starts, np.minimum(starts + width, ends)) for width in (2, 4))
    tails = tuple(stack.hashes(np.maximum(ends - width, starts), ends) for width in (1, 2, 4))
    return heads + tails
