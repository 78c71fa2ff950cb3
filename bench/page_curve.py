"""Scored lines of whole pages against gold texts: which threshold would give what.

An extractor that scores lines is judged by its whole curve, not by the threshold it ships with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from cleaner.lab.alignment import FOREIGN, KEPT, align
from cleaner.lab.characters import is_solid
from cleaner.lab.curves import LIMITS, LinePoints, curve, join_points
from cleaner.lab.extractors import language
from cleaner.lab.overlap import Share, mean_share, word_score
from cleaner.lab.page_peers import loaded
from cleaner.lab.pages import GoldPage
from cleaner.lab.tables import markdown

ScoredLines = Sequence[tuple[str, float]]
"""Every line of a page's visible text with how sure it is foreign, from 0 to 1."""
Scorer = Callable[[str, str], ScoredLines]
"""From HTML and language."""

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)


class PageCurve(NamedTuple):
    """What the lines of one source's pages would give."""

    points: LinePoints
    """Without undecided lines."""
    at: dict[float, Share]
    """Mean of words when lines scored below each threshold are kept."""
    perfect: Share
    """The same when the gold chooses the lines."""


def scorer(named: str) -> tuple[str, Scorer]:
    """Return name and function for `NAME=MODULE:FUNCTION`; FUNCTION takes nothing and returns the scorer."""
    name, _, place = named.partition("=")
    return name, loaded(place)()


def page_curve(pages: Sequence[GoldPage], lines_of: Scorer) -> PageCurve:
    """Score the lines of every page that has a gold text."""
    points, perfect = [], []
    shares: dict[float, list[Share]] = {threshold: [] for threshold in THRESHOLDS}
    for page in pages:
        if page.gold is None:
            continue
        scored = lines_of(page.html, language(page.html, page.lang))
        lines, scores = [line for line, _ in scored], np.array([score for _, score in scored], np.float64)
        found = align(lines, page.gold)
        chars = np.array([int(is_solid(line).sum()) for line in lines], np.int64)
        sure = (found.fates == KEPT) | (found.fates == FOREIGN)
        points.append(LinePoints(scores[sure], chars[sure], found.fates[sure] == FOREIGN))
        perfect.append(_share(lines, found.shares >= 0.5, page.gold))
        for threshold, of_pages in shares.items():
            of_pages.append(_share(lines, scores < threshold, page.gold))
    return PageCurve(
        join_points(points),
        {threshold: mean_share(of_pages) for threshold, of_pages in shares.items()},
        mean_share(perfect),
    )


def curve_tables(name: str, found: PageCurve) -> str:
    """Render the words kept at each threshold, and the cruft removed at each loss of body."""
    rows = [[f"below {threshold:g}", *(f"{number:.3f}" for number in share)] for threshold, share in found.at.items()]
    rows.append(["chosen by the gold", *(f"{number:.3f}" for number in found.perfect)])
    points = curve(*found.points)
    head = ["body lost, at most %", *(f"{100 * limit:g}" for limit in LIMITS)]
    removed = ["foreign lines removed %", *(f"{100 * point.cruft_removed:.1f}" for point in points)]
    at = ["threshold", *("-" if point.threshold is None else f"{point.threshold:.3f}" for point in points)]
    return "\n\n".join([markdown([f"{name}: lines kept", "P", "R", "word F1"], rows), markdown(head, [removed, at])])


def _share(lines: Sequence[str], kept: np.ndarray[tuple[int], np.dtype[np.bool_]], gold: str) -> Share:
    return word_score("\n".join(line for line, stays in zip(lines, kept, strict=True) if stays), gold)
