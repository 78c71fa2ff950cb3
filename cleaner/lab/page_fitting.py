"""Fitting the stages of a page model, held out by folds of sites and on everything.

The second stage learns from the first as in the text model, with one difference: what it sees of it
comes from the same folds that the pages are measured by, not from inner ones. A fold's lines are
still scored by models of other sites alone.

A third stage, over what the second one says of the whole page, was taken out again: its
probabilities were surer and no better, by any of the measures once pages are parted by what is to be
expected of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import InputError
from cleaner.features import matrix
from cleaner.lab.fitting import fit_first, fit_names, fit_trees, naming_forest
from cleaner.lab.gold import deal
from cleaner.lab.page_samples import PageSample
from cleaner.labels import LABELS
from cleaner.model import Forest, Linear

FOLDS = 3
SECOND = {"max_iter": 240, "learning_rate": 0.14, "l2_regularization": 1.0, "min_samples_leaf": 20, "max_features": 0.4}


class PageParts(NamedTuple):
    """What finds foreign lines; see `cleaner.model.LineModel`."""

    first: Linear
    second: Forest


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
    models = tuple(PageParts(*parts) for parts in zip(firsts, seconds, strict=True))
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
    return {"names": fit_names(sample, named).linear, "naming": naming_forest(features, sample.codes[named], seed)}
