"""Extractors of different temper: what each of them leaves of a page, as lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from cleaner.errors import MissingExtra
from cleaner.extraction import silence
from cleaner.lab.peers import justext_paragraphs

_LANG = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_HEAD = 20_000
"""Characters among which a page names its language."""


class Extractor(NamedTuple):
    """One tool with one setting."""

    name: str
    run: Callable[[str, str], str]
    """From HTML and language to text."""


def lines_of(extractor: Extractor, html: str, lang: str) -> tuple[str, ...]:
    """Return the lines that *extractor* leaves of a page, without blank ones."""
    lines = (" ".join(line.split()) for line in extractor.run(html, lang).splitlines())
    return tuple(line for line in lines if line)


def language(html: str, given: str | None) -> str:
    """Return the language of a page in two letters: as *given*, as the page says, or English."""
    named = _LANG.search(html, 0, _HEAD)
    return (given or (named[1] if named else "en")).lower()[:2]


class Packages(NamedTuple):
    """What the extractors are made of."""

    readability: Any
    trafilatura: Any
    plain_text: Any


@cache
def _packages() -> Packages:
    """Import all extractors; raises `MissingExtra`."""
    try:
        import readability
        import trafilatura
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError as error:
        raise MissingExtra("extracting pages", "pages") from error
    silence("trafilatura", "readability", "htmldate", "justext")
    return Packages(readability, trafilatura, extract_plain_text)


def _trafilatura(html: str, _: str) -> str:
    return _packages().trafilatura.extract(html) or ""


def _trafilatura_recall(html: str, _: str) -> str:
    return _packages().trafilatura.extract(html, favor_recall=True) or ""


def _resiliparse(html: str, _: str) -> str:
    return str(_packages().plain_text(html, main_content=True))


def _readability(html: str, _: str) -> str:
    return str(_packages().plain_text(_packages().readability.Document(html).summary(), main_content=False))


def _justext(html: str, lang: str) -> str:
    return "\n".join(paragraph.text for paragraph in justext_paragraphs(html, lang) if not paragraph.is_boilerplate)


EXTRACTORS: tuple[Extractor, ...] = (
    Extractor("trafilatura", _trafilatura),
    Extractor("trafilatura_recall", _trafilatura_recall),
    Extractor("resiliparse", _resiliparse),
    Extractor("readability", _readability),
    Extractor("justext", _justext),
)
