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
_BLOCK = 192
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

    def margins(self, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
        """Score lines, in units of `scale`: lines by outputs. *matrix* is features by lines."""
        trees, lines = len(self.features), matrix.shape[1]
        values = np.take(self.leaves, _FIRST_STANDING, axis=1).ravel()
        rows = (np.arange(trees, dtype=np.int32) * 256)[:, None]
        total = np.empty((self.outputs, lines), np.int64)
        for low in range(0, lines, _BLOCK):
            block = matrix[:, low : low + _BLOCK]
            struck = np.zeros((trees, block.shape[1]), np.uint8)
            for node in range(LEAVES - 1):
                fails = block[self.features[:, node]] > self.thresholds[:, node, None]
                struck |= fails.view(np.uint8) * self.strikes[:, node, None]
            added = np.take(values, rows + struck).reshape(-1, self.outputs, block.shape[1])
            total[:, low : low + _BLOCK] = added.sum(axis=0, dtype=np.int64)
        return np.asarray((total + self.base[:, None]).T)
