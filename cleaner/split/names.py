"""The words by which the markup calls an element: its class, id, role and so on, taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

MOST = 16
"""Words told of one element."""

# Values stand between double quotes and hold none: the parser wrote them. What is cut off a long
# value here would hardly be among the first sixteen words.
_TELLING = re.compile(r' (?:class|id|role|itemprop|itemtype|aria-label|data-testid|data-component)="([^"]{1,400})')
# articleBody, HTMLParser
_HUMP = re.compile(r"[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])")
# All of ASCII but letters parts words.
_PARTS = bytes(byte if byte > 127 or chr(byte).isalpha() else 32 for byte in range(256))
_KNOWN = 1 << 13
"""So many values are remembered: elements beside each other share them, and so do pages of one make."""


def names_of(start_tags: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the words of each start tag, as the parser writes it, each word once, in order.

    >>> names_of(['div id="articleBody" class="story story__text--1"', "p"])
    {'div id="articleBody" class="story story__text--1"': ('article', 'body', 'story', 'text'), 'p': ()}
    """
    names: dict[str, tuple[str, ...]] = dict.fromkeys(start_tags, ())
    for tag in names:
        if " " in tag and (values := _TELLING.findall(tag)):
            names[tag] = _words(tuple(values))
    return names


@lru_cache(_KNOWN)
def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    told = " ".join(values)
    if "://" in told:
        # `https://schema.org/NewsArticle` says one thing: the type.
        told = " ".join([value.rpartition("/")[2] if "://" in value else value for value in values])
    if not told.islower():
        told = _HUMP.sub(_parted, told).lower()
    words = told.encode("utf-8").translate(_PARTS).decode("utf-8").split()
    return tuple(dict.fromkeys(words) if len(words) > 1 else words)[:MOST]


def _parted(hump: re.Match[str]) -> str:
    """Put a blank behind a letter; a template with groups takes twice as long."""
    return f"{hump[0]} "
