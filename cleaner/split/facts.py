"""What a page says about itself outside its visible text: in its head and in JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cleaner.document import Facts

Told = tuple[str, Mapping[str, str | None], str]
"""An element of the head: its tag, its attributes, its text; of the body `script` alone."""

LINKED_DATA = "ld+json"
"""What the type of a script that holds data contains."""
_LONGEST = 100_000
"""Characters kept of an article's body; of the other facts a thousand."""
_SHORT = 1_000
_LARGEST = 1_000_000
"""JSON-LD longer than this is left unread."""
_MOST_SCRIPTS = 20
_MOST_VALUES = 5_000
"""JSON objects and lists looked into."""

_MARKUP = re.compile(r"<[^<>]{1,500}>")
_WHITE = re.compile(r"\s+")
# What each name of a <meta> tells.
_METAS = {
    "og:title": "headline",
    "og:site_name": "site",
    "og:description": "description",
    "description": "description",
    "headline": "headline",
    "content-language": "language",
    "og:locale": "language",
    "application-name": "site",
    "og:type": "type",
}
_MOST_TYPES = 24


def facts_of(head: Iterable[Told]) -> Facts:
    """Gather the facts; the first of a kind on the page counts."""
    told: dict[str, str] = {}
    types: list[str] = []
    scripts = 0
    for tag, attributes, text in head:
        if tag == "meta":
            _tell_meta(attributes, told)
        elif tag == "title":
            told.setdefault("title", text)
        elif tag == "html":
            told.setdefault("lang", attributes.get("lang") or attributes.get("xml:lang") or "")
        elif LINKED_DATA in (attributes.get("type") or "") and len(text) <= _LARGEST and scripts < _MOST_SCRIPTS:
            scripts += 1
            _tell_linked_data(text, told, types)
    return Facts(
        title=_clean(told.get("title", "")),
        headline=_clean(told.get("ld:headline") or told.get("headline", "")),
        description=_clean(told.get("description") or told.get("ld:description", "")),
        body=_clean(told.get("ld:body", ""), _LONGEST),
        language=_clean(told.get("lang") or told.get("language") or told.get("ld:language", "")),
        site=_clean(told.get("site") or told.get("ld:site", "")),
        types=_types([told.get("type", ""), *types]),
    )


def _types(told: Iterable[str]) -> tuple[str, ...]:
    """Return types without the vocabulary that they are of, each once."""
    names = dict.fromkeys(_clean(name, 40).rpartition("/")[2].lower() for name in told)
    return tuple(name for name in names if name)[:_MOST_TYPES]


def _tell_meta(attributes: Mapping[str, str | None], told: dict[str, str]) -> None:
    name = (
        attributes.get("property")
        or attributes.get("name")
        or attributes.get("itemprop")
        or attributes.get("http-equiv")
        or ""
    )
    fact = _METAS.get(name) or _METAS.get(name.lower())
    content = attributes.get("content")
    if fact and content:
        told.setdefault(fact, content)


def _tell_linked_data(source: str, told: dict[str, str], types: list[str]) -> None:
    try:
        # Line feeds inside strings are the usual fault; comments and semicolons around it the next.
        data = json.loads(source.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return
    for value in _objects(data):
        of_value = value.get("@type")
        types += [name for name in (of_value if isinstance(of_value, list) else [of_value]) if isinstance(name, str)]
        _tell(value, "headline", "ld:headline", told)
        _tell(value, "articleBody", "ld:body", told)
        _tell(value, "inLanguage", "ld:language", told)
        if "headline" in value:
            _tell(value, "description", "ld:description", told)
        publisher = value.get("publisher")
        if isinstance(publisher, dict):
            _tell(publisher, "name", "ld:site", told)


def _tell(value: dict[str, Any], key: str, fact: str, told: dict[str, str]) -> None:
    text = value.get(key)
    if isinstance(text, str) and text.strip():
        told.setdefault(fact, text)


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a value, outer ones first."""
    waiting = [data]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += [inner for inner in reversed(value.values()) if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [inner for inner in reversed(value) if isinstance(inner, dict | list)]


def _clean(text: str, longest: int = _SHORT) -> str:
    text = text[: 2 * longest]
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return _WHITE.sub(" ", text).strip()[:longest]
