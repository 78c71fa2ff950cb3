"""What the neighbours look like: their first scores, lengths and rule hits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.features.columns import Columns, ratio
from cleaner.labels import REMOVED, Label
from cleaner.stack import Ints, Stack

SCALE = 256
"""First scores are counted in units of 1/SCALE, so that sums of them are exact."""
_LIMIT = 8 * SCALE
_STRONG = 120
_FAR = 40
_STEPS = (-3, -2, -1, 1, 2, 3)
_WINDOWS = (2, 7, 20)
HEADED = (Label.RELATED, Label.COMMENTS, Label.SUBSCRIBE, Label.LEGAL, Label.SOURCE, Label.AD)
"""Labels whose lines come in blocks below a heading."""


def context(of: Stack, scores: NDArray[np.float64], hits: NDArray[np.int64]) -> Columns:
    """Measure each line's surroundings.

    *scores* are the first stage's, one a line, above 0 for foreign lines; *hits* counts rule
    hits, lines by (REMOVED labels + keep).
    """
    first, stop = of.page_bounds
    exact = counted(scores)
    chars = of.ends - of.starts
    return {
        "score": exact,
        **_neighbours("score", exact, first, stop, outside=2 * _LIMIT),
        **_neighbours("chars", chars, first, stop, outside=-1),
        **_windows(exact, chars, first, stop),
        **_body(exact, chars, first, stop),
        **_hits(hits, first, stop),
    }


def counted(scores: NDArray[np.float64]) -> Ints:
    """Return scores in whole units of 1/SCALE, within limits."""
    return np.clip(np.rint(scores * SCALE), -_LIMIT, _LIMIT).astype(np.int64)


def _neighbours(name: str, values: Ints, first: Ints, stop: Ints, *, outside: int) -> Columns:
    there = np.arange(len(values)) + np.array(_STEPS)[:, None]
    inside = (there >= first) & (there < stop)
    beside = np.where(inside, values.take(there, mode="clip") if len(values) else there, outside)
    return {f"{name}{step:+d}": column for step, column in zip(_STEPS, beside, strict=True)}


def _windows(exact: Ints, chars: Ints, first: Ints, stop: Ints) -> Columns:
    """Average the first scores around, above and below, by line and by character."""
    at, widths = np.arange(len(exact)), np.array(_WINDOWS)[:, None]
    scores, lengths = np.append(0, np.cumsum(exact)), np.append(0, np.cumsum(chars))
    foreign = np.append(0, np.cumsum(np.where(exact > 0, chars, 0)))
    low, high = np.maximum(at - widths, first), np.minimum(at + widths + 1, stop)
    from_low, to_high = scores[low], scores[high]
    sorts = {
        "around": ratio(to_high - from_low, high - low),
        "foreign": ratio(foreign[high] - foreign[low], lengths[high] - lengths[low]),
        "above": ratio(scores[at] - from_low, at - low),
        "below": ratio(to_high - scores[at + 1], high - at - 1),
    }
    columns: Columns = {
        f"{sort}_{width}": values[number] for number, width in enumerate(_WINDOWS) for sort, values in sorts.items()
    }
    columns["page_score"] = ratio(scores[stop] - scores[first], stop - first)
    columns["page_foreign"] = ratio(foreign[stop] - foreign[first], lengths[stop] - lengths[first])
    return columns


def _body(exact: Ints, chars: Ints, first: Ints, stop: Ints) -> Columns:
    """Tell where the line lies among the page's likely paragraphs: before, within, behind."""
    at = np.arange(len(exact))
    strong = (exact < 0) & (chars >= _STRONG)
    mass = np.append(0, np.cumsum(np.where(exact < 0, chars, 0)))
    total = mass[stop] - mass[first]
    above, below = _since(strong, first), _until(strong, stop)
    count = np.append(0, np.cumsum(strong))
    return {
        "mass_before": ratio(mass[at] - mass[first], total),
        "mass_behind": ratio(mass[stop] - mass[at + 1], total),
        "strong_before": count[at] - count[first],
        "strong_behind": count[stop] - count[at + 1],
        "strong_above": above,
        "strong_below": below,
    }


def _hits(hits: NDArray[np.int64], first: Ints, stop: Ints) -> Columns:
    columns: Columns = {f"hit_{label}": hits[:, number] for number, label in enumerate(REMOVED)}
    columns["hit_keep"] = hits[:, -1]
    anything = hits[:, :-1].sum(axis=1) > 0
    columns["hit_since"] = _since(anything, first)
    columns["hit_until"] = _until(anything, stop)
    for label in HEADED:
        columns[f"since_{label}"] = _since(hits[:, REMOVED.index(label)] > 0, first)
    return columns


def _since(flags: NDArray[np.bool_], first: Ints) -> Ints:
    """Count lines back to the last flagged line above on the page; `_FAR` when there is none."""
    at = np.arange(len(flags))
    last = np.append(-1, np.maximum.accumulate(np.where(flags, at, -1))[:-1]) if len(flags) else at
    return np.asarray(np.where(last >= first, np.minimum(at - last, _FAR), _FAR))


def _until(flags: NDArray[np.bool_], stop: Ints) -> Ints:
    """Count lines on to the next flagged line below on the page; `_FAR` when there is none."""
    at = np.arange(len(flags))
    far = len(flags) + _FAR
    following = np.minimum.accumulate(np.where(flags, at, far)[::-1])[::-1]
    following = np.append(following[1:], far) if len(flags) else at
    return np.asarray(np.where(following < stop, np.minimum(following - at, _FAR), _FAR))
