"""The first stage: a linear model over hashed n-grams, in integers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

_GRAMS = 1 << 16
"""So many are looked up at once: what they say about fifteen outputs fits into a cache and never fills the memory."""


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
        total = np.zeros((len(grams[0].bounds) - 1, self.weights.shape[1]))
        # Sorts of grams in the same bags stand side by side: their weights are added up as whole numbers first.
        for _, sorts in groupby(grams, lambda gram: (id(gram.bounds), id(gram.bag_of))):
            alike = list(sorts)
            told, bag_of = self._told(alike), alike[0].bag_of
            total += told if bag_of is None else told[bag_of]
        return np.asarray(total * self.scale + self.bias)

    def _told(self, alike: Sequence[Gram]) -> NDArray[np.float64]:
        """Return what sorts of grams in the same bags say together: bags by outputs."""
        bounds = alike[0].bounds
        told = np.empty((len(bounds) - 1, self.weights.shape[1]))
        for low, high in _stretches(bounds):
            buckets = [gram.buckets[bounds[low] : bounds[high]] for gram in alike]
            told[low:high] = self._sums(buckets, bounds[low : high + 1] - bounds[low])
        return told

    def _sums(
        self, buckets: Sequence[NDArray[np.uint32]], bounds: NDArray[np.int64]
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        picked = self.weights.take(buckets[0] if len(buckets) == 1 else np.concatenate(buckets), axis=0)
        counts = bounds[1:] - bounds[:-1]
        of_grams = picked.reshape(len(buckets), -1, self.weights.shape[1]).sum(axis=0, dtype=np.int64)
        if (counts == 1).all():
            return np.asarray(of_grams)
        return np.asarray(_sums(of_grams, bounds[:-1], counts) / np.sqrt(np.maximum(counts, 1))[:, None])


def _stretches(bounds: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Part bags into stretches of no more grams than `_GRAMS`, or of one bag."""
    low = 0
    while low < len(bounds) - 1:
        high = int(np.searchsorted(bounds, bounds[low] + _GRAMS, side="right")) - 1
        yield low, max(high, low + 1)
        low = max(high, low + 1)


def _sums(picked: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up the weights of each line's grams: lines by outputs."""
    sums = np.zeros((len(starts), picked.shape[1]), np.int64)
    filled = np.flatnonzero(counts)
    if len(filled):
        sums[filled] = np.add.reduceat(picked, starts[filled], axis=0)
    return sums
