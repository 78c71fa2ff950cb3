"""A line held against what its page tells machines: title, description, and at times the whole article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.document import Facts, Line, Page
from cleaner.features.columns import Columns, ratio
from cleaner.stack import Hashes, Stack, mix, stack

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


def told(of: Stack, pages: Sequence[Page]) -> Columns:
    """Measure how much of each line stands in title, description and article text; tell what the page says it is."""
    facts = [page.facts or _NOTHING for page in pages]
    return {
        **_share("title", [f"{fact.title} {fact.headline}" for fact in facts], 1, of),
        **_share("description", [fact.description for fact in facts], 2, of),
        **_share("article", [fact.body for fact in facts], 3, of),
        **_types(facts, of),
    }


def _types(facts: Sequence[Facts], of: Stack) -> Columns:
    page_of = of.page_of()
    return {
        f"says_{group}": np.array([not named.isdisjoint(fact.types) for fact in facts], bool)[page_of]
        for group, named in ((group, frozenset(names)) for group, names in _TYPES.items())
    }


def _share(name: str, texts: Sequence[str], width: int, of: Stack) -> Columns:
    """Return which share of a line's runs of words the text of its page has, and how long that text is."""
    theirs = stack([Page("", (Line(text or " ", 0, 0),)) for text in texts])
    words = np.diff(of.words)
    line_of = np.repeat(np.arange(of.count), words)
    sizes = np.diff(theirs.words)
    known = np.unique(_runs(theirs, width) + np.repeat(np.arange(len(texts)), sizes).astype(np.uint64) * _PAGE)
    page_of = of.page_of()
    ours = _runs(of, width) + page_of[line_of].astype(np.uint64) * _PAGE
    found = np.bincount(line_of, weights=np.isin(ours, known), minlength=of.count)
    return {f"in_{name}": ratio(found, words), f"{name}_words": sizes[page_of]}


def _runs(of: Stack, width: int) -> Hashes:
    """Hash each word together with the ones behind it; a line's last words run on into the next line."""
    runs = of.word_hashes.copy()
    for step in range(1, width):
        behind = np.append(of.word_hashes[step:], np.zeros(min(step, len(runs)), np.uint64))
        runs = mix(runs) + behind * np.uint64(2 * step + 1)
    return runs
