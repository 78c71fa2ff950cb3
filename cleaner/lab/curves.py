"""How far one could go: cruft removed against body lost, and whether scores mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cleaner.document import Line
from cleaner.lab.characters import BoolArray, FloatArray, IntArray
from cleaner.lab.gold import GoldDocument, gold_codes, label_units
from cleaner.lab.measure import IS_KEPT
from cleaner.labels import KEPT

LIMITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
"""Shares of body characters lost at which a curve is read off."""

BINS = 10


class LinePoints(NamedTuple):
    """Parallel arrays over lines: all that a curve or a reliability table needs."""

    scores: FloatArray
    chars: IntArray
    """Body characters that go with the line."""
    is_cruft: BoolArray


class CurvePoint(NamedTuple):
    """The furthest one threshold reaches without losing more body than *limit*."""

    limit: float
    cruft_removed: float
    """Share of cruft lines scored at the threshold or above."""
    body_loss: float
    threshold: float | None
    """None when even the highest score costs too much."""


class Bin(NamedTuple):
    """Lines of like score: for a calibrated score, *cruft* is about *score*."""

    low: float
    high: float
    lines: int
    score: float
    cruft: float


class Reliability(NamedTuple):
    """How far scores can be read as probabilities."""

    bins: tuple[Bin, ...]
    brier: float
    """Mean squared error of the scores; 0 is perfect."""
    gap: float
    """Mean distance between score and share of cruft, weighted by lines."""


def line_points(document: GoldDocument, lines: Sequence[Line], scores: Sequence[float]) -> LinePoints:
    """Lay the gold over scored lines of the product."""
    codes = gold_codes(document)
    body = (codes >= 0) & IS_KEPT[codes]
    return LinePoints(
        np.asarray(scores, dtype=np.float64),
        np.array([int(body[line.start : line.end].sum()) for line in lines], dtype=np.int64),
        np.array([label not in KEPT for label in label_units(document, lines)], dtype=np.bool_),
    )


def join_points(parts: Sequence[LinePoints]) -> LinePoints:
    """Put the lines of several documents behind one another."""
    empty = LinePoints(np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_))
    return LinePoints(*(np.concatenate(arrays) for arrays in zip(empty, *parts, strict=True)))


def curve(
    scores: ArrayLike, chars: ArrayLike, is_cruft: ArrayLike, limits: Sequence[float] = LIMITS
) -> tuple[CurvePoint, ...]:
    """Return how many cruft lines can go at each share of body characters lost.

    *chars* of a cruft line cost nothing. Lines of equal score go or stay together.
    """
    scores = np.asarray(scores, dtype=np.float64)
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    cruft = np.asarray(is_cruft, dtype=np.bool_)[order]
    body = np.where(cruft, 0, np.asarray(chars)[order])
    last_of_score = np.flatnonzero(np.append(falling[:-1] != falling[1:], True)) if len(falling) else np.empty(0, int)
    lost = np.cumsum(body)[last_of_score] / max(1, int(body.sum()))
    removed = np.cumsum(cruft)[last_of_score] / max(1, int(cruft.sum()))
    points = []
    for limit in limits:
        reach = int(np.searchsorted(lost, limit, side="right")) - 1
        if reach < 0:
            points.append(CurvePoint(limit, 0.0, 0.0, None))
        else:
            threshold = float(falling[last_of_score[reach]])
            points.append(CurvePoint(limit, float(removed[reach]), float(lost[reach]), threshold))
    return tuple(points)


def reliability(probabilities: ArrayLike, is_cruft: ArrayLike) -> Reliability:
    """Return, for ten bins of score, how often lines scored so are cruft, and the Brier score."""
    scores = np.asarray(probabilities, dtype=np.float64)
    truth = np.asarray(is_cruft, dtype=np.float64)
    numbers = np.clip((scores * BINS).astype(np.int64), 0, BINS - 1)
    counts = np.bincount(numbers, minlength=BINS)
    whole = np.maximum(counts, 1)
    means = np.bincount(numbers, weights=scores, minlength=BINS) / whole
    shares = np.bincount(numbers, weights=truth, minlength=BINS) / whole
    bins = tuple(
        Bin(at / BINS, (at + 1) / BINS, int(counts[at]), float(means[at]), float(shares[at])) for at in range(BINS)
    )
    lines = max(1, len(scores))
    gap = float((counts * np.abs(means - shares)).sum() / lines)
    return Reliability(bins, float(((scores - truth) ** 2).sum() / lines), gap)


def as_records(rows: Sequence[CurvePoint | Bin]) -> list[dict[str, Any]]:
    """Return rows as JSON objects."""
    return [row._asdict() for row in rows]
