"""`cleaner train`: held-out scores and thresholds by folds of sites, then one model from all lines."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES
from cleaner.features import feature_names, fingerprint_of_features, matrix
from cleaner.lab.fitting import Parts, fit
from cleaner.lab.gold import GoldDocument, folds, read_gold
from cleaner.lab.samples import Sample, sample
from cleaner.labels import LABELS
from cleaner.model import Calibration, Card, LineModel, save_model

LIMITS: Mapping[str, float] = {"careful": 0.002, "balanced": 0.005, "thorough": 0.02}
"""Share of body characters that each mode may lose."""
_MARGIN = 0.9
"""Thresholds are set at this share of the limit: what new sites bring is not known to the last line."""
_KNOTS = 48
_MEASURED = "residual"


class Folds(NamedTuple):
    """Models that each left some sites out, and what they say about the lines of those sites."""

    models: tuple[Parts, ...]
    fold: NDArray[np.int64]
    """Which model did not see a line's site, by line."""
    margins: NDArray[np.int64]
    """What that model says of the line."""


def train(paths: Sequence[Path], folder: Path, *, name: str = "lines", seed: int = 0) -> LineModel:
    """Train on labelled records and write the model; the same input gives the same bytes.

    Raises `InputError` for records that are no labelled documents, `MissingExtra` without
    scikit-learn.
    """
    documents = [document for path in paths for document in read_gold(path)]
    lines = sample(documents)
    held_out = hold_out(documents, lines, seed=seed)
    every = np.ones(len(lines.codes), bool)
    parts = fit(lines, every, inner_groups(documents, lines, seed=seed), seed=seed)
    data = tuple(_source(path) for path in paths)
    card, calibration = describe(documents, lines, held_out.margins, every, name=name, data=data, seed=seed)
    return save_model(folder, card, {**parts._asdict(), "calibration": calibration})


def hold_out(documents: Sequence[GoldDocument], lines: Sample, *, seed: int) -> Folds:
    """Train one model for each fold of sites on the other folds, and score what it did not see."""
    fold = fold_numbers(documents, lines, seed=seed)
    inner = inner_groups(documents, lines, seed=seed)
    margins = np.zeros(len(fold), np.int64)
    models = []
    for number in range(int(fold.max()) + 1):
        parts = fit(lines, fold != number, inner, seed=seed)
        margins[fold == number] = margins_of(parts, lines)[fold == number]
        models.append(parts)
    return Folds(tuple(models), fold, margins)


def fold_numbers(documents: Sequence[GoldDocument], lines: Sample, *, seed: int) -> NDArray[np.int64]:
    """Return the fold of each line; a site lies in one fold."""
    numbers = np.zeros(len(documents), np.int64)
    for number, members in enumerate(folds(documents, seed=seed)):
        numbers[list(members)] = number
    return numbers[lines.document]


def inner_groups(documents: Sequence[GoldDocument], lines: Sample, *, seed: int) -> NDArray[np.int64]:
    """Deal the sites once more, otherwise, for the folds inside training."""
    return fold_numbers(documents, lines, seed=seed + 1)


def margins_of(parts: Parts, lines: Sample) -> NDArray[np.int64]:
    """Return the second stage's margins of all lines."""
    first = np.asarray(parts.first.scores(lines.grams)[:, 0])
    _, measured = matrix(lines.laid, first, lines.hits)
    return parts.second.margins(measured)[:, 0]


def describe(
    documents: Sequence[GoldDocument],
    lines: Sample,
    margins: NDArray[np.int64],
    rows: NDArray[np.bool_],
    **facts: Any,
) -> tuple[Card, Calibration]:
    """Calibrate and set thresholds on held-out *margins* of the lines in *rows*, and write the card.

    *facts* are more fields of the card: name, data, scores, seed.
    """
    measured = np.array([document.kind == _MEASURED for document in documents])[lines.document] & rows
    calibration = calibrate(margins[measured], lines.foreign[measured])
    chances = calibration.probability(margins)
    card = Card(
        features=feature_names(),
        fingerprint=fingerprint_of_features(),
        labels=tuple(LABELS),
        thresholds={"text": thresholds(lines, chances, measured)},
        weights_sha256="",
        counts={label: int((lines.codes == code).sum()) for code, label in enumerate(LABELS)},
        versions={"python": platform.python_version(), **{pkg: version(pkg) for pkg in ("numpy", "scikit-learn")}},
        **{"name": "fold", **facts},
    )
    return card, calibration


def calibrate(margins: NDArray[np.int64], foreign: NDArray[np.bool_]) -> Calibration:
    """Fit a rising curve from margins to the share of foreign lines (isotonic regression)."""
    from sklearn.isotonic import IsotonicRegression

    order = np.argsort(margins, kind="stable")
    bins = np.array_split(order, min(_KNOTS, len(order)))
    at = np.array([margins[of_bin].mean() for of_bin in bins])
    # Add-half smoothing keeps the ends from claiming certainty.
    share = np.array([(foreign[of_bin].sum() + 0.5) / (len(of_bin) + 1) for of_bin in bins])
    rising = IsotonicRegression().fit(at, share, sample_weight=[len(of_bin) for of_bin in bins]).predict(at)
    ends = np.concatenate([[at[0] - 8 * (1 << 20)], at, [at[-1] + 4 * (1 << 20)]])
    # A slight slope keeps the order of margins within flat stretches.
    chances = np.concatenate([[0.0], rising, [1.0]]) * 0.96 + np.linspace(0, 0.04, len(ends)) * 1.0
    chances = np.clip(chances, 0, 1)
    return Calibration(np.rint(ends).astype(np.int64), np.maximum.accumulate(chances))


def thresholds(lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_]) -> dict[str, float]:
    """Return for each mode the lowest probability at which no more body than its limit is lost."""
    return {mode: _threshold(lines, chances, rows, LIMITS[mode] * _MARGIN) for mode in MODES}


def _threshold(lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_], limit: float) -> float:
    body = np.where(lines.foreign, 0, lines.chars) * rows
    ruled = body[lines.ruled > 0].sum()
    free = (body > 0) & (lines.ruled == 0)
    order = np.argsort(-chances[free], kind="stable")
    lost = (ruled + np.cumsum(body[free][order])) / body.sum()
    beyond = np.flatnonzero(lost > limit)
    highest = float(chances[free][order][beyond[0]]) if len(beyond) else 0.0
    return round(min(1.0, highest + 1e-4), 4)


def _source(path: Path) -> dict[str, Any]:
    return {"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest()}
