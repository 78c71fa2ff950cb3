"""`cleaner adapt`: the shipped model and some labelled documents in, a model adapted to them out.

The texts that the shipped model learned from are not needed: its weights are kept, and a correction
is laid beside them. The thresholds move as far as the documents are many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document
from cleaner.errors import ModelError, SettingError
from cleaner.features import fingerprint_of_features, kins, matrix
from cleaner.lab.calibration import thresholds
from cleaner.lab.corrections import Correction, correct
from cleaner.lab.curves import curve
from cleaner.lab.renaming import FOREIGN_CODES, Renaming, rename
from cleaner.lab.samples import KEPT_CODES, Lesson, Sample, sample
from cleaner.lab.training import Files, read_lessons, source
from cleaner.labels import KEPT, LABELS
from cleaner.model import Around, Card, LineModel, find_model, load_model, save_model

_RAISED, _LOWERED = 30, 90
"""So many documents count as much for the thresholds as all that the base model saw: fewer for raising than for
lowering them, since losing body is worse than leaving cruft."""
_AT = (0.002, 0.005, 0.02)
_DEFAULT = "0.005"
_KEPT = ("first", "second", "calibration", "names", "naming", "network", "blend")
"""Parts of the base that stay as they are."""


class Corrections(NamedTuple):
    """Lines of which the labels say otherwise than `cleaner clean` with the base model."""

    decided: int
    """Whether they stay or go."""
    named: int
    """Only what they are called."""
    ruled: int
    """Those among both that rules decided; adapting leaves rules as they are."""


class Adapted(NamedTuple):
    """A new model, and what its correction does to documents held out in turn."""

    model: LineModel
    before: Mapping[str, float]
    """Share of cruft lines that the base model finds at each loss of body characters."""
    after: Mapping[str, float]
    names: Renaming
    """What was learned of names, and what it does to lines held out."""
    corrections: Corrections

    @property
    def finds_less(self) -> bool:
        """Whether the new model finds less cruft than the base at the limit of the default mode."""
        return self.after[_DEFAULT] < self.before[_DEFAULT]


def base_model(folder: Path | None = None) -> LineModel:
    """Load the model to start from, the shipped one if no other is named.

    Raises `ModelError` where there is none, `SettingError` for one that was adapted already.
    """
    folder = folder or find_model()
    if folder is None:
        raise ModelError("there is no shipped model to start from; name one with --base", path=Path("models"))
    model = load_model(folder, (fingerprint_of_features(),))
    if model.correction is not None:
        raise SettingError(f"{folder} was adapted already; start from its base, with all labels")
    return model


def adapt(
    paths: Sequence[Path],
    folder: Path,
    *,
    base: Path | None = None,
    name: str = "adapted",
    licence: str = "not stated",
    seed: int = 0,
) -> Adapted:
    """Adapt a model to labelled records and write it; the same input gives the same bytes.

    Raises `InputError` for records that are no labelled documents, `SettingError` for fewer than
    two of them, `ModelError` for a base that is none, `MissingExtra` without SciPy.
    """
    start = base_model(base)
    data = tuple(source(path, licence) for path in paths)
    lessons = read_lessons(Files(paths))
    card, parts, told = adapted(start, lessons, seed=seed)
    card = replace(card, name=name, data=(*card.data, *data), seed=seed)
    return Adapted(save_model(folder, card, parts), *told, corrections_in(lessons, base))


def corrections_in(lessons: Sequence[Lesson], base: Path | None = None) -> Corrections:
    """Count the lines that people labelled otherwise than the road does with a model, the shipped one if None."""
    engine, decided, named, ruled = Cleaner(model=base), 0, 0, 0
    for lesson in lessons:
        _, verdicts, _ = engine.explain(Document("", lesson.page.text))
        for verdict, code in zip(verdicts, lesson.codes, strict=True):
            otherwise = (verdict.label in KEPT) != bool(KEPT_CODES[code])
            renamed = not otherwise and verdict.label is not LABELS[code]
            decided, named = decided + otherwise, named + renamed
            ruled += (otherwise or renamed) and verdict.source.startswith("rule:")
    return Corrections(decided, named, ruled)


def adapted(
    base: LineModel, lessons: Sequence[Lesson], *, seed: int = 0
) -> tuple[Card, dict[str, Any], tuple[dict[str, float], dict[str, float], Renaming]]:
    """Return card and parts of the adapted model, what was found before and after at each loss of body, and names."""
    if not any(lesson.codes for lesson in lessons):
        raise SettingError("no labelled lines to adapt to; review some documents first")
    lines = sample(lessons)
    measured = _measured(base, lines)
    around = _around(base, lines, measured)
    margins = base.margins(measured, lines.grams, around)
    found = correct(lines, np.asarray(margins * base.second.scale, np.float64), seed=seed)
    held_out = margins + np.rint(found.held_out / base.second.scale).astype(np.int64)
    names = rename(lines, base.label_scores(measured, lines.grams, around, FOREIGN_CODES), found.fold)
    told = _points(lines, margins), _points(lines, held_out), names
    card = replace(
        base.card,
        thresholds={"text": moved(base, lines, base.calibration.probability(held_out))},
        scores={**base.card.scores, "adapted": _facts(base, lessons, found, told)},
    )
    kept = {name: getattr(base, name) for name in _KEPT}
    parts = {**kept, "correction": found.linear, "renaming": names.linear}
    return card, {name: part for name, part in parts.items() if part is not None}, told


def margins_of(model: LineModel, lines: Sample) -> NDArray[np.int64]:
    """Return the margins of all lines, in units of the model's second stage."""
    measured = _measured(model, lines)
    return model.margins(measured, lines.grams, _around(model, lines, measured))


def _measured(model: LineModel, lines: Sample) -> NDArray[np.float32]:
    _, measured = matrix(lines.laid, model.first_scores(lines.grams), lines.hits)
    return measured


def _around(model: LineModel, lines: Sample, measured: NDArray[np.float32]) -> Around | None:
    return model.surroundings(measured, lines.grams, lines.document, kins(lines.laid))


def moved(base: LineModel, lines: Sample, chances: NDArray[np.float64]) -> dict[str, float]:
    """Return the thresholds of the base, moved towards what the limits ask of these lines.

    Between the two by their log-odds; with `_RAISED` or `_LOWERED` documents they meet half way.
    """
    if lines.foreign.all():
        return dict(base.card.thresholds["text"])
    documents = len(np.unique(lines.document))
    asked = thresholds(lines, chances, np.ones(len(chances), bool))
    return {mode: _between(base.threshold(mode), asked[mode], documents) for mode in MODES}


def _between(first: float, second: float, documents: int) -> float:
    share = documents / (documents + (_RAISED if second > first else _LOWERED))
    odds = [np.log(chance / (1 - chance)) for chance in np.clip([first, second], 1e-4, 1 - 1e-4)]
    return round(float(1 / (1 + np.exp(-(odds[0] + share * (odds[1] - odds[0]))))), 4)


def _points(lines: Sample, margins: NDArray[np.int64]) -> dict[str, float]:
    points = curve(margins, lines.chars, lines.foreign, _AT)
    return {str(point.limit): round(point.cruft_removed, 4) for point in points}


def _facts(
    base: LineModel,
    lessons: Sequence[Lesson],
    found: Correction,
    told: tuple[dict[str, float], dict[str, float], Renaming],
) -> dict[str, Any]:
    return {
        "base": base.name,
        "documents": len(lessons),
        "lines": len(found.fold),
        "pull": found.pull,
        "cruft_removed_at_body_loss": {"before": told[0], "after": told[1]},
        "called_right": {"foreign_lines": told[2].lines, "before": told[2].before, "after": told[2].after},
    }
