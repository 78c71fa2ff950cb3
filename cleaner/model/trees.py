"""The second stage: boosted trees of at most eight leaves, scored with NumPy alone.

A tree is not walked. Each failed condition strikes out the leaves on its left, and the first
leaf left standing is the answer (QuickScorer, Lucchese et al., SIGIR 2015): so seven conditions
have 128 outcomes, and what a tree adds for each of them is written in a table. All conditions
are tested for a block of lines at once. Leaf values are integers, so the sum over the trees is
the same whatever the block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAVES = 8
_OUTCOMES = 1 << LEAVES - 1
_BLOCK = 512
_FIRST_STANDING = np.array(
    [next((leaf for leaf in range(LEAVES) if not struck >> leaf & 1), 0) for struck in range(256)]
)


class Forest(NamedTuple):
    """Boosted trees for one or several outputs; T trees, each with up to 7 conditions."""

    features: NDArray[np.int16]
    """T by 7: which feature a condition looks at."""
    thresholds: NDArray[np.float32]
    """T by 7: the condition holds when the feature is at most this."""
    strikes: NDArray[np.uint8]
    """T by 7: the leaves struck out when it does not hold, one bit each; 0 for no condition."""
    leaves: NDArray[np.int32]
    """T by 8: what each leaf adds, in units of `scale`."""
    outputs: int
    """Trees t, t + outputs, … belong to output t."""
    scale: float
    base: NDArray[np.int64]
    """Where each output starts from, in units of `scale`."""
    early: int = 0
    """After so many trees the lines that are settled are left alone; 0: all trees see all lines."""
    settled: int = 0
    """A line whose margin is no higher by then is settled. Such forests have one output."""

    def margins(self, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
        """Score lines, in units of `scale`: lines by outputs. *matrix* is features by lines."""
        return Scorer(self).margins(matrix)

    def only(self, outputs: NDArray[np.int64]) -> Forest:
        """Return the forest of some outputs, in the order given."""
        rounds = np.arange(0, len(self.features), self.outputs)
        trees = self.part((rounds[:, None] + outputs).ravel())
        return trees._replace(outputs=len(outputs), base=self.base[outputs])

    def part(self, at: slice | NDArray[np.int64]) -> Forest:
        """Return the forest of some trees."""
        return self._replace(
            features=self.features[at],
            thresholds=self.thresholds[at],
            strikes=self.strikes[at],
            leaves=self.leaves[at],
            early=0,
        )


def outcomes(forest: Forest) -> NDArray[np.int32]:
    """Return what each tree adds for each outcome of its conditions, the first one's bit the highest: T by 128."""
    struck = np.zeros((len(forest.features), _OUTCOMES), np.uint8)
    for node in range(LEAVES - 1):
        failed = np.arange(_OUTCOMES) >> (LEAVES - 2 - node) & 1
        struck |= forest.strikes[:, node, None] * failed.astype(np.uint8)
    return np.take_along_axis(forest.leaves, _FIRST_STANDING[struck], axis=1)


class Scorer:
    """A forest with its tables, made once and asked about chunk after chunk."""

    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        early = forest.early or len(forest.features)
        self._first, self._others = _Tables.of(forest.part(slice(early))), _Tables.of(forest.part(slice(early, None)))

    def margins(self, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
        """Score lines, in units of the forest's `scale`: lines by outputs. *matrix* is features by lines."""
        forest = self._forest
        total = self._first.sums(matrix, forest.outputs) + forest.base[:, None]
        if forest.early:
            doubtful = np.flatnonzero(total[0] > forest.settled)
            total[:, doubtful] += self._others.sums(matrix[:, doubtful], forest.outputs)
        return total.T


class _Tables(NamedTuple):
    features: NDArray[np.int64]
    thresholds: NDArray[np.float32]
    """Of all different conditions: trees share most of theirs, so each is tested once."""
    nodes: NDArray[np.int64]
    """7 by T: which of the conditions a node tests."""
    rows: NDArray[np.int32]
    """Where the outcomes of each tree begin in `values`."""
    values: NDArray[np.int32]
    """What each tree adds for each outcome of its conditions, the first condition's bit the highest."""

    @classmethod
    def of(cls, forest: Forest) -> _Tables:
        bits = forest.thresholds.view(np.uint32).astype(np.uint64)
        keys = forest.features.astype(np.uint64) << np.uint64(32) | bits
        different, numbers = np.unique(keys, return_inverse=True)
        thresholds = (different & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.float32)
        return cls(
            (different >> np.uint64(32)).astype(np.int64),
            thresholds[:, None],
            np.ascontiguousarray(numbers.reshape(keys.shape).T),
            (np.arange(len(keys), dtype=np.int32) * _OUTCOMES)[:, None],
            outcomes(forest).ravel(),
        )

    def sums(self, matrix: NDArray[np.float32], outputs: int) -> NDArray[np.int64]:
        """Add up what the trees say: outputs by lines."""
        total = np.empty((outputs, matrix.shape[1]), np.int64)
        for low in range(0, matrix.shape[1], _BLOCK):
            block = np.ascontiguousarray(matrix[:, low : low + _BLOCK])
            fails = (block.take(self.features, axis=0) > self.thresholds).view(np.uint8)
            outcomes = fails.take(self.nodes[0], axis=0)
            for node in self.nodes[1:]:
                # Doubled by adding: NumPy shifts bytes one by one.
                outcomes += outcomes
                outcomes |= fails.take(node, axis=0)
            added = self.values.take(self.rows + outcomes).reshape(-1, outputs, block.shape[1])
            total[:, low : low + _BLOCK] = added.sum(axis=0, dtype=np.int64)
        return total
