"""Why an HTML page deserves a look: it shows nothing, is no article, or hardly anything of it is left."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cleaner.document import Page

_FEWEST, _LEAST = 250, 0.03
"""A page that keeps fewer characters, or a smaller share of them, is flagged.

Most of a page is cruft: of 804 pages of open benchmarks (news and seven other types) the article is
half or more of the text on every second one, but less than 6.6 % on none in a hundred; one in a
hundred has an article of fewer than 812 characters.
"""
_LINE = 80
"""Characters of a line that may speak for the whole page."""


_DOUBTFUL = 0.6
"""Of held-out pages of which less was expected, one in twenty, three in five came out below it."""


class _Sort(NamedTuple):
    note: str
    phrases: tuple[str, ...]


def note_on_page(page: Page, kept: int, expected: float | None = None) -> str:
    """Say why a page deserves a look; *kept* is the number of characters that stay.

    *expected* is the F1 to be expected of these, if a model of pages was asked.
    """
    chars = len(page.text)
    if page.note == "frames":
        return "frames: it only names other pages; fetch those"
    if not page.lines:
        return "empty: the page shows no text; perhaps it needs scripts, then fetch it as a browser does"
    if found := _no_article(page, kept):
        return found
    if 2 * kept < chars and (kept < _FEWEST or kept < _LEAST * chars):
        return f"low-yield: {kept} of {chars} characters of the page were kept"
    if expected is not None and expected < _DOUBTFUL:
        return f"doubtful: of what stays an F1 of {expected:.2f} is expected"
    return page.note


def _no_article(page: Page, kept: int) -> str:
    longest, sorts = _sorts()
    if len(page.text) > longest:
        return ""
    title = page.facts.title if page.facts else ""
    said = [title]
    if kept < _FEWEST:
        said += [line.text for line in page.lines if len(line.text) <= _LINE]
    for sort in sorts:
        for text in said:
            if text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").startswith(sort.phrases):
                return sort.note.format(said=text[:_LINE])
    return ""


@cache
def _sorts() -> tuple[int, tuple[_Sort, ...]]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return table["longest"], tuple(_Sort(sort["note"], tuple(sort["phrases"])) for sort in table["sort"])
