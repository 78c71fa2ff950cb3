"""A line held against what its page tells machines: title, description, and at times the whole article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Facts, Line, Page
from cleaner.features.columns import Columns, ratio
from cleaner.stack import Hashes, Stack, contains, mix, stack

_PAGE = np.uint64(0x9E3779B97F4A7C15)
_NOTHING = Facts()
_SIEVE = 16
"""Bits of a hash by which most runs that no text has are told without a search."""


def told(of: Stack, pages: Sequence[Page]) -> Columns:
    """Measure how much of each line stands in the page's title, description and article text."""
    facts = [page.facts or _NOTHING for page in pages]
    return {
        **_share("title", [f"{fact.title} {fact.headline}" for fact in facts], 1, of),
        **_share("description", [fact.description for fact in facts], 2, of),
        **_share("article", [fact.body for fact in facts], 3, of),
    }


def _share(name: str, texts: Sequence[str], width: int, of: Stack) -> Columns:
    """Return which share of a line's runs of words the text of its page has, and how long that text is."""
    theirs = stack([Page("", (Line(text or " ", 0, 0),)) for text in texts])
    sizes = np.diff(theirs.words)
    known, whole = _runs(theirs, width)
    ours, inside = _runs(of, width)
    found = np.flatnonzero(_among(ours, np.sort(known[whole])) & inside)
    words = np.diff(of.words)
    line_of = np.searchsorted(of.words, found, "right") - 1
    hits = np.bincount(line_of, minlength=of.count)
    return {f"in_{name}": ratio(hits, words), f"{name}_words": sizes[of.page_of()]}


def _runs(of: Stack, width: int) -> tuple[Hashes, NDArray[np.bool_]]:
    """Hash each word of a page together with the ones behind it; tell which runs end before the page does.

    A line's last words run on into the next line, but not into the next page, whichever that is.
    """
    stops = of.words[of.pages]
    sizes = np.diff(stops)
    runs = of.word_hashes.copy()
    for step in range(1, width):
        runs = mix(runs)
        runs[:-step] += of.word_hashes[step:] * np.uint64(2 * step + 1)
    runs += np.repeat(np.arange(len(sizes)).astype(np.uint64) * _PAGE, sizes)
    return runs, np.arange(width, len(runs) + width) <= np.repeat(stops[1:], sizes)


def _among(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Tell which of *hashes* are among *known*, which are sorted."""
    found = np.zeros(len(hashes), bool)
    if len(known):
        high = np.uint64(64 - _SIEVE)
        sieve = np.zeros(1 << _SIEVE, bool)
        sieve[known >> high] = True
        likely = np.flatnonzero(sieve[hashes >> high])
        found[likely] = contains(known, hashes[likely])
    return found
