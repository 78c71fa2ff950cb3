"""The first stage: a linear model over hashed n-grams, in integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class Gram(Protocol):
    """One sort of n-gram of some lines, as `cleaner.features.grams` gives it."""

    @property
    def buckets(self) -> NDArray[np.uint32]:
        """One bucket a gram, line after line."""

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Where each line's grams begin among them: lines + 1 numbers."""


class Linear(NamedTuple):
    """Weights of one or several outputs, rounded to integers so that sums are exact."""

    weights: NDArray[np.integer]
    """Outputs by buckets."""
    scale: NDArray[np.float64]
    """What one unit of weight is worth, one number an output."""
    bias: NDArray[np.float64]

    def scores(self, grams: Sequence[Gram]) -> NDArray[np.float64]:
        """Score lines: lines by outputs. Each sort of gram counts as 1 over the root of its number."""
        lines = len(grams[0].bounds) - 1
        total = np.zeros((len(self.weights), lines))
        for gram in grams:
            counts = np.diff(gram.bounds)
            picked = np.take(self.weights, gram.buckets, axis=1)
            total += picked if (counts == 1).all() else _sums(picked, gram.bounds) / np.sqrt(np.maximum(counts, 1))
        return np.asarray(total.T * self.scale + self.bias)


def _sums(picked: NDArray[np.integer], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up the weights of each line's grams: outputs by lines."""
    running = np.zeros((len(picked), picked.shape[1] + 1), np.int64)
    np.cumsum(picked, axis=1, out=running[:, 1:])
    return running[:, bounds[1:]] - running[:, bounds[:-1]]
