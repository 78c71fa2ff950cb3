"""Extractors of different temper: what each of them leaves of a page, as lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from cleaner.errors import MissingExtra
from cleaner.lab.alignment import Gold, share_kept, words_of
from cleaner.lab.peers import STOPLISTS

_MOST = 0.9
"""The article's container holds at least this share of what its parent holds of the article."""


class WebPage(NamedTuple):
    """What an extractor may look at."""

    html: str
    lang: str
    gold: Gold | None


class Extractor(NamedTuple):
    """One tool with one setting."""

    name: str
    family: str
    """Tools of one family agree too easily."""
    kind: str
    """`residual` if it seeks the article, `page` if it takes everything."""
    run: Callable[[WebPage], str]


def lines_of(extractor: Extractor, page: WebPage) -> tuple[str, ...]:
    """Return the lines that *extractor* leaves, without blank ones."""
    lines = (" ".join(line.split()) for line in extractor.run(page).splitlines())
    return tuple(line for line in lines if line)


class Packages(NamedTuple):
    """What the extractors are made of."""

    justext: Any
    readability: Any
    trafilatura: Any
    plain_text: Any
    tree: Any


@cache
def packages() -> Packages:
    """Import all extractors; raises `MissingExtra`."""
    try:
        import justext
        import readability
        import trafilatura
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        raise MissingExtra("making weak labels", "weak") from error
    # What they log about single pages is no news to whoever runs thousands.
    for name in ("trafilatura", "readability", "htmldate", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return Packages(justext, readability, trafilatura, extract_plain_text, HTMLTree)


def _trafilatura(page: WebPage) -> str:
    return packages().trafilatura.extract(page.html) or ""


def _trafilatura_recall(page: WebPage) -> str:
    return packages().trafilatura.extract(page.html, favor_recall=True) or ""


def _resiliparse(page: WebPage) -> str:
    return str(packages().plain_text(page.html, main_content=True))


def _resiliparse_full(page: WebPage) -> str:
    return str(packages().plain_text(page.html, main_content=False))


def _readability(page: WebPage) -> str:
    return str(packages().plain_text(packages().readability.Document(page.html).summary(), main_content=False))


def _justext(page: WebPage) -> str:
    package = packages().justext
    language = STOPLISTS.get(page.lang)
    if language:
        paragraphs = package.justext(page.html, package.get_stoplist(language))
    else:
        paragraphs = package.justext(page.html, frozenset(), stopwords_low=0.0, stopwords_high=0.0)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _container(page: WebPage) -> str:
    """Return all text of the smallest element that holds nearly all of the article."""
    if page.gold is None:
        return ""
    node = packages().tree.parse(page.html).body
    held = _held(node, page.gold)
    while held:
        inner = max(node.child_nodes, key=lambda child: len(child.text), default=None)
        share = _held(inner, page.gold) if inner is not None else 0.0
        if share < _MOST * held:
            break
        node, held = inner, share
    return str(packages().plain_text(node.html, main_content=False)) if held else ""


def _held(node: Any, gold: Gold) -> float:
    """Return how many of the n-grams of *node* stand in the gold."""
    words = words_of(node.text)
    return share_kept(words, gold) * len(words)


EXTRACTORS: tuple[Extractor, ...] = (
    Extractor("trafilatura", "trafilatura", "residual", _trafilatura),
    Extractor("trafilatura_recall", "trafilatura", "residual", _trafilatura_recall),
    Extractor("resiliparse", "resiliparse", "residual", _resiliparse),
    Extractor("readability", "readability", "residual", _readability),
    Extractor("justext", "justext", "residual", _justext),
    Extractor("container", "", "residual", _container),
    Extractor("resiliparse_full", "", "page", _resiliparse_full),
)
