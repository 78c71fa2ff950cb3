"""`cleaner train`: held-out scores and thresholds by folds of sites, then one model from all lines."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import SettingError
from cleaner.features import feature_names, fingerprint_of_features, kins, matrix
from cleaner.lab.calibration import calibrate, thresholds
from cleaner.lab.curves import curve, reliability
from cleaner.lab.fitting import Parts, fit
from cleaner.lab.gold import GoldDocument, read_gold
from cleaner.lab.records import read_records
from cleaner.lab.samples import (
    EXCERPT,
    TAUGHT,
    UNLABELLED,
    Lesson,
    Sample,
    gold_lesson,
    sample,
    unlabelled_lesson,
    with_excerpts,
)
from cleaner.lab.sites import deal
from cleaner.lab.unlabelled import Unlabelled, read_unlabelled
from cleaner.labels import KEPT, LABELS
from cleaner.model import Calibration, Card, LineModel, save_model

FOLDS = 5
_MEASURED = "residual"
_LEAST = 2
"""Folds that must hold documents of that kind."""


class Files(NamedTuple):
    """Where lies what there is to learn."""

    labels: Sequence[Path]
    """Labelled documents; on them alone calibration and thresholds are measured."""
    teach: Sequence[Path] = ()
    """More labelled documents."""
    unlabelled: Sequence[Path] = ()
    """Texts without labels."""


class Folds(NamedTuple):
    """Models that each left some sites out, and what they say about the lines of those sites."""

    models: tuple[Parts, ...]
    fold: NDArray[np.int64]
    """Which model did not see a line's site, by line; -1 for sites that are only taught, seen by all."""
    margins: NDArray[np.int64]
    """What that model says of the line."""


def train(
    files: Files,
    folder: Path,
    *,
    name: str = "lines",
    licence: str = "not stated",
    seed: int = 0,
) -> LineModel:
    """Train on labelled records and write the model; the same input gives the same bytes.

    *licence* is what the card says of the data. Raises `InputError` for records that are not what *files* say,
    `MissingExtra` without scikit-learn.
    """
    data = tuple(source(path, licence) for of_sort in files for path in of_sort)
    card, parts = learn(read_lessons(files), name=name, data=data, seed=seed)
    return save_model(folder, card, parts)


def learn(lessons: Sequence[Lesson], *, seed: int = 0, **facts: Any) -> tuple[Card, dict[str, Any]]:
    """Hold sites out for calibration and thresholds, then fit all parts on all lines.

    Return the card, without the digest of weights, and the parts of the model by name; *facts*
    are more fields of the card. Raises `SettingError` for fewer sites than folds, and too little to measure on.
    """
    lessons = with_excerpts(lessons, seed=seed)
    lines = sample(lessons)
    held_out = hold_out(lessons, lines, seed=seed)
    every = np.ones(lines.laid.count, bool)
    parts = fit(lines, every, inner_folds(lessons, lines, seed=seed), seed=seed)
    card, calibration = describe(lessons, lines, held_out.margins, every, seed=seed, **facts)
    return card, {**parts._asdict(), "calibration": calibration}


def read_lessons(files: Files) -> tuple[Lesson, ...]:
    """Read labelled documents, behind them those that are only taught, and last the texts without labels."""
    return lessons_of(
        [document for path in files.labels for document in read_gold(path)],
        [document for path in files.teach for document in read_gold(path)],
        [text for path in files.unlabelled for text in read_unlabelled(path)],
    )


def lessons_of(
    documents: Sequence[GoldDocument], teach: Sequence[GoldDocument] = (), unlabelled: Sequence[Unlabelled] = ()
) -> tuple[Lesson, ...]:
    """Return what there is to learn: from labelled documents, from those only taught, and from texts without labels.

    Of an unlabelled text nothing is learned that is, to the letter, a labelled one.
    """
    known = {document.text for document in (*documents, *teach)}
    return (
        *(gold_lesson(document) for document in documents),
        *(gold_lesson(document, TAUGHT) for document in teach),
        *(unlabelled_lesson(text) for text in unlabelled if text.text not in known),
    )


def hold_out(lessons: Sequence[Lesson], lines: Sample, *, seed: int) -> Folds:
    """Train one model for each fold of sites on the other folds, and score what it did not see.

    Raises `SettingError` for fewer sites than folds, and where too little could be measured afterwards.
    """
    fold, inner = outer_folds(lessons, lines, seed=seed), inner_folds(lessons, lines, seed=seed)
    _refuse_unmeasurable(fold[_measurable(lessons, lines)])
    margins = np.zeros(len(fold), np.int64)
    models = []
    for number in range(FOLDS):
        parts = fit(lines, fold != number, inner, seed=seed)
        margins[fold == number] = margins_of(parts, lines)[fold == number]
        models.append(parts)
    return Folds(tuple(models), fold, margins)


def _refuse_unmeasurable(fold: NDArray[np.int64]) -> None:
    # A model of a fold gets its thresholds from the others, so one alone would leave it without any.
    if len(np.unique(fold)) < _LEAST:
        fault = f"too few documents of kind {_MEASURED} to measure thresholds on; give some, of more than one site"
        raise SettingError(fault)


def _measurable(lessons: Sequence[Lesson], lines: Sample) -> NDArray[np.bool_]:
    return np.array([lesson.kind == _MEASURED for lesson in lessons], bool)[lines.document]


def outer_folds(lessons: Sequence[Lesson], lines: Sample, *, seed: int) -> NDArray[np.int64]:
    """Deal the sites that are measured into folds of about equal numbers of lines; return each line's fold.

    Other documents of such a site go with it; those of all other sites are in no fold: -1.
    """
    measured = (lesson for lesson in lessons if lesson.kind not in {TAUGHT, UNLABELLED, EXCERPT})
    folds = deal(_sizes(measured), FOLDS, seed=seed)
    return np.array([folds.get(lesson.group, -1) for lesson in lessons])[lines.document]


def inner_folds(lessons: Sequence[Lesson], lines: Sample, *, seed: int) -> NDArray[np.int64]:
    """Deal all sites with labels into folds, apart from the outer ones; see `fit`."""
    labelled = (lesson for lesson in lessons if lesson.kind not in {UNLABELLED, EXCERPT})
    folds = deal(_sizes(labelled), FOLDS, seed=seed + 1)
    return np.array([folds.get(lesson.group, -1) for lesson in lessons])[lines.document]


def _sizes(lessons: Iterable[Lesson]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for lesson in lessons:
        sizes[lesson.group] = sizes.get(lesson.group, 0) + len(lesson.codes)
    return sizes


def margins_of(parts: Parts, lines: Sample) -> NDArray[np.int64]:
    """Return the margins of all lines; see `LineModel.margins`."""
    first = np.asarray(parts.first.scores(lines.grams)[:, 0])
    _, measured = matrix(lines.laid, first, lines.hits)
    named = parts.names.scores(lines.grams).T.astype(np.float32)
    around = parts.network.logits((measured, named), lines.document, kins(lines.laid))
    trees = parts.second.margins(measured)[:, 0] * parts.second.scale
    return np.rint(parts.blend.logits(trees, around[0]) / parts.second.scale).astype(np.int64)


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
    measured = _measurable(lessons, lines) & rows
    calibration = calibrate(margins[measured], lines.foreign[measured])
    chances = calibration.probability(margins)
    limits = thresholds(lines, chances, measured)
    card = Card(
        features=feature_names(),
        fingerprint=fingerprint_of_features(),
        labels=tuple(LABELS),
        thresholds={"text": limits},
        weights_sha256="",
        counts=_counts(lines),
        scores=_held_out_scores(lessons, lines, chances, measured, limits["balanced"]),
        versions={"python": platform.python_version(), **{pkg: version(pkg) for pkg in ("numpy", "scikit-learn")}},
        **{"name": "fold", **facts},
    )
    return card, calibration


def _counts(lines: Sample) -> dict[str, int]:
    """Count the lines by label."""
    codes = lines.codes[~lines.excerpt]
    return {label.value: int((codes == code).sum()) for code, label in enumerate(LABELS)}


def source(path: Path, licence: str) -> dict[str, Any]:
    """Return what a card says of a file of labelled records."""
    sources = Counter(str(record.get("source", "")) for _, record in read_records(path))
    return {
        "file": path.name,
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "licence": licence,
        "documents": sum(sources.values()),
        "sources": dict(sorted(sources.items())),
    }


def _held_out_scores(
    lessons: Sequence[Lesson], lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_], threshold: float
) -> dict[str, Any]:
    """Say how well lines of unseen sites are told apart by the model alone, without rules and neighbours."""
    removed = chances >= threshold
    lang = np.array([lesson.lang for lesson in lessons])[lines.document]
    languages = {name: rows & (lang == name) for name in sorted(set(lang[rows].tolist()))}
    labels = {label.value: rows & (lines.codes == code) for code, label in enumerate(LABELS) if label not in KEPT}
    return {
        "kind": _MEASURED,
        "lines": int(rows.sum()),
        "brier": round(reliability(chances[rows], lines.foreign[rows]).brier, 4),
        "cruft_removed_at_body_loss": _points(lines, chances, rows),
        "removed_by_label_in_balanced": {
            name: {"lines": int(of_label.sum()), "removed": round(float(removed[of_label].mean()), 4)}
            for name, of_label in labels.items()
            if of_label.any()
        },
        "cruft_removed_by_language": {
            name: {"lines": int(of_lang.sum()), **_points(lines, chances, of_lang)}
            for name, of_lang in languages.items()
        },
    }


def _points(lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_]) -> dict[str, float]:
    points = curve(chances[rows], lines.chars[rows], lines.foreign[rows])
    return {str(point.limit): round(point.cruft_removed, 4) for point in points}
