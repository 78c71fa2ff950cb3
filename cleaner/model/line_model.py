"""The line model as a value: two stages that find foreign lines, two that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.labels import KEPT, LABELS
from cleaner.model.card import Card
from cleaner.model.linear import Gram, Linear
from cleaner.model.trees import Forest

_KEPT = np.array([label in KEPT for label in LABELS])


class Calibration(NamedTuple):
    """From margins to probabilities: straight lines between knots."""

    margins: NDArray[np.int64]
    probabilities: NDArray[np.float64]

    def probability(self, margins: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how likely lines with these margins are foreign, rounded to four digits."""
        return np.round(np.interp(margins, self.margins, self.probabilities), 4)


@dataclass(frozen=True, slots=True, eq=False)
class LineModel:
    """What training wrote: weights of the four parts and the card that describes them."""

    card: Card
    digest: str
    first: Linear
    """Stage one: how foreign a line's n-grams are; one output."""
    second: Forest
    """Stage two: how foreign the line is in its surroundings; one output."""
    calibration: Calibration
    names: Linear
    """What the n-grams say about the label: an output for each label."""
    naming: Forest
    """Which label it is, from the features and `names`: an output for each label."""

    @property
    def name(self) -> str:
        """Name and digest, as reports carry them."""
        return f"{self.card.name}@{self.digest[:12]}"

    def threshold(self, mode: str, kind: str) -> float:
        """Return the probability from which on lines are removed in *mode*."""
        return self.card.thresholds[kind][mode]

    def first_scores(self, grams: Sequence[Gram]) -> NDArray[np.float64]:
        """Score lines by their n-grams: above 0 for foreign ones."""
        return np.asarray(self.first.scores(grams)[:, 0])

    def foreign(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability that each line is foreign. *matrix* is features by lines."""
        return self.calibration.probability(self.second.margins(matrix)[:, 0])

    def labels(
        self, matrix: NDArray[np.float32], grams: Sequence[Gram], foreign: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return probabilities of all labels, lines by `LABELS`.

        The labels that are kept share out what the second stage leaves, the others what it
        takes: this head names a line, it does not overrule whether the line is foreign.
        """
        named = self.names.scores(grams).T.astype(np.float32)
        logits = self.naming.margins(np.concatenate([matrix, named])) * self.naming.scale
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        odds[:, _KEPT] *= ((1 - foreign) / odds[:, _KEPT].sum(axis=1))[:, None]
        odds[:, ~_KEPT] *= (foreign / odds[:, ~_KEPT].sum(axis=1))[:, None]
        return np.asarray(odds)
