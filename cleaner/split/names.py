"""The words by which the markup calls an element: its class, id, role and so on, taken apart."""

from __future__ import annotations

import re
from functools import lru_cache

MOST = 16
"""Words told of one element."""
LONGEST = 24
"""Characters told of one word."""

# Values stand between double quotes and hold none: the parser wrote them. What is cut off a long
# value here would make the seventeenth word.
_TELLING = re.compile(r' (?:class|id|role|itemprop|itemtype|aria-label|data-testid|data-component)="([^"]{1,400})')
# A hump ends a word: articleBody, HTMLParser. Digits and signs stand between words.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")


def names_of(start_tag: str) -> tuple[str, ...]:
    """Return the words of a start tag as the parser writes it, each once, in order.

    >>> names_of('<div id="articleBody" class="story story__text--1">')
    ('article', 'body', 'story', 'text')
    """
    return _words(" ".join([_last_part(value) for value in _TELLING.findall(start_tag)]))


# Pages of one site use the same names again and again.
@lru_cache(maxsize=20_000)
def _words(values: str) -> tuple[str, ...]:
    words = dict.fromkeys([word[:LONGEST].lower() for word in _WORD.findall(values)])
    return tuple(words)[:MOST]


def _last_part(value: str) -> str:
    """Leave of `https://schema.org/NewsArticle` what it says: the type."""
    return value.rpartition("/")[2] if "://" in value else value
