"""Margins become probabilities, and the limits of the modes thresholds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES
from cleaner.lab.samples import Sample
from cleaner.model import Calibration

LIMITS: Mapping[str, float] = {"careful": 0.002, "balanced": 0.005, "thorough": 0.02}
"""Share of body characters that each mode may lose."""
_BESIDE = 0.0006
"""Of this share of body characters neighbours and spans take what the model alone would keep, in every mode."""
_MARGIN: Mapping[str, float] = {"careful": 0.6, "balanced": 0.6, "thorough": 0.51}
"""Thresholds are set at these shares of what is left of the limit: new sites, and texts of other sorts, lose more, and
the more of it the more is removed."""
_KNOTS = 48


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
    chances = np.concatenate([[0.0], rising, [1.0]]) * 0.96 + np.linspace(0, 0.04, len(ends))
    chances = np.clip(chances, 0, 1)
    return Calibration(np.rint(ends).astype(np.int64), np.maximum.accumulate(chances))


def thresholds(lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_]) -> dict[str, float]:
    """Return for each mode the lowest probability at which no more body than its limit is lost."""
    return {mode: _threshold(lines, chances, rows, (LIMITS[mode] - _BESIDE) * _MARGIN[mode]) for mode in MODES}


def _threshold(lines: Sample, chances: NDArray[np.float64], rows: NDArray[np.bool_], limit: float) -> float:
    """Return the lowest probability at which no more than a share *limit* of the body characters goes."""
    body = np.where(lines.foreign, 0, lines.chars) * rows
    free = (body > 0) & (lines.ruled == 0)
    # What rules remove is lost whatever the threshold.
    allowed = limit - body[lines.ruled > 0].sum() / body.sum()
    order = np.argsort(-chances[free], kind="stable")
    lost = np.cumsum(body[free][order]) / int(body.sum())
    beyond = np.flatnonzero(lost > allowed)
    highest = float(chances[free][order][beyond[0]]) if len(beyond) else 0.0
    return round(min(1.0, highest + 1e-4), 4)
