"""`cleaner train-pages`: a model for HTML pages, its thresholds from sites that it did not see.

The stages learn from one another as in the text model, with one difference: what a later stage
sees of an earlier one comes from the same folds that the pages are measured by, not from inner
ones. A fold's lines are still scored by models of other sites alone.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES
from cleaner.features import again, feature_names, fingerprint_of_features, matrix
from cleaner.lab.fitting import UNITS, fit_first, fit_names, fit_trees, naming_forest
from cleaner.lab.gold import deal, read_gold
from cleaner.lab.page_samples import PageSample, page_sample
from cleaner.lab.pages import read_pages
from cleaner.lab.training import calibrate, lowest_threshold
from cleaner.labels import LABELS
from cleaner.model import Calibration, Card, Forest, Linear, LineModel, save_model

FOLDS = 3
LIMITS: Mapping[str, float] = {"careful": 0.005, "balanced": 0.015, "thorough": 0.04}
"""Share of body characters that each mode may lose. Higher than on extracted text: the golds of pages
differ among themselves by about a hundredth, and four fifths of a page are not its body."""
SECOND = {"max_iter": 300, "learning_rate": 0.12, "l2_regularization": 1.0, "min_samples_leaf": 20, "max_features": 0.4}
THIRD = {**SECOND, "max_iter": 200}
_SURE, _LONG = -2.5, 60
"""Margin, in logits, and characters from which on a line that the gold lacks is not believed to be cruft."""


class PageParts(NamedTuple):
    """What finds foreign lines; see `cleaner.model.LineModel`."""

    first: Linear
    second: Forest
    third: Forest


class Fitted(NamedTuple):
    """A model of all pages, one for each fold without its sites, and what these say of the lines they did not see."""

    parts: PageParts
    naming: Mapping[str, Any]
    folds: tuple[PageParts, ...]
    fold: NDArray[np.int64]
    margins: NDArray[np.int64]


def train_pages(
    pages: Sequence[Path],
    labelled: Sequence[Path],
    folder: Path,
    *,
    name: str = "pages",
    licence: str = "not stated",
    seed: int = 0,
) -> LineModel:
    """Train on pages with gold texts and write the model; the same input gives the same bytes.

    *labelled* are labelled documents made of these pages, which say what lines are. Raises
    `InputError` for records that are none, `MissingExtra` without scikit-learn.
    """
    sample = read_sample(pages, labelled, seed=seed)
    fitted = fit_pages(sample, seed=seed)
    data = tuple(_source(path, licence) for path in (*pages, *labelled))
    card, calibration = describe_pages(sample, fitted.margins, name=name, data=data, seed=seed)
    return save_model(folder, card, {**fitted.parts._asdict(), **fitted.naming, "calibration": calibration})


def read_sample(pages: Sequence[Path], labelled: Sequence[Path], *, seed: int = 0) -> PageSample:
    """Read and measure pages, and the labels of their lines."""
    golds = (page for path in pages for page in read_pages(path))
    return page_sample(golds, (document for path in labelled for document in read_gold(path)), seed=seed)


def fit_pages(sample: PageSample, *, seed: int = 0) -> Fitted:
    """Fit all stages, held out by folds of sites and on everything."""
    fold = folds_of(sample, seed=seed)
    firsts, first_scores = _held_out_first(sample, fold)
    _, measured = matrix(sample.laid, first_scores, sample.hits, sample.markup)
    seconds, margins = _held_out_trees(sample, sample.taught, (fold, measured), SECOND, seed)
    taught = sample.taught & ~_doubted(sample, margins)
    _, looked = again(sample.laid, np.asarray(margins * seconds[-1].scale, np.float64), sample.markup)
    measured = np.concatenate([measured, looked])
    thirds, margins = _held_out_trees(sample, taught, (fold, measured), THIRD, seed)
    models = tuple(PageParts(*parts) for parts in zip(firsts, seconds, thirds, strict=True))
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


def _doubted(sample: PageSample, margins: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the long lines that a gold lacks although models of other sites are sure of them.

    Some golds end early: what is left of their pages would teach that paragraphs are cruft.
    """
    sure = margins < _SURE * UNITS
    return np.asarray((sample.foreign == 1) & (sample.codes < 0) & sure & (sample.chars >= _LONG))


def _held_out_trees(
    sample: PageSample,
    taught: NDArray[np.bool_],
    seen: tuple[NDArray[np.int64], NDArray[np.float32]],
    settings: dict[str, Any],
    seed: int,
) -> tuple[list[Forest], NDArray[np.int64]]:
    """Fit a forest without each fold, then on everything; return the margins of the lines not seen.

    *seen* is each line's fold, and the features by lines.
    """
    fold, measured = seen
    margins = np.zeros(sample.laid.count, np.int64)
    forests = []
    for number in range(FOLDS + 1):
        rows = taught & (fold != number)
        forests.append(
            fit_trees(measured[:, rows], sample.foreign[rows] == 1, np.ones(int(rows.sum())), settings, seed)
        )
        inside = np.flatnonzero(fold == number)
        margins[inside] = forests[-1].margins(measured[:, inside])[:, 0]
    return forests, margins


def _naming(sample: PageSample, fold: NDArray[np.int64], measured: NDArray[np.float32], seed: int) -> dict[str, Any]:
    """Fit what names lines, on all lines whose label is known."""
    named = (sample.codes >= 0) & ((sample.foreign == 1) | sample.head)
    scores = np.zeros((sample.laid.count, len(LABELS)))
    for number in range(FOLDS):
        inside = named & (fold == number)
        scores[inside] = fit_names(sample, named & (fold != number)).scores_of(sample, inside)
    features = np.concatenate([measured[:, named], scores[named].T.astype(np.float32)])
    return {"names": fit_names(sample, named).linear, "naming": naming_forest(features, sample.codes[named], seed)}


def describe_pages(
    sample: PageSample,
    margins: NDArray[np.int64],
    rows: NDArray[np.bool_] | None = None,
    **facts: Any,
) -> tuple[Card, Calibration]:
    """Calibrate and set thresholds on held-out *margins* of the decided lines in *rows*, and write the card."""
    decided = sample.foreign >= 0
    decided &= True if rows is None else rows
    foreign = sample.foreign == 1
    calibration = calibrate(margins[decided], foreign[decided])
    chances = calibration.probability(margins)
    body = np.where(foreign, 0, sample.chars)[decided]
    limits = {mode: lowest_threshold(chances[decided], body, LIMITS[mode]) for mode in MODES}
    card = Card(
        features=feature_names("html"),
        fingerprint=fingerprint_of_features("html"),
        labels=tuple(LABELS),
        thresholds={"html": limits},
        weights_sha256="",
        counts=_counts(sample),
        scores=_scores(sample, chances, decided, limits),
        versions={"python": platform.python_version(), **{pkg: version(pkg) for pkg in ("numpy", "scikit-learn")}},
        **{"name": "fold", **facts},
    )
    return card, calibration


def _counts(sample: PageSample) -> dict[str, int]:
    known = {label.value: int((sample.codes == code).sum()) for code, label in enumerate(LABELS)}
    decided = {"stay": int((sample.foreign == 0).sum()), "go": int((sample.foreign == 1).sum())}
    return {"pages": len(sample.pages), "taught": int(sample.taught.sum()), **decided, **known}


def _scores(
    sample: PageSample, chances: NDArray[np.float64], decided: NDArray[np.bool_], limits: Mapping[str, float]
) -> dict[str, Any]:
    """Say by source how much body is lost and how much cruft goes, line by line, the model alone."""
    sources = np.array([page.source for page in sample.pages])[sample.page_of]
    return {source: _modes(sample, chances, decided & (sources == source), limits) for source in sorted(set(sources))}


def _modes(
    sample: PageSample, chances: NDArray[np.float64], rows: NDArray[np.bool_], limits: Mapping[str, float]
) -> dict[str, Any]:
    body = np.where(sample.foreign == 0, sample.chars, 0)
    cruft = rows & (sample.foreign == 1)
    return {"lines": int(rows.sum())} | {
        mode: {
            "body_lost": round(float(body[rows & (chances >= limit)].sum() / max(1, body[rows].sum())), 4),
            "cruft_removed": round(float((chances[cruft] >= limit).mean()) if cruft.any() else 0.0, 4),
        }
        for mode, limit in limits.items()
    }


def _source(path: Path, licence: str) -> dict[str, Any]:
    return {"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest(), "licence": licence}
