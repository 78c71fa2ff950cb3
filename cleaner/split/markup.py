"""An HTML page into its visible lines, with what the markup says about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from cleaner.document import Element, Line, Page
from cleaner.split.names import MOST, names_of
from cleaner.split.tree import parse, parts
from cleaner.split.walk import Walk

# Six hundred a page: three times as fast as calling the class.
_element = partial(tuple.__new__, Element)
_BARE: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def split_markup(source: str | bytes, charset: str | None = None) -> Page:
    """Split a page into the lines that a browser would show.

    >>> page = split_markup("<h1>Tides</h1><p>High <b>water</b> at <a href='/t'>nine</a>.<br>Low at three.")
    >>> [(line.tag, line.text) for line in page.lines]
    [('h1', 'Tides'), ('p', 'High water at nine.'), ('p', 'Low at three.')]
    """
    html = source if isinstance(source, str) else source.decode(charset or "utf-8", "replace")
    tree = parse(html)
    walk = Walk()
    walk.run(parts(tree))
    return _page(walk)


def _page(walk: Walk) -> Page:
    numbers, depths = _used(walk)
    tags = [walk.tags[element].partition(" ")[0] for element in numbers]
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    for text, gap, inner, linked in walk.lines:
        block = walk.blocks[inner]
        number = numbers[block]
        wrap = _wrapped(walk, inner, block) if inner != block else _BARE
        if not lines:
            gap = gap.lstrip("\n")
        start = at + len(gap)
        at = start + len(text)
        lines.append(Line(text, start, at, tags[number], depths[block], linked, number, *wrap))
        texts += (gap, text)
    return Page("".join(texts), tuple(lines), _elements(walk, numbers, tags))


def _elements(walk: Walk, numbers: Mapping[int, int], tags: Sequence[str]) -> tuple[Element, ...]:
    parents = [numbers.get(walk.parents[element], -1) for element in numbers]
    starts = [walk.tags[element] for element in numbers]
    known = {start: names_of(start) if " " in start else () for start in set(starts)}
    return tuple(map(_element, zip(parents, tags, [known[start] for start in starts], strict=True)))


def _used(walk: Walk) -> tuple[dict[int, int], dict[int, int]]:
    """Number the elements around visible lines anew, and tell how deep each lies."""
    used: set[int] = set()
    for shown in walk.lines:
        element = walk.blocks[shown.inner]
        while element >= 0 and element not in used:
            used.add(element)
            element = walk.parents[element]
    numbers = {element: number for number, element in enumerate(sorted(used))}
    depths = {-1: -1}
    for element in numbers:
        depths[element] = depths[walk.parents[element]] + 1
    return numbers, depths


def _wrapped(walk: Walk, inner: int, block: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags and names of the inline elements between a line and its block."""
    tags: list[str] = []
    while inner != block and len(tags) < MOST:
        tags.append(walk.tags[inner])
        inner = walk.parents[inner]
    tags.reverse()
    words: list[str] = []
    for tag in tags:
        words += names_of(tag)
    return tuple([tag.partition(" ")[0] for tag in tags]), tuple(dict.fromkeys(words))[:MOST]
