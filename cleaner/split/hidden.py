"""Elements that a browser does not show, as far as their own start tag tells, and which of those are left out.

A tag that hides its element is no proof: scripts show it later. Streaming servers send the page in
hidden pieces, reading limits hide the rest of an article, tabs and accordions all panes but one. So
a hidden element is left out unless it looks like what the page is about; those that stay are told
by their names, which contain `hidden`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaner.split.tags import VOID, name_of

_SIGNS = ('hidden="', ' style="')
"""What a start tag contains that hides its element."""
_HINTS = ("none", "hidden", "collapse", "-", "rect", "font-size")
_LONGEST = 4_000
"""Characters of a style that are read."""
_UNSHOWN = re.compile(
    r"""
    (?:^|[;\s]) (?:
        display\s*:\s*none
        | visibility\s*:\s*(?:hidden|collapse)
        | font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|!|$)
        | text-indent\s*:\s*-\d{3,}
        | (?:left|right|top|bottom|margin-left|margin-top)\s*:\s*-\d{4,}px    # off the screen
        | clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)
    )
    """,
    re.VERBOSE,
)
_HIDDEN = re.compile(r' hidden="(?!until-found")')
# React sends parts of the page as <div hidden id="S:1">, Marko as <div id="af3" style="display:none">;
# scripts put them in place.
_STREAMED = re.compile(r' id="(?:S:[0-9a-f]{1,6}|af[a-z]{0,12}\d{1,4})"')
# Panes of tabs and accordions, which a click opens.
_PANE = re.compile(
    r' role="(?:tabpanel|region)"| class="[^"]{0,200}?(?:accordion|collaps|tab-?pane|tab-?panel|faq|read-?more)',
    re.IGNORECASE,
)

_PRE = ("pre>", "pre ")

SHARE = 0.2
"""A hidden element with more of the page's tags than this is the page itself before a script shows it."""
SMALL = 400
"""With fewer tags on the page that is so only if the rest has less running text: a box is soon a fifth of them."""
PROSE = 60
"""Characters from which on a text between two tags is taken for running text."""
_BUDGET = 8
"""How often each part may be looked at, for hidden elements inside hidden elements."""
ENOUGH = 100
"""Characters of running text from which on a hidden element is shown, if they are most of its text."""


def shown(parts: list[str]) -> list[str]:
    """Return the parts of a page, `tag>text` each, without those of elements that are left out."""
    kept: list[str] = []
    done = 0
    budget = _BUDGET * len(parts)
    hidden: dict[str, bool] = {}
    for number in _suspects(parts):
        if number < done:
            continue
        tag = parts[number].partition(">")[0]
        if tag not in hidden:
            hidden[tag] = is_hidden(tag) and name_of(tag) not in VOID and tag[0] != "/"
        if not hidden[tag]:
            continue
        end = _end(parts, number)
        budget -= end - number
        if budget > 0 and _is_body(parts, number, end):
            continue
        # The text behind the end tag belongs to what is around the element.
        kept += parts[done:number]
        kept.append("!>" + parts[end - 1].partition(">")[2])
        done = end
    return kept + parts[done:] if done else parts


def _suspects(parts: Sequence[str]) -> Sequence[int]:
    """Return the numbers of the parts that may hide, found in one text: to ask each part takes ten times as long."""
    text = "".join(parts)
    places = [place for sign in _SIGNS for place in _places(text, sign)]
    ends = list(accumulate(map(len, parts))) if places else ()
    return sorted({bisect_right(ends, place) for place in places})


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + len(sign))


def _end(parts: Sequence[str], start: int) -> int:
    """Return the number of the part behind the element that opens in part *start*."""
    level = 0
    for number in range(start, len(parts)):
        part = parts[number]
        if part[0] == "/":
            level -= 1
            if not level:
                return number + 1
        elif (name := name_of(part.partition(">")[0])) not in VOID and name != "!":
            level += 1
    return len(parts)


def _is_body(parts: Sequence[str], start: int, end: int) -> bool:
    if _is_page(parts, start, end) or _PANE.search(parts[start].partition(">")[0]):
        return True
    if any(part[:4] in _PRE for part in parts[start:end]):
        return True  # the same example in another language, behind a tab
    lengths = _lengths(parts[start : end - 1])
    running = _running(lengths)
    return running >= ENOUGH and running * 2 > sum(lengths)


def _is_page(parts: Sequence[str], start: int, end: int) -> bool:
    if end - start <= SHARE * len(parts):
        return False
    if len(parts) >= SMALL:
        return True
    rest = [*parts[:start], *parts[end - 1 :]]
    return _running(_lengths(parts[start : end - 1])) >= _running(_lengths(rest))


def _lengths(parts: Sequence[str]) -> list[int]:
    return [len(part) - part.index(">") - 1 for part in parts]


def _running(lengths: Sequence[int]) -> int:
    return sum(length for length in lengths if length >= PROSE)


def is_hidden(start_tag: str) -> bool:
    """Tell whether the element that this start tag opens is hidden.

    >>> is_hidden('p style="color: red; display: none"'), is_hidden('p style="color: red"')
    (True, False)
    """
    if not (_HIDDEN.search(start_tag) or ' aria-hidden="true"' in start_tag):
        style = start_tag.partition(' style="')[2].partition('"')[0].lower()
        # Few styles hide, and the pattern is slow.
        if not any(hint in style for hint in _HINTS) or not _UNSHOWN.search(style[:_LONGEST]):
            return False
    return not _STREAMED.search(start_tag)
