"""Whole pages with what is known of their text: read, checked, and told apart by site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.errors import InputError
from cleaner.lab.records import read_records
from cleaner.lab.sites import group_of

NO_TYPE = "untyped"
"""Page type of records that name none."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page and its right answer: a gold text, or snippets that must and must not be kept."""

    id: str
    source: str
    """The file it came from, without endings."""
    site: str | None
    """Host name or address."""
    lang: str | None
    """As the record says; often nothing."""
    page_type: str
    html: str
    gold: str | None
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def group(self) -> str:
        """What the page must not be parted from when data is split."""
        return group_of(self.site, self.source)


def read_pages(path: Path) -> Iterator[GoldPage]:
    """Yield the pages of a `.jsonl` or `.jsonl.zst` file that have a right answer.

    Raises `InputError` naming file, line and fault for a record that does not fit.
    """
    source = path.name.partition(".")[0]
    for place, record in read_records(path):
        try:
            yield gold_page(record, source)
        except InputError as fault:
            raise InputError(fault.reason, path=path, place=place) from fault


def gold_page(record: Mapping[str, Any], source: str) -> GoldPage:
    """Check one record; raises `InputError` for one without `html` or without an answer."""
    html, name = _word(record, "html"), _word(record, "id")
    if html is None or name is None:
        raise InputError(f"`{'html' if html is None else 'id'}` is missing")
    gold, wanted, unwanted = (
        _word(record, "text_gold"),
        _words(record, "snippets_with"),
        _words(record, "snippets_without"),
    )
    if gold is None and not wanted and not unwanted:
        raise InputError("there is no answer: give `text_gold`, or `snippets_with` and `snippets_without`")
    return GoldPage(
        id=name,
        source=source,
        site=_word(record, "domain") or _word(record, "url"),
        lang=_word(record, "lang"),
        page_type=_word(record, "page_type") or NO_TYPE,
        html=html,
        gold=gold,
        wanted=wanted,
        unwanted=unwanted,
    )


def _word(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"`{key}` must be a string")
    return value


def _words(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise InputError(f"`{key}` must be a list of strings that are not blank")
    return tuple(value)
