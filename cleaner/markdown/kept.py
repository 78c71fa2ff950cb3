"""What is left of the lines of a page, and what their elements make of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.document import Element, Page
from cleaner.markdown.left import Left
from cleaner.markdown.marking import Covering
from cleaner.split.marks import NO_MARKS, Mark, Marks
from cleaner.split.tags import LISTS, PREFORMATTED

_NESTED = 8
"""Lists and quotes around a line that are shown; CommonMark parsers stop at about twenty levels."""

_BREAKS = re.compile(r"\r\n|[\n\r]")
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))


class Around(NamedTuple):
    """A list item or quote around a line."""

    element: int
    sort: str
    """`ul`, `ol` or `blockquote`."""
    among: int
    """The list that an item belongs to."""


class Kept(NamedTuple):
    """What is left of a line, and where it stands on the page."""

    text: str
    start: int
    end: int
    """Of the line, as it stood."""
    marks: tuple[Mark, ...]
    """Inline markup, in places of its text; outer ones first."""
    around: tuple[Around, ...]
    """Outermost first."""
    sort: str
    """`code`, `row`, `h1` to `h6`, or `p`."""
    block: int
    """The element that the lines of one block share: a preformatted one, a table, a paragraph."""
    broken: bool
    """Whether nothing but one line break lies between it and the line before."""


class _Place(NamedTuple):
    """What an element hands on to those inside it."""

    around: tuple[Around, ...] = ()
    among: Around | None = None
    """The nearest list, as items of it would say."""
    table: int = -1
    sort: str = "p"
    block: int = -1
    """The preformatted element or heading, if *sort* says that there is one."""


def kept_lines(page: Page, left: Left, marks: Marks = NO_MARKS) -> Iterator[Kept]:
    """Yield the lines of a page of which anything is *left*."""
    places = _places(page.elements)
    covering = Covering(marks.inline)
    end = 0
    for line in page.lines:
        text = left.between(line.start, line.end).strip()
        if text:
            place = places[line.element] if line.element >= 0 else _Place()
            sort, block = place.sort, place.block
            if sort == "p":
                is_row = line.tag == "tr" and "\t" in line.text
                sort, block = ("row", place.table) if is_row else ("p", line.element)
            broken = len(_BREAKS.findall(page.text, end, line.start)) == 1
            inline = covering.of(line, left) if sort != "code" else ()
            yield Kept(text, line.start, line.end, inline, place.around, sort, block, broken)
        end = line.end


def _places(elements: Sequence[Element]) -> list[_Place]:
    """Tell for each element what lies around it: it comes behind the one that it lies in."""
    places: list[_Place] = []
    for number, element in enumerate(elements):
        place = places[element.parent] if element.parent >= 0 else _Place()
        places.append(_inside(place, number, element.tag))
    return places


def _inside(place: _Place, number: int, tag: str) -> _Place:
    if tag in LISTS:
        return place._replace(among=Around(number, "ol" if tag == "ol" else "ul", number))
    if tag == "table":
        return place._replace(table=number)
    if tag in PREFORMATTED:
        return place._replace(sort="code", block=number)
    if tag in _HEADINGS and place.sort != "code":
        return place._replace(sort=tag, block=number)
    return place._replace(around=(*place.around, *_opened(place, number, tag)))


def _opened(place: _Place, number: int, tag: str) -> tuple[Around, ...]:
    if len(place.around) < _NESTED:
        if tag == "blockquote":
            return (Around(number, tag, number),)
        if tag == "li":
            among = place.among or Around(-1, "ul", -1)
            return (among._replace(element=number),)
    return ()
