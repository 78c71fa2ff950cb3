"""An HTML page into its visible lines, with what the markup says about each."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.document import Element, Line, Page
from cleaner.split.names import MOST, names_of
from cleaner.split.tree import parse, pieces
from cleaner.split.walk import Kind, Walk


def split_markup(source: str | bytes, charset: str | None = None) -> Page:
    """Split a page into the lines that a browser would show.

    >>> page = split_markup("<h1>Tides</h1><p>High <b>water</b> at <a href='/t'>nine</a>.<br>Low at three.")
    >>> [(line.tag, line.text) for line in page.lines]
    [('h1', 'Tides'), ('p', 'High water at nine.'), ('p', 'Low at three.')]
    """
    html = source if isinstance(source, str) else source.decode(charset or "utf-8", "replace")
    tree = parse(html)
    walk = Walk()
    walk.run(pieces(tree))
    return _page(walk)


def _page(walk: Walk) -> Page:
    numbers, depths = _used(walk)
    elements = tuple(
        [
            Element(numbers.get(walk.parents[element], -1), walk.kinds[element].tag, names_of(walk.kinds[element].raw))
            for element in numbers
        ]
    )
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    wrappers: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for shown in walk.lines:
        gap = shown.gap if lines else shown.gap.lstrip("\n")
        block = walk.blocks[shown.inner]
        start, at = at + len(gap), at + len(gap) + len(shown.text)
        marks, names = ((), ()) if shown.inner == block else wrappers.get(shown.inner) or wrappers.setdefault(
            shown.inner, _wrapped(walk, shown.inner, block)
        )
        tag = walk.kinds[block].tag
        lines.append(Line(shown.text, start, at, tag, depths[block], shown.linked, numbers[block], marks, names))
        texts += (gap, shown.text)
    return Page("".join(texts), tuple(lines), elements)


def _used(walk: Walk) -> tuple[dict[int, int], dict[int, int]]:
    """Number the elements around visible lines anew, and tell how deep each lies."""
    used: set[int] = set()
    for shown in walk.lines:
        element = walk.blocks[shown.inner]
        while element >= 0 and element not in used:
            used.add(element)
            element = walk.parents[element]
    numbers = {element: number for number, element in enumerate(sorted(used))}
    depths: dict[int, int] = {-1: -1}
    for element in numbers:
        depths[element] = depths[walk.parents[element]] + 1
    return numbers, depths


def _wrapped(walk: Walk, inner: int, block: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags and names of the inline elements between a line and its block."""
    kinds: list[Kind] = []
    while inner != block and len(kinds) < MOST:
        kinds.append(walk.kinds[inner])
        inner = walk.parents[inner]
    words: Sequence[str] = [word for kind in reversed(kinds) for word in names_of(kind.raw)]
    return tuple([kind.tag for kind in reversed(kinds)]), tuple(dict.fromkeys(words))[:MOST]
