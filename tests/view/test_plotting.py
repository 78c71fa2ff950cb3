import sys

import pytest

from cleaner import clean
from cleaner.errors import MissingExtra
from cleaner.view import plot

figure = pytest.importorskip("matplotlib.figure")


def test_a_bar_a_label_as_long_as_its_share():
    cleaned = clean("Share this\nAdvertisement\nAdvertisement\nThe council met on Monday and voted.", rules_only=True)
    axes = plot([cleaned, cleaned.report], figure.Figure().subplots())
    assert [text.get_text() for text in axes.get_yticklabels()] == ["social", "ad"]
    assert [round(bar.get_width(), 1) for bar in axes.patches] == [
        round(100 * sum(r.end - r.start for r in cleaned.report.removed if r.label == label) / cleaned.report.chars, 1)
        for label in ("social", "ad")
    ]


def test_nothing_removed_makes_no_bars():
    assert not plot(
        [clean("The council met on Monday and voted.", rules_only=True)], figure.Figure().subplots()
    ).patches


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(MissingExtra, match=r"cleaner\[plot\]"):
        plot([])
