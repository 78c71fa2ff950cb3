"""What each feature and n-gram had to do with a score.

Trees: Shapley values against one other line (Lundberg and Lee, NeurIPS 2017; "baseline Shapley" in
Sundararajan and Najmi, ICML 2020). A tree of ours has seven conditions, so all 128 ways of taking
some from the one line and the rest from the other are in its table, and the values are exact. The
players are conditions; a feature gets what its conditions get. Credits add up to the difference
between the two lines' margins.

N-grams: the first stage is a sum, so each gram's own part of it is what it had to do with it.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from cleaner.model.linear import Gram, Linear
from cleaner.model.trees import LEAVES, Forest, outcomes

_CONDITIONS = LEAVES - 1
_BITS = 1 << np.arange(_CONDITIONS)[::-1]
"""The bit of each condition in an outcome, the first one's the highest."""


def _coalitions() -> NDArray[np.float64]:
    """Return the weight of each set of conditions in the value of each condition: sets by conditions."""
    sets = np.arange(1 << _CONDITIONS)
    inside = (sets[:, None] & _BITS) > 0
    sizes = inside.sum(axis=1)
    ways = np.array([factorial(size) * factorial(_CONDITIONS - 1 - size) for size in range(_CONDITIONS)], np.float64)
    ways /= factorial(_CONDITIONS)
    joined, apart = ways[np.maximum(sizes - 1, 0)], ways[np.minimum(sizes, _CONDITIONS - 1)]
    return np.asarray(np.where(inside, joined[:, None], -apart[:, None]))


def tree_credit(forest: Forest, matrix: NDArray[np.float32], usual: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what each feature of each line adds to the line's score, held against the line *usual*.

    In logits, features by lines; *matrix* is features by lines, *usual* one value a feature. For a
    forest of one output. A line that is settled early is explained by the trees that it was shown.
    """
    early = forest.early or len(forest.features)
    first = _credit(forest.part(slice(early)), matrix, usual)
    if not forest.early:
        return first * forest.scale
    doubtful = np.flatnonzero(_early_margins(forest, matrix) > forest.settled)
    first[:, doubtful] += _credit(forest.part(slice(early, None)), matrix[:, doubtful], usual)
    return first * forest.scale


def _early_margins(forest: Forest, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
    return forest.part(slice(forest.early)).margins(matrix)[:, 0]


def _credit(forest: Forest, matrix: NDArray[np.float32], usual: NDArray[np.float32]) -> NDArray[np.float64]:
    values, weights = outcomes(forest), _coalitions()
    sets = np.arange(1 << _CONDITIONS)
    other = _fails(forest, usual)
    credit = np.zeros(matrix.shape)
    for line in range(matrix.shape[1]):
        changed = _fails(forest, matrix[:, line]) ^ other
        mixed = np.take_along_axis(values, other[:, None] ^ (changed[:, None] & sets), axis=1)
        # What is the same in both lines gets nothing, to the last bit.
        parts = (mixed @ weights) * ((changed[:, None] & _BITS) > 0)
        credit[:, line] = np.bincount(forest.features.ravel(), weights=parts.ravel(), minlength=len(matrix))
    return credit


def _fails(forest: Forest, line: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return which conditions of each tree a line fails, as bits of a number."""
    return np.asarray((line[forest.features] > forest.thresholds) @ _BITS)


def gram_credit(linear: Linear, gram: Gram) -> NDArray[np.float64]:
    """Return what each gram of one sort adds to the first output of its line, in logits."""
    counts = np.diff(gram.bounds)
    roots = np.repeat(np.sqrt(np.maximum(counts, 1)), counts)
    return np.asarray(linear.weights[gram.buckets, 0] * linear.scale[0] / roots)
