"""What trafilatura knows about a page: its metadata, and its text for those who want it extracted so.

It is imported for the first page that asks, and only then.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from cleaner.document import Document, Facts, Metadata
from cleaner.errors import MissingExtra
from cleaner.split import TEXT, page_of

FRONTS = ("trafilatura",)
"""Extractors that may stand in front of the text model."""

# What its parsers and searches were seen to raise, or say that they may, on broken and hostile pages.
_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def metadata(html: str, url: str | None = None) -> Metadata:
    """Return title, author, date, site and language of a page, each None where the page does not say.

    *url* helps to find the site. Needs the extra `trafilatura`: raises `MissingExtra` without it.
    """
    return metadata_of(html, url, page_of(Document("", html, "html")).facts)


def metadata_of(html: str, url: str | None, facts: Facts | None) -> Metadata:
    """Return the metadata of a page whose *facts* are known: they fill what trafilatura leaves open."""
    facts = facts or Facts()
    try:
        found = _trafilatura().extract_metadata(_without_surrogates(html), default_url=url)
    except _FAILURES:
        found = None
    title, author, date, site = (getattr(found, name, None) for name in ("title", "author", "date", "sitename"))
    return Metadata(
        title or facts.title or None, author or None, date or None, site or facts.site or None, facts.language or None
    )


def extracted(document: Document) -> Document:
    """Return the text that trafilatura, with its defaults, takes out of a page; empty where it finds none."""
    try:
        text = _trafilatura().extract(_without_surrogates(document.body), url=document.url)
    except _FAILURES:
        text = None
    return Document(document.id, text or "", TEXT, document.url, document.meta)


def _without_surrogates(html: str) -> str:
    return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@cache
def _trafilatura() -> Any:
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtra("reading pages with trafilatura", "trafilatura") from error
    silence("trafilatura", "htmldate")
    return trafilatura


def silence(*packages: str) -> None:
    """Have packages log nothing: what they say of single pages is no news to whoever runs thousands."""
    for name in packages:
        logging.getLogger(name).setLevel(logging.CRITICAL)
