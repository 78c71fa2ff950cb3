"""The card of a page model: scores from lines that it did not see."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES
from cleaner.features import feature_names, fingerprint_of_features
from cleaner.lab.calibration import calibrate
from cleaner.lab.page_samples import PageSample
from cleaner.labels import LABELS
from cleaner.model import Calibration, Card
from cleaner.parting import BETAS, partings


def describe_pages(
    sample: PageSample,
    margins: NDArray[np.int64],
    rows: NDArray[np.bool_] | None = None,
    **facts: Any,
) -> tuple[Card, Calibration]:
    """Calibrate on held-out *margins* of the decided lines in *rows*, and write the card."""
    decided = sample.foreign >= 0
    decided &= True if rows is None else rows
    foreign = sample.foreign == 1
    calibration = calibrate(margins[decided], foreign[decided])
    chances = calibration.probability(margins)
    gone = {mode: chances >= partings(chances, sample.laid, BETAS[mode])[sample.page_of] for mode in MODES}
    card = Card(
        features=feature_names("html"),
        fingerprint=fingerprint_of_features("html"),
        labels=tuple(LABELS),
        thresholds={},
        weights_sha256="",
        counts=_counts(sample),
        scores=_scores(sample, decided, gone),
        versions={"python": platform.python_version(), **{pkg: version(pkg) for pkg in ("numpy", "scikit-learn")}},
        **{"name": "fold", **facts},
    )
    return card, calibration


def _counts(sample: PageSample) -> dict[str, int]:
    known = {label.value: int((sample.codes == code).sum()) for code, label in enumerate(LABELS)}
    decided = {"stay": int((sample.foreign == 0).sum()), "go": int((sample.foreign == 1).sum())}
    return {"pages": len(sample.pages), "taught": int(sample.taught.sum()), **decided, **known}


def _scores(sample: PageSample, decided: NDArray[np.bool_], gone: Mapping[str, NDArray[np.bool_]]) -> dict[str, Any]:
    """Say by source how much body is lost and how much cruft goes, line by line, the model alone."""
    sources = np.array([page.source for page in sample.pages])[sample.page_of]
    return {source: _modes(sample, decided & (sources == source), gone) for source in sorted(set(sources))}


def _modes(sample: PageSample, rows: NDArray[np.bool_], gone: Mapping[str, NDArray[np.bool_]]) -> dict[str, Any]:
    body = np.where(sample.foreign == 0, sample.chars, 0)
    cruft = rows & (sample.foreign == 1)
    return {"lines": int(rows.sum())} | {
        mode: {
            "body_lost": round(float(body[rows & of_mode].sum() / max(1, body[rows].sum())), 4),
            "cruft_removed": round(float(of_mode[cruft].mean()) if cruft.any() else 0.0, 4),
        }
        for mode, of_mode in gone.items()
    }
