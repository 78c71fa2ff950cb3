"""`cleaner train`: held-out scores and thresholds by folds of sites, then one model from all lines."""

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
from cleaner.features import feature_names, fingerprint_of_features, matrix
from cleaner.lab.curves import curve, reliability
from cleaner.lab.fitting import Parts, fit
from cleaner.lab.gold import deal, read_gold
from cleaner.lab.records import read_records
from cleaner.lab.samples import Lesson, Sample, gold_lesson, sample, weak_lessons
from cleaner.labels import LABELS
from cleaner.model import Calibration, Card, LineModel, save_model

LIMITS: Mapping[str, float] = {"careful": 0.002, "balanced": 0.005, "thorough": 0.02}
"""Share of body characters that each mode may lose."""
_MARGIN = 0.65
"""Thresholds are set at this share of the limit: neighbours and spans take their part, and what
new sites bring is not known to the last line."""
_KNOTS = 48
FOLDS = 5
WEAK_SHARE = 0.3
"""What a weak line counts beside a labelled one."""
_MEASURED = "residual"


class Folds(NamedTuple):
    """Models that each left some sites out, and what they say about the lines of those sites."""

    models: tuple[Parts, ...]
    fold: NDArray[np.int64]
    """Which model did not see a line's site, by line; -1 for sites without labels, seen by all."""
    margins: NDArray[np.int64]
    """What that model says of the line."""


def train(
    paths: Sequence[Path],
    folder: Path,
    *,
    weak: Sequence[Path] = (),
    name: str = "lines",
    licence: str = "not stated",
    seed: int = 0,
) -> LineModel:
    """Train on labelled records and write the model; the same input gives the same bytes.

    *weak* are files of weak labels; *licence* is what the card says of the data. Raises
    `InputError` for records that are no labelled documents, `MissingExtra` without scikit-learn.
    """
    lessons = read_lessons(paths, weak)
    lines = sample(lessons)
    held_out = hold_out(lessons, lines, seed=seed)
    parts = fit(lines, lines.counts > 0, fold_of_lines(lessons, lines, seed=seed + 1), seed=seed)
    data = tuple(_source(path, licence) for path in (*paths, *weak))
    card, calibration = describe(lessons, lines, held_out.margins, lines.counts > 0, name=name, data=data, seed=seed)
    return save_model(folder, card, {**parts._asdict(), "calibration": calibration})


def read_lessons(paths: Sequence[Path], weak: Sequence[Path] = ()) -> tuple[Lesson, ...]:
    """Read labelled documents, and weak ones behind them."""
    labelled = [gold_lesson(document) for path in paths for document in read_gold(path)]
    return (*labelled, *(lesson for path in weak for lesson in weak_lessons(path, WEAK_SHARE)))


def hold_out(lessons: Sequence[Lesson], lines: Sample, *, seed: int) -> Folds:
    """Train one model for each fold of sites on the other folds, and score what it did not see."""
    fold = fold_of_lines(lessons, lines, seed=seed)
    fold[~lines.named & ~np.isin(fold, fold[lines.named])] = -1
    inner = fold_of_lines(lessons, lines, seed=seed + 1)
    margins = np.zeros(len(fold), np.int64)
    models = []
    for number in range(FOLDS):
        parts = fit(lines, fold != number, inner, seed=seed)
        margins[fold == number] = margins_of(parts, lines)[fold == number]
        models.append(parts)
    return Folds(tuple(models), fold, margins)


def fold_of_lines(lessons: Sequence[Lesson], lines: Sample, *, seed: int) -> NDArray[np.int64]:
    """Deal sites into folds of about equal numbers of labelled lines; return each line's fold."""
    sizes: dict[str, int] = {}
    for lesson in lessons:
        sizes[lesson.group] = sizes.get(lesson.group, 0) + sum(weight == 1 for weight in lesson.weights)
    folds = deal(sizes, FOLDS, seed=seed)
    return np.array([folds[lesson.group] for lesson in lessons])[lines.document]


def margins_of(parts: Parts, lines: Sample) -> NDArray[np.int64]:
    """Return the second stage's margins of all lines."""
    first = np.asarray(parts.first.scores(lines.grams)[:, 0])
    _, measured = matrix(lines.laid, first, lines.hits)
    return parts.second.margins(measured)[:, 0]


def describe(
    lessons: Sequence[Lesson],
    lines: Sample,
    margins: NDArray[np.int64],
    rows: NDArray[np.bool_],
    **facts: Any,
) -> tuple[Card, Calibration]:
    """Calibrate and set thresholds on held-out *margins* of the lines in *rows*, and write the card.

    *facts* are more fields of the card: name, data, scores, seed.
    """
    measured = np.array([lesson.kind == _MEASURED for lesson in lessons])[lines.document] & rows & lines.named
    calibration = calibrate(margins[measured], lines.foreign[measured])
    chances = calibration.probability(margins)
    card = Card(
        features=feature_names(),
        fingerprint=fingerprint_of_features(),
        labels=tuple(LABELS),
        thresholds={"text": thresholds(lines, chances, measured)},
        weights_sha256="",
        counts=_counts(lines),
        scores=_held_out_scores(lines, chances, measured),
        versions={"python": platform.python_version(), **{pkg: version(pkg) for pkg in ("numpy", "scikit-learn")}},
        **{"name": "fold", **facts},
    )
    return card, calibration


def _counts(lines: Sample) -> dict[str, int]:
    """Count the labelled lines by label, and the weak ones."""
    labelled = {label.value: int((lines.named & (lines.codes == code)).sum()) for code, label in enumerate(LABELS)}
    weak = (lines.counts > 0) & ~lines.named
    return {
        **labelled,
        "weak kept": int((weak & ~lines.foreign).sum()),
        "weak foreign": int((weak & lines.foreign).sum()),
    }


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


def _source(path: Path, licence: str) -> dict[str, Any]:
    sources = Counter(str(record.get("source", "")) for _, record in read_records(path))
    return {
        "file": path.name,
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "licence": licence,
        "documents": sum(sources.values()),
        "sources": dict(sorted(sources.items())),
    }


def _held_out_scores(lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_]) -> dict[str, Any]:
    """Say how well lines of unseen sites are told apart by the model alone, without rules and neighbours."""
    points = curve(chances[rows], lines.chars[rows], lines.foreign[rows])
    return {
        "kind": _MEASURED,
        "lines": int(rows.sum()),
        "brier": round(reliability(chances[rows], lines.foreign[rows]).brier, 4),
        "cruft_removed_at_body_loss": {str(point.limit): round(point.cruft_removed, 4) for point in points},
    }
