"""The gate: what the shipped model must reach on a small sample of our own before anything passes.

The sample is written by us and taught to no model; its digest stands beside the floors, so that
neither can change unnoticed. Floors rise with what was reached; lowering one takes an explicit word.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document
from cleaner.errors import InputError, SettingError
from cleaner.lab.evaluate import score
from cleaner.lab.gold import GoldDocument, read_gold
from cleaner.lab.validation import RULES

_AT_MOST = frozenset({"body_loss"})
_DIGITS = 3
_STEP = 10.0**-_DIGITS
"""Floors are set one step on the safe side of what was reached: machines may differ in the last line."""

Figures = Mapping[str, Mapping[str, float]]
"""By mode (or `RULES`), then by name of the figure: shares from 0 to 1."""


class Floors(NamedTuple):
    """What a file of floors holds."""

    sample: Path
    digest: str
    least: Figures
    """The floors; of a loss the most."""


class Fall(NamedTuple):
    """One figure that does not reach its floor."""

    mode: str
    figure: str
    floor: float
    reached: float

    def __str__(self) -> str:
        """Say what fell, in percent."""
        bound = "at most" if self.figure in _AT_MOST else "at least"
        name = self.figure.replace("_", " ")
        return f"{self.mode}: {name} is {100 * self.reached:.2f} %, {bound} {100 * self.floor:.2f} % is asked"


def figures(documents: Sequence[GoldDocument]) -> Figures:
    """Clean *documents* with the shipped model in every mode, and by the rules alone."""
    engines = {mode: Cleaner(mode=mode) for mode in MODES} | {RULES: Cleaner(rules_only=True)}
    return {name: _figures(engine, documents) for name, engine in engines.items()}


def _figures(engine: Cleaner, documents: Sequence[GoldDocument]) -> dict[str, float]:
    given = (Document(document.id, document.text) for document in documents)
    removed = [cleaned.report.removed for cleaned in engine.clean_many(given)]
    tally = score(documents, removed).total.tally
    return {
        "body_loss": tally.body_loss,
        "cruft_removed": tally.cruft_removed,
        "label_accuracy": tally.label_accuracy,
    }


def check(floors: Path) -> tuple[Fall, ...]:
    """Measure what *floors* asks for and return what falls short.

    Raises `InputError` for floors that cannot be read and a sample that is not the one they were set on.
    """
    sample, digest, least = _read(floors)
    if _digest(sample) != digest:
        raise InputError("is not the sample that the floors were set on", path=sample)
    reached = figures(read_gold(sample))
    try:
        return tuple(
            Fall(mode, figure, floor, reached[mode][figure])
            for mode, row in least.items()
            for figure, floor in row.items()
            if _short(figure, floor, reached[mode][figure])
        )
    except KeyError as error:
        raise InputError(f"not floors of this version: {error!r}", path=floors) from error


def set_floors(floors: Path, sample: Path, *, lower: bool = False) -> tuple[Fall, ...]:
    """Set floors at what is reached on *sample*; return those that became lower.

    Raises `SettingError`, and changes nothing, when one would become lower without *lower*; `InputError`
    for a file that is there and holds no floors.
    """
    before = _read(floors).least if floors.exists() else {}
    reached = figures(read_gold(sample))
    wanted = {mode: {figure: _safe(figure, value) for figure, value in row.items()} for mode, row in reached.items()}
    lowered = tuple(
        Fall(mode, figure, floor, wanted[mode][figure])
        for mode, row in before.items()
        for figure, floor in row.items()
        if mode in wanted and figure in wanted[mode] and _short(figure, floor, wanted[mode][figure])
    )
    if lowered and not lower:
        raise SettingError("; ".join(map(str, lowered)) + "; --lower-floors says that this is wanted")
    place = Path(os.path.relpath(sample, floors.parent)).as_posix()
    record = {"sample": place, "sha256": _digest(sample), "floors": wanted}
    floors.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return lowered


def _short(figure: str, floor: float, reached: float) -> bool:
    return reached > floor if figure in _AT_MOST else reached < floor


def _safe(figure: str, value: float) -> float:
    step = _STEP if figure in _AT_MOST else -_STEP
    return round(min(1.0, max(0.0, value + step)), _DIGITS)


def _read(floors: Path) -> Floors:
    try:
        record = json.loads(floors.read_bytes())
        least = {
            mode: {figure: float(floor) for figure, floor in row.items()} for mode, row in record["floors"].items()
        }
        return Floors(floors.parent / record["sample"], record["sha256"], least)
    except OSError as error:
        raise InputError.of(error, path=floors) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"holds no floors: {error!r}", path=floors) from error


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError.of(error, path=path) from error
