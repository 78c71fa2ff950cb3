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

_FEW_TAGS = 20_000
"""With no more tags than this a page cannot take a second, however they are nested."""
_STEPS = 200_000_000
"""Open elements looked at, all tags together, in about a second."""
_SHORT = 50_000
"""Characters; a shorter page cannot either, whatever its attributes."""
_LONG = 3_000
"""Characters that a thousand attributes take at least."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_START = re.compile(r"<[a-zA-Z]")
# As the standard's tokenizer reads it. Possessive throughout: what is read once is never read again.
_ATTRIBUTE = r"""[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
_ENDLESS = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{1000}}")
_RUN = re.compile(rf"(?:{_ATTRIBUTE})*+")
# A new one of these ends the one before, so that leaving out the end tag nests nothing.
_IMPLIED = frozenset(("dd", "dt", "li", "option", "p", "td", "th", "tr"))


def refuse_endless(html: str) -> None:
    """Raise `InputError` for a page that is too large to be one."""
    if len(html) > LONGEST:
        raise InputError(f"has {len(html):,} characters; pages up to {LONGEST:,} are read, cut it into pages first")
    tags = html.count("<")
    if tags > TAGS:
        raise InputError(f"has about {tags:,} tags; pages up to {TAGS:,} are read, cut it into pages first")


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
    if len(html) <= _SHORT:
        return html
    kept: list[str] = []
    at = done = 0
    for stretch in html.split(">"):
        if len(stretch) >= _LONG and at >= done:
            start = _START.search(stretch)
            endless = start and _ENDLESS.match(html, at + start.start())
            if endless:
                kept.append(html[done : endless.end()])
                done = _RUN.match(html, endless.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
        at += len(stretch) + 1
    return "".join([*kept, html[done:]]) if kept else html
