"""A line held against what its page tells machines: title, description, and at times the whole article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Facts, Line, Page
from cleaner.features.columns import Columns, ratio
from cleaner.stack import Hashes, Ints, Stack, contains, mix, stack

_PAGE = np.uint64(0x9E3779B97F4A7C15)
_NOTHING = Facts()
_TYPES = {
    "news": ("newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "liveblogposting"),
    "article": ("article", "blogposting", "blog", "post", "techarticle", "scholarlyarticle", "commentary", "review"),
    "product": ("product", "og:product", "product.item", "offer", "aggregateoffer", "productgroup"),
    "list": ("itemlist", "collectionpage", "product.group", "product:group", "searchresultspage"),
    "forum": ("discussionforumposting", "qapage", "question", "forum", "comment"),
    "recipe": ("recipe", "howto"),
    "website": ("website",),
    "service": ("service", "localbusiness", "professionalservice", "faqpage", "course", "event", "jobposting"),
}
"""What a page says it is, in groups: the lists of a shop are its body, those below an article are not."""
_SIEVE = 16
"""Bits of a hash by which most runs that no text has are told without a search."""


class _Words(NamedTuple):
    hashes: Hashes
    bounds: Ints
    """Where each page's words begin, and one more for the end."""


def told(of: Stack, pages: Sequence[Page]) -> Columns:
    """Measure how much of each line stands in title, description and article text; tell what the page says it is."""
    facts = [page.facts or _NOTHING for page in pages]
    texts = [f"{fact.title} {fact.headline}" for fact in facts]
    texts += [fact.description for fact in facts] + [fact.body for fact in facts]
    theirs = stack([Page("", tuple([Line(text or " ", 0, 0) for text in texts]))])
    columns: Columns = {}
    for number, name in enumerate(("title", "description", "article")):
        bounds = theirs.words[number * len(pages) : (number + 1) * len(pages) + 1]
        words = _Words(theirs.word_hashes[bounds[0] : bounds[-1]], bounds - bounds[0])
        columns |= _share(name, words, number + 1, of)
    return {**columns, **_types(facts, of)}


def _types(facts: Sequence[Facts], of: Stack) -> Columns:
    page_of = of.page_of()
    return {
        f"says_{group}": np.array([not named.isdisjoint(fact.types) for fact in facts], bool)[page_of]
        for group, named in ((group, frozenset(names)) for group, names in _TYPES.items())
    }


def _share(name: str, theirs: _Words, width: int, of: Stack) -> Columns:
    """Return which share of a line's runs of words the text of its page has, and how long that text is."""
    words, found = np.diff(of.words), np.zeros(of.count, np.int64)
    known, whole = _runs(theirs, width)
    if whole.any():
        ours, inside = _runs(_Words(of.word_hashes, of.words[of.pages]), width)
        at = np.flatnonzero(_among(ours, np.sort(known[whole])) & inside)
        found = np.bincount(np.searchsorted(of.words, at, "right") - 1, minlength=of.count)
    return {f"in_{name}": ratio(found, words), f"{name}_words": np.diff(theirs.bounds)[of.page_of()]}


def _runs(words: _Words, width: int) -> tuple[Hashes, NDArray[np.bool_]]:
    """Hash each word of a page together with the ones behind it; tell which runs end before the page does.

    A line's last words run on into the next line, but not into the next page, whichever that is.
    """
    sizes = np.diff(words.bounds)
    runs = words.hashes.copy()
    for step in range(1, width):
        runs = mix(runs)
        runs[:-step] += words.hashes[step:] * np.uint64(2 * step + 1)
    runs += np.repeat(np.arange(len(sizes)).astype(np.uint64) * _PAGE, sizes)
    return runs, np.arange(width, len(runs) + width) <= np.repeat(words.bounds[1:], sizes)


def _among(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Tell which of *hashes* are among *known*, which are sorted and not empty."""
    high = np.uint64(64 - _SIEVE)
    sieve = np.zeros(1 << _SIEVE, bool)
    sieve[known >> high] = True
    likely = np.flatnonzero(sieve[hashes >> high])
    found = np.zeros(len(hashes), bool)
    found[likely] = contains(known, hashes[likely])
    return found
