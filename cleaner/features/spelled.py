"""The n-grams of one line spelled out, in the order in which they are hashed: for people who ask why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.document import Element, Page
from cleaner.features.ngrams import ENDING, STEM
from cleaner.features.outline import DEEP
from cleaner.stack import Stack


class Spelled(NamedTuple):
    """One n-gram: what sort of thing it is, and its letters."""

    what: str
    text: str


def spell(page: Page, number: int, of: Stack, at: int, *, markup: bool) -> list[list[Spelled]]:
    """Spell out the grams of a line, sort by sort, as `grams` (or with *markup* `page_grams`) hashes them.

    The line is that with *number* on its page, and *at* in the stack.
    """
    words = _words(page, number, of, at)
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    sorts = [
        [Spelled("word", word) for word in words],
        [Spelled("word beginning", word[:STEM]) for word in words],
        [Spelled("word ending", word[-ENDING:]) for word in words],
        [Spelled("words", pair) for pair in pairs],
        [Spelled("words shaped like", pair) for pair in pairs],
        *([Spelled(what, text)] for what, text in _edges(page, number, words)),
    ]
    if not markup:
        return sorts
    return [*sorts, *_named(page, number), *([Spelled(what, text)] for what, text in _tags(page, number))]


def _words(page: Page, number: int, of: Stack, at: int) -> list[str]:
    text, start = page.lines[number].text, int(of.starts[at])
    bounds = slice(int(of.words[at]), int(of.words[at + 1]))
    return [
        text[low - start : high - start]
        for low, high in zip(of.word_starts[bounds].tolist(), of.word_ends[bounds].tolist(), strict=True)
    ]


def _edges(page: Page, number: int, words: Sequence[str]) -> list[tuple[str, str]]:
    text = page.lines[number].text
    first = [" ".join(words[:count]) for count in (1, 2, 3)]
    last = [" ".join(words[-count:]) for count in (1, 2)]
    above = page.lines[number - 1].text if number else ""
    below = page.lines[number + 1].text if number + 1 < len(page.lines) else ""
    return [
        ("whole line", text),
        *(("first words", part) for part in first),
        *(("last words", part) for part in last),
        *(("first characters", text[:width]) for width in (2, 4)),
        *(("last characters", text[-width:]) for width in (1, 2, 4)),
        *(("first words shaped like", part) for part in first),
        *(("last words shaped like", part) for part in last),
        *_beside("above", above, text),
        *_beside("below", below, text),
    ]


def _beside(where: str, other: str, text: str) -> list[tuple[str, str]]:
    opening = " ".join(other.split()[:2])
    return [
        (f"line {where}", other),
        (f"line {where} begins", opening),
        (f"closing marks, line {where} and this", f"{other[-1:]} {text[-1]}"),
    ]


def _way(page: Page, number: int) -> list[Element]:
    """Return the elements around a line, innermost first."""
    way: list[Element] = []
    at = page.lines[number].element
    while at >= 0:
        way.append(page.elements[at])
        at = page.elements[at].parent
    return way


def _named(page: Page, number: int) -> list[list[Spelled]]:
    line, way = page.lines[number], _way(page, number)
    sorts = {
        "named": way[0].names if way else (),
        "inline, named": line.names if line.marks else (),
        "parent named": way[1].names if len(way) > 1 else (),
        "inside of one named": [name for element in way[:DEEP] for name in element.names],
    }
    return [[Spelled(what, name) for name in names] for what, names in sorts.items()]


def _tags(page: Page, number: int) -> list[tuple[str, str]]:
    line = page.lines[number]
    tags = [f"<{element.tag}>" for element in _way(page, number)[:3]]
    marks = f"<{' '.join(line.marks)}>" if line.marks else "none"
    return [
        ("tag", " ".join(tags[:1])),
        ("tags", " in ".join(tags[:2])),
        ("tags", " in ".join(tags)),
        ("inline tag", marks),
        ("inline tag", " in ".join([marks, *tags[:1]])),
    ]
