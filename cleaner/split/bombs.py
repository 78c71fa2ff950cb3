"""Markup made to exhaust a parser: told before it is parsed.

The parser compares each new attribute with all that its tag has, and many a tag with all that are
open: 100,000 of either take it 20 seconds, where usual pages of that size take a tenth of one.
"""

from __future__ import annotations

import re

from cleaner.errors import InputError
from cleaner.split.tags import VOID

LONGEST = 64_000_000
"""Characters; a longer page is refused."""
TAGS = 2_000_000
"""Tags; a page with more is refused. A long book has a tenth of that."""
ENDS = 2_000_000
"""Line ends; a page with more is refused: each may end a line that is shown as it stands."""

_FEW_TAGS = 20_000
"""With no more tags than this a page cannot take a second, however they are nested."""
_STEPS = 200_000_000
"""Open elements looked at, all tags together, in about a second."""
_LONG = 20_000
"""Characters without a `>`: of shorter tags the attributes take a tenth of a second at most."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_START = re.compile(r"<[a-zA-Z]")
# As the standard's tokenizer reads it. Possessive throughout: what is read once is never read again.
_ATTRIBUTE = r"""[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
_ALLOWED = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{1000}}")
_RUN = re.compile(rf"(?:{_ATTRIBUTE})*+")
# A new one of these ends the one before, so that leaving out the end tag nests nothing.
_IMPLIED = frozenset(("dd", "dt", "li", "option", "p", "td", "th", "tr"))


def refuse_endless(html: str) -> None:
    """Raise `InputError` for a page that is too large to be one."""
    if len(html) > LONGEST:
        raise InputError(f"has {len(html):,} characters; pages up to {LONGEST:,} are read, cut it into pages first")
    # A tag takes three characters.
    tags = html.count("<") if len(html) > 3 * TAGS else 0
    if tags > TAGS:
        raise InputError(f"has about {tags:,} tags; pages up to {TAGS:,} are read, cut it into pages first")
    ends = html.count("\n") + html.count("\r") - html.count("\r\n") if len(html) > ENDS else 0
    if ends > ENDS:
        raise InputError(f"has {ends:,} line ends; pages up to {ENDS:,} are read, cut it into pages first")


def nests_deeply(html: str) -> bool:
    """Tell whether the fast parser would take more than a second or two because of open elements."""
    if html.count("<") <= _FEW_TAGS:
        return False
    depth = steps = 0
    for end, name in _TAG.findall(html):
        if name.lower() in VOID or name.lower() in _IMPLIED:
            continue
        depth = max(0, depth - 1) if end else depth + 1
        steps += depth
    return steps > _STEPS


def without_endless_tags(html: str) -> str:
    """Leave out what a tag has beyond a thousand attributes."""
    kept: list[str] = []
    at = done = 0
    while at + _LONG < len(html):
        # Hop from one `>` to the last one in reach; where there is none a long stretch begins.
        end = html.rfind(">", at, at + _LONG)
        if end < 0:
            endless = _endless(html, at)
            if endless:
                kept.append(html[done : endless[0]])
                done = endless[1]
            end = html.find(">", max(at + _LONG, done))
        at = end + 1 if end >= 0 else len(html)
    return "".join([*kept, html[done:]]) if kept else html


def _endless(html: str, at: int) -> tuple[int, int] | None:
    """Return where the attributes too many begin and end, if the first tag behind *at* has such."""
    start = _START.search(html, at)
    allowed = start and _ALLOWED.match(html, start.start())
    rest = allowed and _RUN.match(html, allowed.end())
    return rest.span() if rest else None
