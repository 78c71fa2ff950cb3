"""Rules of languages told by their letters, read and asked only where a page has such letters.

Nine languages more would make every start slower by a third. Nobody who cleans English needs them:
a page without a single letter of theirs holds none of their phrases that these rules could know.
A page is asked, not a line, because "Reklama" is Polish among Polish lines alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.rules.loading import parse_rules
from cleaner.rules.matching import RuleSet
from cleaner.rules.rule import Rule
from cleaner.stack import Stack

_BMP = 0x10000
# A sign of the language, or the first and last of a row of them.
LETTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("zh", ("\u3400-\u9fff",)),
    ("ja", ("\u3040-\u30ff",)),
    ("ko", ("\uac00-\ud7a3",)),
    ("ru", ("\u0400-\u04ff",)),
    ("ar", ("\u0600-\u06ff",)),
    ("th", ("\u0e00-\u0e7f",)),
    ("pl", ("\u0105", "\u0107", "\u0119", "\u0142", "\u0144", "\u015b", "\u017a", "\u017c")),
    ("sv", ("\u00e5",)),
    ("tr", ("\u011f", "\u0131", "\u015f")),
)
"""Languages and the letters that tell them, each with a bit of its own."""
FEWEST = 5
"""A page needs so many: a foreign name has one or two."""


def by_letters(texts: Sequence[str], laid: Stack) -> dict[int, tuple[Rule, ...]]:
    """Return the hits of these languages' rules, by line, for the lines of a stack."""
    found: dict[int, tuple[Rule, ...]] = {}
    codes = laid.codes
    if not len(codes) or int(codes.max()) < 0x80:
        return found
    for lang, pages in _pages(laid):
        rules = load_language(lang)
        for page in pages:
            for at in range(laid.pages[page], laid.pages[page + 1]):
                if hits := rules.hits(texts[at]):
                    found[at] = found.get(at, ()) + hits
    return found


@cache
def load_language(lang: str) -> RuleSet:
    """Return the rules of one of these languages; the file is read once a process."""
    text = (Path(__file__).parent / "languages" / f"{lang}.toml").read_text(encoding="utf-8")
    return RuleSet(parse_rules(text, file=f"{lang}.toml", lang=lang))


def _pages(laid: Stack) -> list[tuple[str, list[int]]]:
    """Name the languages of which pages have letters, and the pages."""
    odd = np.flatnonzero(laid.codes >= 0x80)
    sorts = _table().take(laid.codes[odd], mode="clip")
    known = sorts > 0
    # A page begins where its first line does; the last bound closes the stack.
    bounds = np.append(laid.starts, len(laid.codes))[laid.pages]
    page_of = np.searchsorted(bounds, odd[known], "right") - 1
    size = len(bounds) - 1
    counts = np.bincount((sorts[known].astype(np.int64) - 1) * size + page_of, minlength=len(LETTERS) * size)
    return [
        (lang, np.flatnonzero(of_pages >= FEWEST).tolist())
        for (lang, _), of_pages in zip(LETTERS, counts.reshape(len(LETTERS), size), strict=True)
        if (of_pages >= FEWEST).any()
    ]


@cache
def _table() -> NDArray[np.uint8]:
    """Return for each code point of the basic plane the number of its language, from 1; 0 for none."""
    table = np.zeros(_BMP, np.uint8)
    for number, (_, rows) in enumerate(LETTERS, start=1):
        for row in rows:
            first, last = ord(row[0]), ord(row[-1])
            table[first : last + 1] = number
            for code in range(first, last + 1) if last - first < 0x100 else ():
                upper = chr(code).upper()
                if len(upper) == 1:
                    table[ord(upper)] = number
    # What stands for all beyond the plane is no letter.
    table[-1] = 0
    return table
