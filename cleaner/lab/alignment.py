"""Lines of extracted text held against the gold text of their page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import NamedTuple
from unicodedata import normalize

Words = tuple[str, ...]

# Thai, Lao, Burmese, Khmer, kana, Han: a word has no visible end, so each character is one.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
_ONE_SPACELESS = re.compile(rf"[{_SPACELESS}]")

_KEPT_SHARE, _FOREIGN_SHARE = 0.9, 0.12
"""Shares of a line's n-grams found in the gold; what lies between is left open."""
_LIKE = 0.8


class State(StrEnum):
    """What is known about a line."""

    KEPT = "kept"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Gold:
    """The article of a page as words, with where they stand."""

    words: Words
    places: Mapping[Words, int]
    """First place of every n-gram, across the ends of lines."""
    lines: Mapping[Words, tuple[int, ...]]
    """Places of every whole line."""
    spaced: str
    size: int
    """Words in an n-gram."""
    short: int
    """Lines with fewer words are too short for n-grams."""


class _Found(NamedTuple):
    """What one line's words say by themselves; *places* are where it may begin in the gold."""

    state: State
    places: tuple[int, ...] = ()


def words_of(text: str) -> Words:
    """Return the words of *text* without case and marks; characters where no blanks part words.

    >>> words_of("Don\u2019t STOP \u2013 \u505c!")
    ('don', 't', 'stop', '\u505c')
    """
    return tuple(_WORD.findall(normalize("NFKC", text).casefold()))


def gold_of(text: str) -> Gold:
    """Index the gold text of a page."""
    lines = [words_of(line) for line in text.splitlines()]
    words = tuple(chain.from_iterable(lines))
    spaceless = 3 * sum(map(bool, map(_ONE_SPACELESS.match, words))) > len(words)
    size, short = (5, 10) if spaceless else (3, 6)
    places: dict[Words, int] = {}
    for at in range(len(words) - size + 1):
        places.setdefault(words[at : at + size], at)
    starts: dict[Words, tuple[int, ...]] = {}
    at = 0
    for line in lines:
        starts[line] = (*starts.get(line, ()), at)
        at += len(line)
    return Gold(words, places, starts, f" {' '.join(words)} ", size, short)


def align(lines: Sequence[str], gold: Gold, heads: Sequence[Words] = ()) -> tuple[State, ...]:
    """Return the state of every line.

    A short line is kept only where it stands in the gold's order, because menus repeat
    subheadings. *heads* are title and description of the page: golds disagree about them, so a
    line like one of them is never foreign.
    """
    words = [words_of(line) for line in lines]
    found = [_find(line, gold) for line in words]
    ordered = _in_order([one.places for one in found])
    states: list[State] = []
    after = -1
    for number, (line, one) in enumerate(zip(words, found, strict=True)):
        state, place = one.state, ordered.get(number)
        if place is None and after >= 0 and gold.words[after : after + len(line)] == line:
            # It goes on where the line before it ended: a paragraph that the extractor broke.
            place = after if line else None
        if len(line) < gold.short and one.state is not State.FOREIGN:
            state = State.UNKNOWN if place is None else State.KEPT
        elif state is State.FOREIGN and any(is_like(line, head) for head in heads):
            state = State.UNKNOWN
        after = after if place is None else place + len(line)
        states.append(state)
    return tuple(states)


def share_kept(words: Words, gold: Gold) -> float:
    """Return the share of a line's n-grams that stand in the gold; 0 for a line without any."""
    grams = len(words) - gold.size + 1
    return sum(words[at : at + gold.size] in gold.places for at in range(grams)) / grams if grams > 0 else 0.0


def is_like(line: Words, head: Words) -> bool:
    """Tell whether nearly all of *line* is words of *head*, and no small part of them.

    >>> is_like(words_of("Rain is coming"), words_of("Rain is coming | The Daily Herald"))
    True
    >>> is_like(words_of("Daily Herald"), words_of("Rain is coming | The Daily Herald"))
    False
    """
    common = len(set(line) & set(head))
    return bool(line) and common >= _LIKE * len(set(line)) and 5 * common >= 2 * len(set(head))


def _find(words: Words, gold: Gold) -> _Found:
    if not words:
        return _Found(State.UNKNOWN)
    if words in gold.lines:
        return _Found(State.KEPT, gold.lines[words])
    if len(words) < gold.short:
        inside = f" {' '.join(words)} " in gold.spaced
        return _Found(State.UNKNOWN if inside else State.FOREIGN)
    share = share_kept(words, gold)
    if share < _FOREIGN_SHARE:
        return _Found(State.FOREIGN)
    if share < _KEPT_SHARE:
        return _Found(State.UNKNOWN)
    place = gold.places.get(words[: gold.size])
    return _Found(State.KEPT, () if place is None else (place,))


def _in_order(places: Sequence[tuple[int, ...]]) -> dict[int, int]:
    """Return the longest run of lines whose places rise, as line and place.

    Of two lines that could stand at one place, the one nearer to its successor is taken.
    """
    tails: list[int] = []
    chosen: list[tuple[int, int, int]] = []  # line, place, entry before
    ends: list[int] = []
    for line, of_line in enumerate(places):
        # From behind, so that no two places of one line follow each other.
        for place in sorted(of_line, reverse=True):
            at = bisect_left(tails, place)
            chosen.append((line, place, ends[at - 1] if at else -1))
            tails[at : at + 1] = [place]
            ends[at : at + 1] = [len(chosen) - 1]
    return dict(_chain_back(chosen, ends[-1] if ends else -1))


def _chain_back(chosen: Sequence[tuple[int, int, int]], entry: int) -> Iterator[tuple[int, int]]:
    while entry >= 0:
        line, place, entry = chosen[entry]
        yield line, place


def match(lines: Sequence[str], kept: Sequence[str], foreign: Sequence[str]) -> tuple[State, ...]:
    """Return the state of every line where only some pieces of a page are known.

    Two words prove nothing inside a longer line, and a foreign piece must make up most of its line.
    """
    good, bad = [words_of(piece) for piece in kept], [words_of(piece) for piece in foreign]
    states = []
    for line in map(words_of, lines):
        is_good = any(_holds(line, piece) and (len(piece) > 2 or line == piece) for piece in good)
        is_bad = any(_holds(line, piece) and 2 * len(piece) > len(line) for piece in bad)
        sure = is_good != is_bad
        states.append((State.KEPT if is_good else State.FOREIGN) if sure else State.UNKNOWN)
    return tuple(states)


def _holds(line: Words, piece: Words) -> bool:
    return bool(piece) and f" {' '.join(piece)} " in f" {' '.join(line)} "
