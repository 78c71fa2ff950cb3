"""Charts as SVG that takes its colours from the page around it, so that they follow light and dark.

Matplotlib draws them. Its drawing is then made fit for a page with a strict policy: no style
elements or attributes, no names that two charts could share; each colour is a class.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

from cleaner.errors import MissingExtra
from cleaner.view.overview import BINS, KINDS, Overview, Period

_WIDTH, _HEIGHT = 4.6, 2.2
"""Inches of 72 points; the page scales the drawing to its column."""
_COLOURS = {"ink": "#010101", "line": "#020202", "bar": "#030303", "second": "#040404", "third": "#050505"}
"""What stands for the page's colours while Matplotlib draws."""
HEAPS = ("bar", "second", "third")
"""The colours of `KINDS`."""
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_CLASS_OF = {colour: name for name, colour in _COLOURS.items()}
_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "cleaner",
    "font.size": 9,
    "text.color": _COLOURS["ink"],
    "axes.labelcolor": _COLOURS["ink"],
    "axes.edgecolor": _COLOURS["line"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": _COLOURS["line"],
    "grid.linewidth": 0.6,
    "xtick.color": _COLOURS["ink"],
    "ytick.color": _COLOURS["ink"],
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 5,
}


def shares_chart(overview: Overview) -> str:
    """Draw how many documents lost which share."""

    def draw(axes: Any) -> None:
        _bars(axes, [("bar", overview.shares)])
        axes.set_ylabel("documents")
        axes.set_xticks(_QUARTERS, [f"{at:.0%}" for at in _QUARTERS])

    return _drawn("shares", draw)


def scores_chart(overview: Overview) -> str:
    """Draw how many removed stretches have which score, apart by what decided."""

    def draw(axes: Any) -> None:
        _bars(axes, [(colour, overview.scores[kind]) for colour, kind in zip(HEAPS, KINDS, strict=True)])
        axes.set_ylabel("stretches")
        axes.set_xticks(_QUARTERS)

    return _drawn("scores", draw)


def time_chart(over_time: Sequence[Period]) -> str:
    """Draw documents and the share that went over time, one above the other."""

    def draw(both: Any) -> None:
        (upper, lower), at = both, range(len(over_time))
        upper.bar(at, [period.sum.documents for period in over_time], color=_COLOURS["third"], width=0.8)
        shares = [period.sum.share * 100 if period.sum.chars else float("nan") for period in over_time]
        lower.plot(at, shares, color=_COLOURS["bar"], marker="o" if len(over_time) < 25 else "", markersize=3)
        upper.set_ylabel("documents")
        lower.set_ylabel("% removed")
        lower.set_ylim(bottom=0)
        step = max(1, -(-len(over_time) // 6))
        lower.set_xticks(list(at)[::step], [period.name for period in over_time[::step]])

    return _drawn("time", draw, rows=2)


def _bars(axes: Any, heaps: Sequence[tuple[str, Sequence[int]]]) -> None:
    below = [0] * BINS
    lefts = [number / BINS for number in range(BINS)]
    for colour, counts in heaps:
        axes.bar(lefts, counts, width=0.88 / BINS, bottom=below, align="edge", color=_COLOURS[colour])
        below = [low + count for low, count in zip(below, counts, strict=True)]
    axes.set_xlim(-0.01, 1.01)


def _drawn(name: str, draw: Callable[[Any], None], rows: int = 1) -> str:
    """Have *draw* fill a figure under our settings; *name* sets its inner names apart from those of other charts."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("the visual report", "view") from error
    settings: dict[Any, Any] = _SETTINGS
    with mpl.rc_context(settings):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
        draw(figure.subplots(rows, sharex=True))
        drawn = StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return _for_page(drawn.getvalue(), name)


def _for_page(svg: str, name: str) -> str:
    ET.register_namespace("", _SVG[1:-1])
    root = ET.fromstring(svg)  # noqa: S314 (Matplotlib wrote it a moment ago)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in {"metadata", "style"}:
                parent.remove(child)
    for element in root.iter():
        _restyle(element)
        _rename(element, name)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib |= {"aria-hidden": "true", "focusable": "false", "class": "chart"}
    return ET.tostring(root, encoding="unicode")


def _restyle(element: ET.Element) -> None:
    """Turn the style attribute into attributes, and our colours into classes."""
    classes = []
    for prop, value in _declarations(element.attrib.pop("style", "")):
        if prop in {"fill", "stroke"} and value in _CLASS_OF:
            classes.append(f"{prop}-{_CLASS_OF[value]}")
        elif prop == "font":
            element.set("font-size", value.split("px")[0].split()[-1])
        else:
            element.set(prop, value)
    if element.tag == f"{_SVG}text" and not any(name.startswith("fill-") for name in classes):
        classes.append("fill-ink")
    if classes:
        element.set("class", " ".join(classes))


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        prop, colon, value = declaration.partition(":")
        if colon:
            yield prop.strip(), value.strip()


def _rename(element: ET.Element, name: str) -> None:
    if "id" in element.attrib:
        element.set("id", f"{name}-{element.get('id')}")
    if link := element.get(_LINK):
        element.attrib.pop(_LINK)
        element.set("href", link.replace("#", f"#{name}-"))
    clip = element.get("clip-path", "")
    if clip:
        element.set("clip-path", re.sub(r"#", f"#{name}-", clip))
