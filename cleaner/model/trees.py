"""The second stage: boosted trees of at most eight leaves, scored with NumPy alone.

A tree is not walked. All its conditions are tested for a block of lines at once, each failed
condition strikes out the leaves on its left, and the first leaf left standing is the answer
(QuickScorer, Lucchese et al., SIGIR 2015). Leaf values are integers, so the sum over the trees
is the same whatever the block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAVES = 8
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
        if self.early:
            total = self._trees(slice(self.early)).margins(matrix)
            doubtful = np.flatnonzero(total[:, 0] > self.settled)
            others = self._trees(slice(self.early, None))._replace(base=np.zeros_like(self.base))
            total[doubtful] += others.margins(matrix[:, doubtful])
            return total
        trees, lines = len(self.features), matrix.shape[1]
        features, thresholds, conditions = self._conditions()
        values = np.take(self.leaves, _FIRST_STANDING, axis=1).ravel()
        rows = (np.arange(trees, dtype=np.int32) * 256)[:, None]
        total = np.empty((self.outputs, lines), np.int64)
        for low in range(0, lines, _BLOCK):
            fails = (matrix[features, low : low + _BLOCK] > thresholds[:, None]).view(np.uint8)
            struck = np.zeros((trees, fails.shape[1]), np.uint8)
            for node in range(LEAVES - 1):
                struck |= fails[conditions[:, node]] * self.strikes[:, node, None]
            added = np.take(values, rows + struck).reshape(-1, self.outputs, fails.shape[1])
            total[:, low : low + _BLOCK] = added.sum(axis=0, dtype=np.int64)
        return np.asarray((total + self.base[:, None]).T)

    def only(self, outputs: NDArray[np.int64]) -> Forest:
        """Return the forest of some outputs, in the order given."""
        rounds = np.arange(0, len(self.features), self.outputs)
        trees = self._trees((rounds[:, None] + outputs).ravel())
        return trees._replace(outputs=len(outputs), base=self.base[outputs])

    def _trees(self, at: slice | NDArray[np.int64]) -> Forest:
        return self._replace(
            features=self.features[at],
            thresholds=self.thresholds[at],
            strikes=self.strikes[at],
            leaves=self.leaves[at],
            early=0,
        )

    def _conditions(self) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """Return the features and thresholds of all different conditions, and which of them each node tests.

        Trees share most of their conditions, so each is tested once.
        """
        bits = self.thresholds.view(np.uint32).astype(np.uint64)
        keys = self.features.astype(np.uint64) << np.uint64(32) | bits
        different, numbers = np.unique(keys, return_inverse=True)
        thresholds = (different & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.float32)
        return (different >> np.uint64(32)).astype(np.int64), thresholds, numbers.reshape(keys.shape)
