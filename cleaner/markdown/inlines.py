"""Inline markup inside one row of Markdown: links, emphasis, code.

A parser takes stars for emphasis only where their neighbours allow it
(https://spec.commonmark.org/0.31.2/#delimiter-run). Where they do not, the words stay without them:
no sign is ever written that a reader could see.
"""

from __future__ import annotations

import re
import string
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from cleaner.markdown.signs import code_span, destination, escaped
from cleaner.split.marks import Mark

_SIGNS = {"strong": "**", "em": "*", "del": "~~"}
_RANKS = {sort: rank for rank, sort in enumerate(("a", "strong", "em", "del", "code"))}
_WHITE = re.compile(r"\s+")
_BREAKS = re.compile(r"[\n\r\t]")

_Cut = tuple[int, bool, int, Mark]
"""Where a mark begins or ends: place, whether it begins, and what orders those at one place."""


def inline(text: str, marks: Sequence[Mark], first: Callable[[str], str] = escaped) -> str:
    r"""Return a row of *text* under *marks*; *first* escapes what it begins with, if that is plain.

    >>> inline("High water [nine]", [Mark(5, 17, "a", "/t (1)"), Mark(5, 10, "em")])
    'High [*water* \\[nine\\]](/t%20\\(1\\))'
    """
    rows: list[str] = []
    at, code = 0, False
    for place, begins, _, mark in _cuts(_expressible(text, marks)):
        if at < place:
            rows.append(_piece(text[at:place], code, escaped if rows else first))
        at = place
        if mark.sort == "code":
            code = begins
        else:
            if mark.sort == "a" and begins and rows and rows[-1].endswith("!"):
                rows[-1] = f"{rows[-1][:-1]}\\!"  # or it would be a picture
            rows.append(_sign(mark, begins))
    if at < len(text):
        rows.append(_piece(text[at:], code, escaped if rows else first))
    return "".join(rows)


def one_line(text: str) -> str:
    """Return text without line breaks and tabs."""
    return _WHITE.sub(" ", text) if _BREAKS.search(text) else text


def _piece(text: str, code: bool, escape: Callable[[str], str]) -> str:
    return code_span(one_line(text)) if code else escape(one_line(text))


def _sign(mark: Mark, begins: bool) -> str:
    if mark.sort == "a":
        return "[" if begins else f"]({destination(mark.address)})"
    return _SIGNS[mark.sort]


def _cuts(marks: Sequence[Mark]) -> list[_Cut]:
    """Return where marks begin and end, in order: at one place inner ones end first and outer ones begin first."""
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, _RANKS[mark.sort]))
    begins = [(mark.start, True, number, mark) for number, mark in enumerate(ordered)]
    ends = [(mark.end, False, -number, mark) for number, mark in enumerate(ordered)]
    return sorted(begins + ends)


def _expressible(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that Markdown has words for, none empty, none with white edges."""
    trimmed = [mark for each in marks if (mark := _trimmed(text, each)).start < mark.end]
    links = [mark for mark in trimmed if mark.sort == "a"]
    codes = [mark for mark in trimmed if mark.sort == "code"]
    codes = [mark for code in codes for each in _around(code, links) if (mark := _trimmed(text, each)).start < mark.end]
    emphasis = [mark for mark in trimmed if mark.sort in _SIGNS]
    emphasis = _readable(text, emphasis, links + codes)
    return [*links, *_joined(codes, links + emphasis), *emphasis]


def _joined(codes: Sequence[Mark], others: Sequence[Mark]) -> list[Mark]:
    """Return code in order, what no sign of *others* parts as one: backticks side by side would be one sign."""
    parted = {place for mark in others for place in (mark.start, mark.end)}
    joined: list[Mark] = []
    for code in codes:
        if joined and joined[-1].end == code.start and code.start not in parted:
            joined[-1] = joined[-1]._replace(end=code.end)
        else:
            joined.append(code)
    return joined


def _trimmed(text: str, mark: Mark) -> Mark:
    covered = text[mark.start : mark.end]
    start = mark.start + len(covered) - len(covered.lstrip())
    return mark._replace(start=start, end=max(start, mark.end - len(covered) + len(covered.rstrip())))


def _around(code: Mark, links: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the pieces of code inside and between links: a link inside code would be code."""
    at = code.start
    first = bisect_left(links, code.start, key=_start)
    for link in links[first : bisect_left(links, code.end, key=_start)]:
        if link.end <= code.end:
            yield code._replace(start=at, end=link.start)
            yield code._replace(start=link.start, end=link.end)
            at = link.end
    yield code._replace(start=at)


def _start(mark: Mark) -> int:
    return mark.start


def _readable(text: str, emphasis: Sequence[Mark], others: Sequence[Mark]) -> list[Mark]:
    """Return the emphasis that a parser will see."""
    starts = _counted([mark.start for mark in (*emphasis, *others)])
    ends = _counted([mark.end for mark in (*emphasis, *others)])
    kept: list[Mark] = []
    around: list[Mark] = []
    closed: set[tuple[str, int]] = set()
    for mark in sorted(emphasis, key=lambda mark: (mark.start, -mark.end, _RANKS[mark.sort])):
        around = [outer for outer in around if outer.end > mark.start]
        if (
            _may_stand(text, mark.start - 1, mark.start, alone=starts[mark.start] == 1)
            and _may_stand(text, mark.end, mark.end - 1, alone=ends[mark.end] == 1)
            and (_SIGNS[mark.sort][0], mark.start) not in closed
            and not any(_runs_into(mark, outer) for outer in around)
        ):
            kept.append(mark)
            around.append(mark)
            closed.add((_SIGNS[mark.sort][0], mark.end))
    return kept


def _counted(places: Sequence[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for place in places:
        counts[place] = counts.get(place, 0) + 1
    return counts


def _runs_into(mark: Mark, outer: Mark) -> bool:
    """Tell whether stars of two marks would make one run at one end only."""
    stars = _SIGNS[mark.sort][0] == _SIGNS[outer.sort][0]
    return stars and (mark.start == outer.start) != (mark.end == outer.end)


def _may_stand(text: str, outside: int, inside: int, *, alone: bool) -> bool:
    """Tell whether a sign between two characters is read as one; *alone* if no other sign is between them."""
    if not 0 <= outside < len(text) or _parts(text[outside]):
        return True
    return alone and _is_word(text[outside]) and _is_word(text[inside])


def _parts(char: str) -> bool:
    return char in string.punctuation or char in "\t\n\r" or unicodedata.category(char)[0] in "ZP"


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
