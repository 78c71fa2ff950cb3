"""A correction of the shipped model by n-grams, learned from a few labelled documents.

The shipped margin of a line stays as it is, and what its n-grams say is added: logistic regression
with an offset, pulled towards nothing (ridge). There is no bias, so a line that holds nothing
of what was corrected keeps its score. Grams of a single document teach nothing: they may be its story.
How strong the pull has to be is found out by documents held out in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import MissingExtra, SettingError
from cleaner.features import BITS
from cleaner.lab.fitting import rounded
from cleaner.lab.samples import Sample
from cleaner.lab.sites import deal
from cleaner.model import Linear

PULLS = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Strengths of the pull that are tried, beside not correcting at all."""
FOLDS = 5
_MOST_STEPS = 60
_ENOUGH = 2
"""Documents in which a gram has to stand."""

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]


class Correction(NamedTuple):
    """What was learned, and what it says of documents that it did not see."""

    linear: Linear | None
    """None where correcting does harm."""
    pull: float | None
    held_out: Floats
    """What is added to the score of each line by corrections learned from other documents, in logits."""
    fold: NDArray[np.int64]
    """The fold of each line."""


def correct(lines: Sample, scores: Floats, *, seed: int = 0) -> Correction:
    """Learn what to add to the *scores* of some lines, logits by a model that has not seen them.

    The pull is the one with the least logistic loss on documents held out in turn, mistakes
    weighted as in training. Raises `SettingError` for fewer than two documents, `MissingExtra` without SciPy.
    """
    fold = _folds(lines, seed)
    best, pull, held_out = _loss(lines, scores), None, np.zeros(len(scores))
    for candidate in PULLS:
        added = np.zeros(len(scores))
        for number in range(int(fold.max()) + 1):
            inside = fold == number
            added[inside] = lines.tokens[np.flatnonzero(inside)] @ learned(lines, scores, ~inside, candidate)
        if (loss := _loss(lines, scores + added)) < best:
            best, pull, held_out = loss, candidate, added
    if pull is None:
        return Correction(None, None, held_out, fold)
    weights = learned(lines, scores, np.ones(len(scores), bool), pull)
    return Correction(rounded([weights], [0.0], np.int16), pull, held_out, fold)


def learned(lines: Sample, scores: Floats, rows: Rows, pull: float) -> Floats:
    """Return a weight for each bucket, most of them 0, that corrects the *scores* of the lines in *rows*."""
    tokens = lines.tokens[np.flatnonzero(rows)]
    columns = shared(tokens, lines.document[rows])
    tokens, signs, costs = tokens[:, columns], np.where(lines.foreign[rows], 1.0, -1.0), lines.weights[rows]
    offset = scores[rows]

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signs * (offset + tokens @ weights)
        slopes = -costs * signs * np.exp(-np.logaddexp(0, margins))
        total = costs @ np.logaddexp(0, -margins) + pull / 2 * weights @ weights
        return float(total), tokens.T @ slopes + pull * weights

    weights = np.zeros(1 << BITS)
    weights[columns] = minimized(loss, len(columns))
    return weights


def minimized(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    """Return the weights, *size* of them, with the least *loss*, a function of them that returns its slopes too.

    On one thread: several make the same sums slower, on a busy machine twenty times. Raises `MissingExtra`
    without SciPy.
    """
    try:
        from scipy.optimize import minimize
        from threadpoolctl import threadpool_limits
    except ImportError as error:
        raise MissingExtra("training", "train") from error
    start = np.zeros(size)
    if not size:
        return start
    with threadpool_limits(1):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return np.asarray(found.x)


def shared(tokens: Any, document: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the buckets of *tokens* whose grams stand in more than one document."""
    laid = tokens.tocoo()
    pairs = np.unique(document[laid.row].astype(np.int64) << BITS | laid.col)
    return np.flatnonzero(np.bincount(pairs & ((1 << BITS) - 1), minlength=1 << BITS) >= _ENOUGH)


def _folds(lines: Sample, seed: int) -> NDArray[np.int64]:
    counts = np.bincount(lines.document)
    sizes = {str(number): int(count) for number, count in enumerate(counts) if count}
    if len(sizes) < _ENOUGH:
        raise SettingError(f"{len(sizes)} labelled documents with lines are too few to adapt to; give two or more")
    folds = deal(sizes, min(FOLDS, len(sizes)), seed=seed)
    return np.array([folds.get(str(number), -1) for number in range(len(counts))])[lines.document]


def _loss(lines: Sample, scores: Floats) -> float:
    return float(lines.weights @ np.logaddexp(0, np.where(lines.foreign, -scores, scores)))
