"""One value of a text column in, one row out: what all fronts share, whatever holds the column."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import repeat
from math import isnan
from typing import Any, NamedTuple

from cleaner.chunks import fault_of
from cleaner.cleaning import Cleaner
from cleaner.document import Document
from cleaner.errors import InputError, SettingError
from cleaner.report import MISSING, Report
from cleaner.sites import SITE
from cleaner.split import TEXT, kind_of


class Row(NamedTuple):
    """What became of one value."""

    text: str | None
    """None where nothing came in, and for a page that is refused."""
    report: Report

    @property
    def line(self) -> str:
        """The report as one line of JSON, as the command line writes it, without the line end."""
        record = self.report.as_dict()
        line = json.dumps(record, ensure_ascii=False)
        # No engine's strings hold a lone surrogate, but lists and object columns do.
        return line if line.isascii() or line == line.encode(errors="replace").decode() else json.dumps(record)


def clean_rows(
    cleaner: Cleaner,
    texts: Iterable[Any],
    ids: Iterable[Any] | None = None,
    urls: Iterable[Any] | None = None,
    sites: Iterable[Any] | None = None,
) -> Iterator[Row]:
    r"""Clean values lazily and in order, one row for each.

    A string is a text or a page, by the setting `kind` or else by its looks. What is missing (None,
    NaN, the NA of pandas) stays missing; a page that is refused, such as one nested without end,
    becomes missing. Both say so in the note of their report.

    A site memory knows a text's site by its name in *sites*, else by its address in *urls*.

    >>> [row.text for row in clean_rows(Cleaner(), ["Share this\nThe bridge was closed on Monday.", None])]
    ['The bridge was closed on Monday.', None]

    Raises `InputError` for a value that is neither a string nor missing and for one text in the place of
    many, `SettingError` for a site memory without addresses and sites.
    """
    if isinstance(texts, str | bytes):
        raise InputError("one text is given where many are meant; make a list of it")
    refuse_nowhere(cleaner, urls, sites)
    waiting: deque[Document | Row] = deque()

    def documents() -> Iterator[Document]:
        told = zip(texts, *(repeat(None) if column is None else column for column in (ids, urls, sites)), strict=False)
        for number, (text, *of_text) in enumerate(told):
            if not (isinstance(text, str) or is_missing(text)):
                raise InputError(f"the text is {type(text).__name__}, not str", place=f"row {number}")
            waiting.append(_taken(cleaner, text, *(None if is_missing(value) else str(value) for value in of_text)))
            if isinstance(waiting[-1], Document):
                yield waiting[-1]

    for cleaned in cleaner.clean_many(documents()):
        yield from _ready(waiting)
        waiting.popleft()
        yield Row(cleaned.text, cleaned.report)
    yield from _ready(waiting)


def refuse_nowhere(cleaner: Cleaner, urls: object, sites: object) -> None:
    """Raise `SettingError` where a site memory is to be used and nothing says of which site a text is."""
    if cleaner.sites is not None and urls is None and sites is None:
        raise SettingError(
            "a site memory helps only where it is known which site a text is of: name the column of addresses (url=) "
            "or that of sites (site=); a series alone has neither"
        )


def is_missing(value: Any) -> bool:
    """Tell whether *value* stands for no value: None, NaN, the NA of pandas."""
    return value is None or (isinstance(value, float) and isnan(value)) or type(value).__name__ == "NAType"


def _taken(cleaner: Cleaner, text: Any, name: str | None, url: str | None, site: str | None) -> Document | Row:
    """Return what is to be cleaned, or the row of what cannot be."""
    name = name or ""
    if not isinstance(text, str):
        return _nothing(cleaner, name, MISSING)
    document = Document(name, text, cleaner.kind or kind_of(text), url, {} if site is None else {SITE: site})
    fault = fault_of(document)
    return document if fault is None else _nothing(cleaner, name, f"refused: {fault.reason}")


def _nothing(cleaner: Cleaner, name: str, note: str) -> Row:
    return Row(None, Report(name, 0, 0, (), mode=cleaner.mode, note=note, kind=cleaner.kind or TEXT))


def _ready(waiting: deque[Document | Row]) -> Iterator[Row]:
    """Yield the rows that wait for no document."""
    while waiting and isinstance(waiting[0], Row):
        yield waiting.popleft()  # type: ignore[misc]
