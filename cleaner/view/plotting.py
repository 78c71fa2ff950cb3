"""A plot for notebooks: what went, by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from cleaner.errors import MissingExtra
from cleaner.labels import Label
from cleaner.report import Cleaned, Report


def plot(results: Iterable[Cleaned | Report], axes: Any = None) -> Any:
    """Draw a bar a label, as long as the share of all characters that went under it; return the axes.

    *axes* are Matplotlib's to draw on; without them a figure is made. Needs the extra `plot`
    (or `view`): raises `MissingExtra` without it.
    """
    total, removed = 0, Counter[Label]()
    for result in results:
        report = result.report if isinstance(result, Cleaned) else result
        total += report.chars
        for removal in report.removed:
            removed[removal.label] += removal.end - removal.start
    axes = _axes() if axes is None else axes
    bars = removed.most_common()[::-1]
    shares = [100 * count / total for _, count in bars]
    drawn = axes.barh([label.value for label, _ in bars], shares)
    axes.bar_label(drawn, [f"{share:.2g} %" for share in shares], padding=3)
    axes.set_xlabel("% of characters removed")
    axes.margins(x=0.15)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes


def _axes() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise MissingExtra("plotting", "plot") from error
    return plt.subplots(layout="constrained")[1]
