"""The first stage: a linear model over hashed n-grams, in integers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

_GRAMS = 1 << 16
"""So many are looked up at once: what they say about fifteen outputs fits into a cache and never fills the memory."""


_LANES, _RAISE = 4, 128
"""Lanes in a word, and what is added to a weight of eight bits so that it is above zero."""
_ADDENDS = 0xFFFF // (127 + _RAISE)
"""So many raised weights fit into a lane."""

Sums = Callable[[Sequence[NDArray[np.uint32]], NDArray[np.int64]], NDArray[np.int64]]
"""From the buckets of sorts of grams in the same bags, and where bags begin, to sums: bags by outputs."""


class Gram(Protocol):
    """One sort of n-gram of some lines, as `cleaner.features.grams` gives it."""

    @property
    def buckets(self) -> NDArray[np.uint32]:
        """One bucket a gram, bag after bag."""

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Where each bag's grams begin among them: bags + 1 numbers."""

    @property
    def bag_of(self) -> NDArray[np.int64] | None:
        """The bag of each line, where lines share them; else each line has its own, as it has of the first sort."""


class Linear(NamedTuple):
    """Weights of one or several outputs, rounded to integers so that sums are exact."""

    weights: NDArray[np.integer]
    """Buckets by outputs, so that what a gram says about all outputs lies together."""
    scale: NDArray[np.float64]
    """What one unit of weight is worth, one number an output."""
    bias: NDArray[np.float64]

    def scores(self, grams: Sequence[Gram]) -> NDArray[np.float64]:
        """Score lines: lines by outputs. Each sort of gram counts as 1 over the root of its number."""
        return _scores(self, grams, self._sums)

    def _sums(self, buckets: Sequence[NDArray[np.uint32]], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        picked = self.weights.take(buckets[0] if len(buckets) == 1 else np.concatenate(buckets), axis=0)
        of_grams = picked.reshape(len(buckets), -1, self.weights.shape[1]).sum(axis=0, dtype=np.int64)
        counts = np.diff(bounds)
        return np.asarray(of_grams if (counts == 1).all() else _added(of_grams, bounds[:-1], counts))


class Lanes:
    """A linear model of 8-bit weights with four outputs in each 64-bit word, so that one addition adds four.

    Its scores are those of the model. Each weight has a lane of sixteen bits and is raised above zero; so many are
    added up at once that no sum reaches into the next lane.
    """

    def __init__(self, linear: Linear) -> None:
        buckets, self._outputs = linear.weights.shape
        lanes = np.zeros((buckets, -(-self._outputs // _LANES) * _LANES), np.uint16)
        lanes[:, : self._outputs] = linear.weights.astype(np.int16) + _RAISE
        self._linear, self._words = linear, lanes.view(np.uint64)

    def scores(self, grams: Sequence[Gram]) -> NDArray[np.float64]:
        """Score lines as `Linear.scores` does: lines by outputs."""
        return _scores(self._linear, grams, self._sums)

    def _sums(self, buckets: Sequence[NDArray[np.uint32]], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        words = self._words.take(buckets[0], axis=0)
        for more in buckets[1:]:
            words += self._words.take(more, axis=0)
        counts = np.diff(bounds)
        raised = len(buckets) * _RAISE * counts[:, None]
        if (counts == 1).all():
            return np.asarray(self._apart(words) - raised)
        sums = np.zeros((len(counts), self._outputs), np.int64)
        filled = np.flatnonzero(counts)
        if len(filled):
            starts, first = _parts(bounds[:-1][filled], counts[filled], _ADDENDS // len(buckets))
            sums[filled] = np.add.reduceat(self._apart(np.add.reduceat(words, starts, axis=0)), first, axis=0)
        return np.asarray(sums - raised)

    def _apart(self, words: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the lanes of words as numbers: words by outputs."""
        return words.view(np.uint16)[:, : self._outputs].astype(np.int64)


def _scores(linear: Linear, grams: Sequence[Gram], sums: Sums) -> NDArray[np.float64]:
    total = np.zeros((len(grams[0].bounds) - 1, len(linear.scale)))
    # Sorts of grams in the same bags stand side by side: their weights are added up as whole numbers first.
    for _, sorts in groupby(grams, lambda gram: (id(gram.bounds), id(gram.bag_of))):
        alike = list(sorts)
        told, bag_of = _told(alike, sums, len(linear.scale)), alike[0].bag_of
        total += told if bag_of is None else told[bag_of]
    return np.asarray(total * linear.scale + linear.bias)


def _told(alike: Sequence[Gram], sums: Sums, outputs: int) -> NDArray[np.float64]:
    """Return what sorts of grams in the same bags say together: bags by outputs."""
    bounds = alike[0].bounds
    told = np.empty((len(bounds) - 1, outputs))
    for low, high in _stretches(bounds):
        buckets = [gram.buckets[bounds[low] : bounds[high]] for gram in alike]
        told[low:high] = sums(buckets, bounds[low : high + 1] - bounds[low])
    counts = np.diff(bounds)
    if not (counts == 1).all():
        told /= np.sqrt(np.maximum(counts, 1))[:, None]
    return told


def _stretches(bounds: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Part bags into stretches of no more grams than `_GRAMS`, or of one bag."""
    low = 0
    while low < len(bounds) - 1:
        high = int(np.searchsorted(bounds, bounds[low] + _GRAMS, side="right")) - 1
        yield low, max(high, low + 1)
        low = max(high, low + 1)


def _parts(
    starts: NDArray[np.int64], counts: NDArray[np.int64], most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Part bags into parts of at most so many grams; return where parts begin, and which is the first of each bag."""
    parts = -(-counts // most)
    first = np.cumsum(parts) - parts
    number = np.arange(parts.sum()) - np.repeat(first, parts)
    return np.repeat(starts, parts) + number * most, first


def _added(picked: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up the weights of each bag's grams: bags by outputs."""
    sums = np.zeros((len(starts), picked.shape[1]), np.int64)
    filled = np.flatnonzero(counts)
    if len(filled):
        sums[filled] = np.add.reduceat(picked, starts[filled], axis=0)
    return sums
