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
        for number, gram in enumerate(grams):
            # Sorts of grams that share their bounds stand side by side.
            if not number or gram.bounds is not grams[number - 1].bounds:
                counts = np.diff(gram.bounds)
                single, roots = bool((counts == 1).all()), np.sqrt(np.maximum(counts, 1))[:, None]
            picked = np.take(self.weights, gram.buckets, axis=0)
            told = picked if single else _sums(picked, gram.bounds[:-1], counts) / roots
            total += told if gram.bag_of is None else told[gram.bag_of]
        return np.asarray(total * self.scale + self.bias)


def _sums(picked: NDArray[np.integer], starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up the weights of each line's grams: lines by outputs."""
    sums = np.zeros((len(starts), picked.shape[1]), np.int64)
    filled = np.flatnonzero(counts)
    if len(filled):
        sums[filled] = np.add.reduceat(picked, starts[filled], axis=0, dtype=np.int64)
    return sums
