"""Fitting the stages of a page model, held out by folds of sites and on everything.

The second stage learns from the first as in the text model, with one difference: what it sees of it
comes from the same folds that the pages are measured by, not from inner ones. A fold's lines are
still scored by models of other sites alone.

Beside it a network reads the lines of a page among each other and among their kin. A third stage, over
what the second one says of the whole page, was taken out again: its probabilities were surer and no
better, by any of the measures once pages are parted by what is to be expected of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import InputError
from cleaner.features import kins, matrix
from cleaner.lab.fitting import NEVER, UNITS, fit_first, fit_names, fit_trees
from cleaner.lab.network_fitting import Places, Recipe, Task, fit_network, known_labels
from cleaner.lab.page_samples import PageSample
from cleaner.lab.sites import deal
from cleaner.labels import LABELS
from cleaner.model import Forest, Linear
from cleaner.model.network import Network

FOLDS = 3
NETWORK = Recipe(epochs=10, labelled=0.2, dropped=0.5, dropped_adds=0.3)
"""Fewer or more epochs, other weights of lines, and kin in more senses do as well within half a point."""
SECOND = {"max_iter": 240, "learning_rate": 0.14, "l2_regularization": 1.0, "min_samples_leaf": 20, "max_features": 0.4}
NAMING = {"max_iter": 40, "learning_rate": 0.12, "l2_regularization": 1.0, "min_samples_leaf": 20}


class PageParts(NamedTuple):
    """What finds foreign lines; see `cleaner.model.LineModel`."""

    first: Linear
    second: Forest
    network: Network


class Fitted(NamedTuple):
    """A model of all pages, one for each fold without its sites, and what these say of the lines they did not see."""

    parts: PageParts
    naming: Mapping[str, Any]
    folds: tuple[PageParts, ...]
    fold: NDArray[np.int64]
    margins: NDArray[np.int64]


def fit_pages(sample: PageSample, *, seed: int = 0) -> Fitted:
    """Fit all stages, held out by folds of sites and on everything.

    Raises `InputError` when no line has a label: naming lines is learned from labels alone.
    """
    if not _named(sample).any():
        raise InputError("no line of these pages is labelled; give labelled documents whose ids are those of pages")
    fold = folds_of(sample, seed=seed)
    firsts, first_scores = _held_out_first(sample, fold)
    _, measured = matrix(sample.laid, first_scores, sample.hits, sample.markup)
    seconds, margins = _held_out_trees(sample, (fold, measured), seed)
    networks, added = _held_out_networks(sample, (fold, measured), seed)
    margins += np.rint(added / seconds[0].scale).astype(np.int64)
    models = tuple(PageParts(*parts) for parts in zip(firsts, seconds, networks, strict=True))
    return Fitted(models[-1], _naming(sample, fold, measured, seed), models[:-1], fold, margins)


def folds_of(sample: PageSample, *, seed: int = 0) -> NDArray[np.int64]:
    """Deal sites into folds of about equal numbers of lines; return each line's fold."""
    sizes: Counter[str] = Counter()
    for page, lines in zip(sample.pages, np.diff(sample.laid.pages).tolist(), strict=True):
        sizes[page.group] += lines
    folds = deal(sizes, FOLDS, seed=seed)
    return np.array([folds[page.group] for page in sample.pages])[sample.page_of]


def _held_out_first(sample: PageSample, fold: NDArray[np.int64]) -> tuple[list[Linear], NDArray[np.float64]]:
    """Fit stage one without each fold, then on everything; return the scores of the lines not seen."""
    scores = np.zeros(sample.laid.count)
    models = []
    for number in range(FOLDS):
        fitted = fit_first(sample, sample.taught & (fold != number))
        inside = fold == number
        scores[inside] = fitted.scores_of(sample, inside)[:, 0]
        models.append(fitted.linear)
    return [*models, fit_first(sample, sample.taught).linear], scores


def _held_out_trees(
    sample: PageSample,
    seen: tuple[NDArray[np.int64], NDArray[np.float32]],
    seed: int,
) -> tuple[list[Forest], NDArray[np.int64]]:
    """Fit a forest without each fold, then on everything; return the margins of the lines not seen.

    *seen* is each line's fold, and the features by lines.
    """
    fold, measured = seen
    margins = np.zeros(sample.laid.count, np.int64)
    forests = []
    for number in range(FOLDS + 1):
        rows = sample.taught & (fold != number)
        forests.append(fit_trees(measured[:, rows], sample.foreign[rows] == 1, np.ones(int(rows.sum())), SECOND, seed))
        inside = np.flatnonzero(fold == number)
        margins[inside] = forests[-1].margins(measured[:, inside])[:, 0]
    return forests, margins


def _held_out_networks(
    sample: PageSample,
    seen: tuple[NDArray[np.int64], NDArray[np.float32]],
    seed: int,
) -> tuple[list[Network], NDArray[np.float64]]:
    """Fit a network without each fold, then on everything; return what they say of the lines not seen, in logits.

    *seen* is each line's fold, and the features by lines. All lines are read, for they are neighbours of others;
    those that nobody knows teach nothing.
    """
    fold, measured = seen
    task = Task((sample.foreign == 1).astype(np.float32), known_labels(sample.codes), _weights(sample))
    places = Places(sample.page_of, tuple(kin.of_line for kin in kins(sample.laid, sample.markup)))
    found = np.zeros(sample.laid.count)
    networks = []
    for number in range(FOLDS + 1):
        networks.append(fit_network(measured, task, places, fold != number, NETWORK, seed=seed))
        inside = np.flatnonzero(fold == number)
        of_fold = places.of(inside)
        logits = networks[-1].logits((measured[:, inside],), of_fold.page_of, of_fold.nearby().kins)
        found[inside] = logits[0]
    return networks, found


def _weights(sample: PageSample) -> NDArray[np.float32]:
    """Return what lines count, 1 on average: half way between alike and as their share of their page's known text."""
    sizes = np.where(sample.foreign >= 0, np.sqrt(sample.chars), 0.0)
    of_page = np.bincount(sample.page_of, weights=sizes, minlength=len(sample.pages))
    shares = np.sqrt(sizes / np.maximum(of_page, 1)[sample.page_of])
    return np.asarray(shares / shares.mean(), np.float32)


def _named(sample: PageSample) -> NDArray[np.bool_]:
    """Return the lines that teach what lines are: foreign ones and what may be the headline, of known label."""
    return np.asarray((sample.codes >= 0) & ((sample.foreign == 1) | sample.head))


def _naming(sample: PageSample, fold: NDArray[np.int64], measured: NDArray[np.float32], seed: int) -> dict[str, Any]:
    """Fit what names lines, on all lines whose label is known."""
    named = _named(sample)
    scores = np.zeros((sample.laid.count, len(LABELS)))
    for number in range(FOLDS):
        inside = named & (fold == number)
        scores[inside] = fit_names(sample, named & (fold != number)).scores_of(sample, inside)
    features = np.concatenate([measured[:, named], scores[named].T.astype(np.float32)])
    return {"names": fit_names(sample, named).linear, "naming": _naming_forest(features, sample.codes[named], seed)}


def _naming_forest(features: NDArray[np.float32], codes: NDArray[np.int64], seed: int) -> Forest:
    """Fit what names lines: *features* by lines, and the number of each line's label."""
    naming = fit_trees(features, codes, np.ones(len(codes)), NAMING, seed)
    return _all_labels(naming, np.unique(codes))


def _all_labels(forest: Forest, codes: NDArray[np.int64]) -> Forest:
    """Give labels that the training lines lack an output of their own that never wins."""
    if len(codes) == len(LABELS):
        return forest
    rounds = len(forest.features) // len(codes)
    total = rounds * len(LABELS)
    places = (np.arange(rounds)[:, None] * len(LABELS) + codes).ravel()

    def spread(array: NDArray[Any]) -> NDArray[Any]:
        wide = np.zeros((total, array.shape[1]), array.dtype)
        wide[places] = array
        return wide

    base = np.full(len(LABELS), round(-NEVER * UNITS), np.int64)
    base[codes] = forest.base
    return forest._replace(
        features=spread(forest.features),
        thresholds=spread(forest.thresholds),
        strikes=spread(forest.strikes),
        leaves=spread(forest.leaves),
        outputs=len(LABELS),
        base=base,
    )
