"""Fitting the parts of a line model with scikit-learn, and freezing them into integers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import MissingExtra
from cleaner.features import BITS, kins, matrix
from cleaner.lab.network_fitting import Places, Recipe, Task, fit_network, known_labels, shares
from cleaner.lab.samples import KEPT_CODES, Lines, Sample, weights_of
from cleaner.labels import LABELS
from cleaner.model import Blend, Forest, Linear
from cleaner.model.network import Network
from cleaner.model.trees import LEAVES

_FOLDS = 3
"""First scores that the second stage learns from come from models that did not see the line's site."""
_NAMING_FOLDS = 2
"""The same for the scores of single labels; there are fifteen of them to fit each time."""

FIRST_C = 0.3
"""Of 0.3, 1 and 3 the best on held-out sites, by little."""
NAMES_C = 1.0
SECOND = {
    "max_iter": 400,
    "learning_rate": 0.1,
    "l2_regularization": 1.0,
    "min_samples_leaf": 20,
    "max_features": 0.3,
}
"""Beside the network on held-out sites: 800 trees do no better, 300 a little worse."""
BLEND = Blend(trees=0.0, ahead=3.5)
"""Networks decide, and the trees say how far they may go. On held-out sites a quarter of the trees' margin beside the
networks', and no bound, are within a third of a point at half a percent of body lost. But in general web text, unlike
what was learned from, networks without a bound find 43 % of the cruft of six languages at four percent of body lost,
trees alone 54, and networks within this bound 46."""
EARLY, SETTLED = 100, -3.5
"""After so many trees a line of no higher margin, in logits, is settled. On held-out sites that is half
of the lines, and all trees would give none of them a probability above 0.15."""
TEACHERS = Recipe(epochs=28, labelled=1.0, dropped=0.2, dropped_adds=0.15, channels=96, networks=2, hidden=0.15)
"""In the same blend 64 channels, 10 epochs, more dropped (0.35 and 0.25) and nothing hidden find a point less on
held-out sites at one and at two percent of body lost, and eleven points less in general web text. A quarter hidden and
no kin cost three points at half a percent. Four networks, two of each recipe, find a point more there and take two
fifths more of all time."""
TEACHING = Blend(trees=0.25, ahead=3.5)
"""How teachers, the trees and a first pair of networks, judge texts without labels."""
LEARNERS = TEACHERS._replace(epochs=20)
"""Of the networks that learn from these texts, too. Against their teachers, both within the bound of `BLEND`, they find
half a point more on held-out sites, at a half and at two percent of body lost, and name one line in a hundred more
rightly; in general web text it is 48 for 45 % at four percent, and 44 for 19 without the bound."""
EVENED = 0.8
"""So much of what is common is taken from labels. On held-out sites 76.5 % of removed lines are named rightly then,
on average over labels 74.9 %; with all of it 76.1 and 75.6, with half of it 76.4 and 73.4."""
NEVER = 20.0
"""So much less, in logits, a label is named that no line learned from has."""
UNITS = 1 << 20
"""Leaf values are counted in units of 1 / UNITS of a logit."""

Rows = NDArray[np.bool_]


class Parts(NamedTuple):
    """What is fitted; see `cleaner.model.LineModel`."""

    first: Linear
    second: Forest
    names: Linear
    network: Network
    blend: Blend


def fit(sample: Sample, rows: Rows, group: NDArray[np.int64], *, seed: int) -> Parts:
    """Fit all parts on the lines in *rows*.

    *group* deals the lines into inner folds by site: what a later stage learns from an earlier
    one was made for lines of sites that the earlier one had not seen. Lines that count nothing
    are scored all the same: they are neighbours of others.

    Lines without labels are scored by the finished stages. Networks that learned from labels, and the trees, teach
    the networks of the model, which learn from both: labels where there are any, and how sure the teachers are of all
    other lines (distillation, Hinton et al. 2015; self-training with noise, Xie et al., CVPR 2020). From excerpts
    these networks alone learn: the trees, which see the same lines around, only bound them.
    """
    taught = rows & sample.known & ~sample.excerpt
    first_scores = np.zeros(len(rows))
    name_scores = np.zeros((len(rows), len(LABELS)))
    named = sample.foreign | sample.head
    for outside, inside in _parted(group % _FOLDS):
        first_scores[inside] = fit_first(sample, taught & outside).scores_of(sample, inside)[:, 0]
    for outside, inside in _parted(group % _NAMING_FOLDS):
        name_scores[inside] = fit_names(sample, taught & named & outside).scores_of(sample, inside)
    first, names = fit_first(sample, taught), fit_names(sample, taught & named)
    first_scores[~sample.known] = first.scores_of(sample, ~sample.known)[:, 0]
    name_scores[~sample.known] = names.scores_of(sample, ~sample.known)
    _, measured = matrix(sample.laid, first_scores, sample.hits)
    second = fit_trees(measured[:, taught], sample.foreign[taught], sample.weights[taught], SECOND, seed)
    second = second._replace(early=EARLY, settled=round(SETTLED * UNITS))
    features = np.concatenate([measured, name_scores.T.astype(np.float32)])
    network = fit_networks(sample, features, second, rows, seed=seed)
    return Parts(first.linear, second, names.linear, evened(network, sample.codes[taught]), BLEND)


def fit_networks(sample: Sample, features: NDArray[np.float32], trees: Forest, rows: Rows, *, seed: int) -> Network:
    """Fit the networks on the lines in *rows*: on labels alone, and if there are lines without, by those teachers."""
    task = Task(sample.foreign.astype(np.float32), known_labels(sample.codes), sample.weights.astype(np.float32))
    places = Places(sample.document, tuple(kin.of_line for kin in kins(sample.laid)))
    if sample.known[rows].all():
        return fit_network(features, task, places, rows, TEACHERS, seed=seed)
    taught = rows & sample.known & ~sample.excerpt
    teachers = fit_network(features, task, places, taught, TEACHERS, seed=seed)
    told = told_by((trees, teachers), sample, features, task, places)
    return fit_network(features, told, places, rows, LEARNERS, seed=seed)


def told_by(
    teachers: tuple[Forest, Network], sample: Sample, features: NDArray[np.float32], task: Task, places: Places
) -> Task:
    """Return the *task* with what the *teachers* say of lines without labels; *features* are features by lines."""
    trees, networks = teachers
    without = np.flatnonzero(~sample.known)
    of_lines, nearby = features[:, without], places.of(without).nearby()
    said = networks.logits((of_lines,), nearby.page_of, nearby.kins)
    margins = trees.margins(of_lines[: len(features) - len(LABELS)])[:, 0] * trees.scale
    foreign = 1 / (1 + np.exp(-np.clip(TEACHING.logits(margins, said[0]), -80, 80)))
    told = Task(*(of.copy() for of in task))
    told.foreign[without] = foreign
    told.named[without] = shares(said[1:].T.astype(np.float32))
    told.weights[without] = weights_of(foreign, sample.chars[without])
    return told


def _parted(folds: NDArray[np.int64]) -> Iterator[tuple[Rows, Rows]]:
    """Part lines by fold: all the others, and the fold itself."""
    for fold in range(int(folds.max()) + 1):
        yield folds != fold, folds == fold


class Fitted(NamedTuple):
    """A linear stage, and how to score the sample's lines with it without hashing them again."""

    linear: Linear

    def scores_of(self, sample: Lines, rows: Rows) -> NDArray[np.float64]:
        """Score the lines in *rows* as `Linear.scores` would."""
        return np.asarray(
            sample.tokens[np.flatnonzero(rows)] @ (self.linear.weights * self.linear.scale) + self.linear.bias
        )


def fit_first(sample: Lines, rows: Rows) -> Fitted:
    """Fit stage one: foreign or not, from n-grams alone."""
    weights, bias = _logistic(sample.tokens[np.flatnonzero(rows)], sample.foreign[rows] == 1, FIRST_C)
    return Fitted(rounded([weights], [bias], np.int16))


def fit_names(sample: Lines, rows: Rows) -> Fitted:
    """Fit one against the rest for every label; labels that never occur score -10."""
    tokens, codes = sample.tokens[np.flatnonzero(rows)], sample.codes[rows]
    fitted = [
        _logistic(tokens, codes == code, NAMES_C) if (codes == code).any() else (np.zeros(1 << BITS), -10.0)
        for code in range(len(LABELS))
    ]
    return Fitted(rounded([weights for weights, _ in fitted], [bias for _, bias in fitted], np.int8))


def _logistic(tokens: Any, target: NDArray[np.bool_], strength: float) -> tuple[NDArray[np.float64], float]:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("training", "train") from error
    fitted = LogisticRegression(C=strength, solver="liblinear", tol=1e-3, random_state=0)
    fitted.fit(tokens, target)
    return fitted.coef_[0], float(fitted.intercept_[0])


def rounded(weights: Sequence[NDArray[np.float64]], bias: Sequence[float], sort: type[np.signedinteger[Any]]) -> Linear:
    """Round weights of buckets to integers, each output by a scale of its own."""
    table = np.stack(weights, axis=1)
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9) / np.iinfo(sort).max
    return Linear(np.rint(table / scale).astype(sort), scale, np.asarray(bias))


def evened(network: Network, codes: NDArray[np.int64]) -> Network:
    """Take from what is said for each removed label how common it is among *codes*, in logits.

    What is common in the texts learned from is not on every site, and rare labels are found better
    (logit adjustment, Menon et al., ICLR 2021). A part of it, `EVENED`, is taken.
    """
    counts = np.bincount(codes, minlength=len(LABELS))
    removed = counts * ~KEPT_CODES
    share = np.where(removed > 0, removed / max(1, removed.sum()), 1.0)
    less = np.where(counts > 0, EVENED * np.log(share), NEVER).astype(np.float32)
    return network._replace(answers_bias=network.answers_bias - np.append(np.float32(0), less))


def fit_trees(
    measured: NDArray[np.float32],
    target: NDArray[Any],
    weights: NDArray[np.float64],
    settings: dict[str, Any],
    seed: int,
) -> Forest:
    """Fit boosted trees to *measured*, features by lines, and freeze them."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    boosted = HistGradientBoostingClassifier(
        **settings, max_leaf_nodes=LEAVES, early_stopping=False, random_state=seed
    ).fit(measured.T, target, sample_weight=weights)
    return freeze(boosted)


def freeze(boosted: Any) -> Forest:
    """Turn fitted histogram boosting into a `Forest` with the same answers up to rounding."""
    trees = [tree for of_round in boosted._predictors for tree in of_round]  # noqa: SLF001 - no public way to the nodes
    base = np.atleast_1d(boosted._baseline_prediction.ravel())  # noqa: SLF001
    shape = (len(trees), LEAVES - 1)
    features, thresholds = np.zeros(shape, np.int16), np.full(shape, np.inf, np.float32)
    strikes, leaves = np.zeros(shape, np.uint8), np.zeros((len(trees), LEAVES), np.int32)
    for number, tree in enumerate(trees):
        conditions, values = _unfold(tree.nodes)
        leaves[number, : len(values)] = np.rint(np.array(values) * UNITS)
        for at, (feature, threshold, struck) in enumerate(conditions):
            features[number, at], thresholds[number, at], strikes[number, at] = feature, threshold, struck
    return Forest(features, thresholds, strikes, leaves, len(base), 1 / UNITS, np.rint(base * UNITS).astype(np.int64))


def _unfold(nodes: NDArray[Any]) -> tuple[list[tuple[int, np.float32, int]], list[float]]:
    """List a tree's conditions with the leaves on their left as bits, and its leaf values, left to right."""
    conditions: list[tuple[int, np.float32, int]] = []
    values: list[float] = []

    def walk(at: int) -> int:
        node = nodes[at]
        if node["is_leaf"]:
            values.append(float(node["value"]))
            return 1 << (len(values) - 1)
        left = walk(int(node["left"]))
        right = walk(int(node["right"]))
        conditions.append((int(node["feature_idx"]), _floor32(float(node["num_threshold"])), left))
        return left | right

    walk(0)
    return conditions, values


def _floor32(value: float) -> np.float32:
    """Round down to float32, so that comparing float32 features gives the same answers."""
    rounded = np.float32(value)
    return rounded if float(rounded) <= value else np.nextafter(rounded, np.float32(-np.inf))
