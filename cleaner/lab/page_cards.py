"""The card of a page model: thresholds and scores from lines that it did not see."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES
from cleaner.features import feature_names, fingerprint_of_features
from cleaner.lab.page_samples import PageSample
from cleaner.lab.training import calibrate, lowest_threshold
from cleaner.labels import LABELS
from cleaner.model import Calibration, Card

LIMITS: Mapping[str, float] = {"careful": 0.015, "balanced": 0.04, "thorough": 0.06}
"""Share of body characters that each mode may lose, by the golds. Higher than on extracted text: four fifths
of a page are cruft, golds of pages differ among themselves, and extractors lose more. At 4 % word-F1 on
pages of all types is at its best within 0.003, on news within 0.007; below, much cruft stays."""


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
