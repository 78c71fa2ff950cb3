"""A correction of what the shipped model calls foreign lines, by n-grams, learned from a few labelled documents.

As `cleaner.lab.corrections` corrects what goes: the shipped scores stay, and what the n-grams of a line say
is added to the score of each label, here by multinomial regression.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.features import BITS
from cleaner.lab.corrections import PULLS, Floats, Rows, minimized, shared
from cleaner.lab.fitting import rounded
from cleaner.lab.samples import KEPT_CODES, Sample
from cleaner.model import Linear

FOREIGN_CODES = np.flatnonzero(~KEPT_CODES)
"""Numbers of the labels that foreign lines can have."""


class Renaming(NamedTuple):
    """What was learned, and how many foreign lines are called right without it and with it, on documents held out."""

    linear: Linear | None
    """None where correcting does harm."""
    lines: int
    before: int
    after: int


def rename(lines: Sample, scores: Floats, fold: NDArray[np.int64]) -> Renaming:
    """Learn what to add to the *scores* of the labels of all lines, lines by `FOREIGN_CODES`, in logits.

    Learns from foreign lines alone. The pull is the one with the least logistic loss on the folds held out in
    turn; if no more lines are called right there, nothing is learned. Raises `MissingExtra` without SciPy.
    """
    rows = lines.foreign
    target = np.searchsorted(FOREIGN_CODES, lines.codes)
    best, pull, added = _loss(scores[rows], target[rows]), None, np.zeros_like(scores)
    for candidate in PULLS:
        tried = np.zeros_like(scores)
        for number in range(int(fold.max()) + 1):
            weights = _learned(lines, scores, rows & (fold != number), candidate)
            inside = np.flatnonzero(rows & (fold == number))
            tried[inside] = lines.tokens[inside] @ weights
        if (loss := _loss((scores + tried)[rows], target[rows])) < best:
            best, pull, added = loss, candidate, tried
    before, after = (int(((scores + more).argmax(axis=1) == target)[rows].sum()) for more in (0.0, added))
    # A better loss alone will not do: on 30 documents of as many sites it came with no more right names on the others.
    if pull is None or after <= before:
        return Renaming(None, int(rows.sum()), before, before)
    return Renaming(_linear(_learned(lines, scores, rows, pull)), int(rows.sum()), before, after)


def _learned(lines: Sample, scores: Floats, rows: Rows, pull: float) -> Floats:
    """Return a weight for each bucket and label, most of them 0, that corrects the *scores* of the lines in *rows*."""
    weights = np.zeros((1 << BITS, len(FOREIGN_CODES)))
    tokens = lines.tokens[np.flatnonzero(rows)]
    columns = shared(tokens, lines.document[rows])
    tokens, offset = tokens[:, columns], scores[rows]
    wanted = lines.codes[rows][:, None] == FOREIGN_CODES
    shape = (len(columns), len(FOREIGN_CODES))

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(shape)
        margins = offset + tokens @ table
        totals = np.logaddexp.reduce(margins, axis=1, keepdims=True)
        slopes = tokens.T @ (np.exp(margins - totals) - wanted) + pull * table
        return float((totals - margins)[wanted].sum() + pull / 2 * flat @ flat), slopes.ravel()

    weights[columns] = minimized(loss, shape[0] * shape[1]).reshape(shape)
    return weights


def _loss(scores: Floats, target: NDArray[np.int64]) -> float:
    own = np.take_along_axis(scores, target[:, None], axis=1)[:, 0]
    return float((np.logaddexp.reduce(scores, axis=1) - own).sum())


def _linear(weights: Floats) -> Linear:
    """Return weights for all labels; those that stay get none."""
    columns = [np.zeros(1 << BITS) for _ in KEPT_CODES]
    for at, code in enumerate(FOREIGN_CODES):
        columns[code] = weights[:, at]
    return rounded(columns, [0.0] * len(columns), np.int16)
