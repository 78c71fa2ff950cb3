"""The line model as a value: three parts that find foreign lines, two that name them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.grouping import Grouping
from cleaner.model.card import Card
from cleaner.model.linear import Gram, Lanes, Linear
from cleaner.model.network import Network
from cleaner.model.trees import Forest, Scorer


class Around(NamedTuple):
    """What a model that has a network says of lines among those around them."""

    named: NDArray[np.float32] | None
    """What `names` says of each line alone: labels by lines; None if the network is not told."""
    answers: NDArray[np.float64]
    """How foreign a line is, and how much like each label, in logits: 1 + labels by lines."""

    def of(self, lines: NDArray[np.int64]) -> Around:
        """Return what is said of some lines."""
        return Around(None if self.named is None else self.named[:, lines], self.answers[:, lines])


class Blend(NamedTuple):
    """How what trees and networks say comes together."""

    trees: float = 1.0
    """What the trees' logits count beside the networks'."""
    ahead: float = math.inf
    """So much more foreign than for the trees, in logits, a line can be for the networks at most."""

    def logits(self, trees: NDArray[np.floating[Any]], networks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring together how foreign lines are for both, in logits."""
        return np.asarray(self.trees * trees + np.minimum(networks, trees + self.ahead))


_ALIKE = Blend()


class Calibration(NamedTuple):
    """From margins to probabilities: straight lines between knots."""

    margins: NDArray[np.int64]
    probabilities: NDArray[np.float64]

    def probability(self, margins: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how likely lines with these margins are foreign, rounded to four digits."""
        return np.round(np.interp(margins, self.margins, self.probabilities), 4)


@dataclass(frozen=True, eq=False)
class LineModel:
    """What training wrote: weights of the parts and the card that describes them."""

    card: Card
    digest: str
    first: Linear
    """Stage one: how foreign a line's n-grams are; one output."""
    second: Forest
    """Stage two: how foreign the line is in its surroundings; one output."""
    calibration: Calibration
    names: Linear
    """What the n-grams say about the label: an output for each label."""
    naming: Forest | None = None
    """Which label it is, from the features and `names`: an output for each label. Models for text leave that to the
    networks."""
    network: Network | None = None
    """What the features of a line and of those around it, of text `names` too, add to the margins of the second
    stage, and say about labels, in logits."""
    blend: Blend = _ALIKE
    correction: Linear | None = None
    """Of adapted models, what the n-grams of a line add to the margin of the second stage, in logits; one output."""
    renaming: Linear | None = None
    """Of adapted models, what the n-grams add to the score of each label, in logits; an output for each label."""

    @property
    def name(self) -> str:
        """Name and digest, as reports carry them."""
        return f"{self.card.name}@{self.digest[:12]}"

    @property
    def kind(self) -> str:
        """`html` for a model that looks at the markup of pages, else `text`."""
        return "text" if self.card.thresholds else "html"

    def threshold(self, mode: str) -> float:
        """Return the probability from which on lines of text are removed in *mode*."""
        return self.card.thresholds["text"][mode]

    def first_scores(self, grams: Sequence[Gram]) -> NDArray[np.float64]:
        """Score lines by their n-grams: above 0 for foreign ones."""
        return np.asarray(self.first.scores(grams)[:, 0])

    def foreign(self, matrix: NDArray[np.float32], grams: Sequence[Gram], around: Around | None) -> NDArray[np.float64]:
        """Return the probability that each line is foreign.

        *matrix* is features by lines, *around* what `surroundings` says of them.
        """
        return self.calibration.probability(self.margins(matrix, grams, around))

    def margins(self, matrix: NDArray[np.float32], grams: Sequence[Gram], around: Around | None) -> NDArray[np.int64]:
        """Return how foreign each line is, in units of the second stage."""
        margins = self._second.margins(matrix)[:, 0]
        if around is not None:
            margins = self._units(self.blend.logits(margins * self.second.scale, around.answers[0]))
        if self.correction is not None:
            margins = margins + self._units(self.correction.scores(grams)[:, 0])
        return margins

    def surroundings(
        self,
        matrix: NDArray[np.float32],
        grams: Sequence[Gram],
        page_of: NDArray[np.int64],
        kins: Sequence[Grouping],
    ) -> Around | None:
        """Return what the network says of each line among those around it; None for a model without.

        *page_of* is the number of each line's page, *kins* are those of `cleaner.features.kins`.
        """
        if self.network is None:
            return None
        if self.kind == "html":
            return Around(None, self.network.logits((matrix,), page_of, kins))
        named = self._named(grams)
        return Around(named, self.network.logits((matrix, named), page_of, kins))

    def _units(self, logits: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.rint(logits / self.second.scale).astype(np.int64)

    def _named(self, grams: Sequence[Gram]) -> NDArray[np.float32]:
        """Return what `names` says of each line: labels by lines."""
        return self._lanes.scores(grams).T.astype(np.float32)

    def likeliest(
        self, matrix: NDArray[np.float32], grams: Sequence[Gram], around: Around | None, among: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the likeliest label of each line *among* some, all as numbers in `LABELS`.

        This head names a line; it does not overrule whether the line is foreign.
        """
        return np.asarray(among[self.label_scores(matrix, grams, around, among).argmax(axis=1)])

    def label_scores(
        self, matrix: NDArray[np.float32], grams: Sequence[Gram], around: Around | None, among: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return how much each line is like each label *among* some, in logits: lines by labels."""
        scores = np.zeros((matrix.shape[1], len(among)))
        if self.naming is not None:
            named = self._named(grams) if around is None or around.named is None else around.named
            scores += self._namer(self.naming, among).margins(np.concatenate([matrix, named])) * self.naming.scale
        if around is not None:
            scores += around.answers[1 + among].T
        if self.renaming is not None:
            scores += self.renaming.scores(grams)[:, among]
        return scores

    @cached_property
    def _lanes(self) -> Lanes:
        return Lanes(self.names)

    @cached_property
    def _second(self) -> Scorer:
        return Scorer(self.second)

    @cached_property
    def _namers(self) -> dict[bytes, Scorer]:
        return {}

    def _namer(self, naming: Forest, among: NDArray[np.int64]) -> Scorer:
        """Return the scorer of some labels, made when they are first asked for."""
        key = among.tobytes()
        if key not in self._namers:
            self._namers[key] = Scorer(naming.only(among))
        return self._namers[key]
