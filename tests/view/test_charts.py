import re
import sys

import pytest

from cleaner.errors import MissingExtra
from cleaner.view import Overview
from cleaner.view.charts import scores_chart, shares_chart, time_chart
from cleaner.view.overview import Period, Sum

pytest.importorskip("matplotlib")

OVER_TIME = [Period("2024-01", Sum(3, 30, 3)), Period("2024-02", Sum()), Period("2024-03", Sum(5, 50, 1))]
DRAWN = {
    "shares": lambda: shares_chart(Overview()),
    "scores": lambda: scores_chart(Overview()),
    "time": lambda: time_chart(OVER_TIME),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_fits_a_page_with_a_strict_policy(name):
    svg = DRAWN[name]()
    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "<script" not in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "fill-ink" in svg
    assert not re.search(r"#0[1-5]0[1-5]0[1-5]", svg)


def test_names_inside_of_charts_are_their_own_and_lead_somewhere():
    charts = [draw() for draw in DRAWN.values()]
    names = [name for chart in charts for name in re.findall(r' id="([^"]+)"', chart)]
    assert len(set(names)) == len(names)
    links = [link for chart in charts for link in re.findall(r'(?:href="#|url\(#)([^")]+)', chart)]
    assert links
    assert set(links) <= set(names)


def test_the_same_numbers_make_the_same_chart():
    assert DRAWN["time"]() == DRAWN["time"]()


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"cleaner\[view\]"):
        shares_chart(Overview())
