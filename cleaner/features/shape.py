"""The shape of a line: lengths, sorts of characters, sorts of words."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Line, Page
from cleaner.features.columns import Columns, ratio
from cleaner.stack import KINDS, Hashes, Ints, Kind, Stack, mix, stack

_LEXICON_BITS = 18
_LANES, _LANE = 4, 15
_LANE_MASK = (1 << _LANE) - 1


def shape(of: Stack) -> Columns:
    """Measure each line by itself."""
    kinds = _kind_counts(of)
    letters = kinds[Kind.LOWER] + kinds[Kind.UPPER] + kinds[Kind.UNCASED] + kinds[Kind.LONE]
    words = np.diff(of.words)
    chars = of.ends - of.starts
    return {
        "chars": chars,
        "words": words,
        "word_length": ratio(letters + kinds[Kind.DIGIT], words),
        "capitals": ratio(kinds[Kind.UPPER], letters),
        "digits": ratio(kinds[Kind.DIGIT], chars),
        "lone": ratio(kinds[Kind.LONE], chars),
        "others": ratio(kinds[Kind.OTHER], chars),
        **{name: kinds[kind] for name, kind in _COUNTED.items()},
        "marks": ratio(sum(kinds[kind] for kind in _COUNTED.values()), words),
        **_edges(of),
        **_words(of, words),
    }


_COUNTED = {
    "stops": Kind.STOP,
    "commas": Kind.COMMA,
    "colons": Kind.COLON,
    "quotes": Kind.QUOTE,
    "brackets": Kind.BRACKET,
    "dashes": Kind.DASH,
    "bullets": Kind.BULLET,
    "signs": Kind.SIGN,
}


def _kind_counts(of: Stack) -> NDArray[np.int64]:
    """Count each `Kind` but white space in each line: an array of kinds by lines.

    Small letters and blanks, nine characters in ten, are not looked at one by one: small letters
    are what the words have besides the others.
    """
    at = np.flatnonzero((of.kinds != Kind.LOWER) & (of.kinds != Kind.WHITE))
    line_of = np.repeat(np.arange(of.count) * KINDS, np.diff(_bounds(at, of)))
    counts = np.bincount(line_of + of.kinds[at], minlength=of.count * KINDS).reshape(of.count, KINDS)
    counts = np.ascontiguousarray(counts.T)
    counts[Kind.LOWER] = _sum(of.word_ends - of.word_starts, of) - counts[Kind.UPPER : Kind.LONE + 1].sum(axis=0)
    return counts


def _bounds(at: Ints, of: Stack) -> Ints:
    """Return where among sorted places in the text those of each line begin, and one more for the end."""
    return np.append(np.searchsorted(at, of.starts), len(at))


def _edges(of: Stack) -> Columns:
    """Sorts of the first and the last characters, which say how a line begins and closes."""
    last, second_last = of.ends - 1, np.maximum(of.ends - 2, of.starts)
    ellipsis = (of.codes[last] == 0x2026) | ((of.codes[last] == 0x2E) & (of.codes[second_last] == 0x2E))
    return {
        "first_kind": of.kinds[of.starts],
        "last_kind": of.kinds[last],
        "second_last_kind": of.kinds[second_last],
        "ellipsis": ellipsis,
        "question": of.codes[last] == 0x3F,
    }


def looks(of: Stack) -> Hashes:
    """Hash how each line looks from afar: the sorts of its first and last character, and the bits of its length."""
    first, last = (of.kinds[at].astype(np.uint64) for at in (of.starts, of.ends - 1))
    bits = np.frexp(of.ends - of.starts)[1].astype(np.uint64)
    return mix((first * np.uint64(KINDS) + last) * np.uint64(64) + bits)


def _words(of: Stack, words: NDArray[np.int64]) -> Columns:
    """Sorts of words: capitalised ones, long ones, and the closed classes of the lexicon."""
    lengths = of.word_ends - of.word_starts
    names, sorts, lanes = lexicon()
    sort_of = np.take(sorts, of.word_hashes >> np.uint64(64 - _LEXICON_BITS))
    columns: Columns = {
        "glued": ratio(_humps(of), words),
        "capitalised": ratio(_sum(of.kinds[of.word_starts] == Kind.UPPER, of), words),
        "long_words": ratio(_sum(lengths > 6, of), words),
    }
    packed = [_sum(np.take(of_sort, sort_of), of) for of_sort in lanes]
    for number, name in enumerate(names):
        count = packed[number // _LANES] >> _LANE * (number % _LANES) & _LANE_MASK
        columns[f"{name}_count"] = count
        columns[f"{name}_share"] = ratio(count, words)
    return columns


def _humps(of: Stack) -> Ints:
    """Count in each line the capitals behind small letters: "HomePolitics", "ShareTweetEmail".

    Buttons and links whose marks were lost between them look like that.
    """
    at = np.flatnonzero((of.kinds[:-1] == Kind.LOWER) & (of.kinds[1:] == Kind.UPPER))
    return np.diff(_bounds(at, of))


def _sum(counts: NDArray[Any], of: Stack) -> NDArray[np.int64]:
    """Add up numbers of words for each line."""
    running = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=running[1:])
    return np.asarray(running[of.words[1:]] - running[of.words[:-1]])


def lexicon_text() -> str:
    """Return the lexicon as it is written."""
    return Path(__file__).with_name("lexicon.toml").read_text("utf-8")


class Lexicon(NamedTuple):
    """Word classes, and tables that lead from a word's hash to counts of them."""

    names: tuple[str, ...]
    sorts: NDArray[np.uint8]
    """From the high bits of a hash to the sort of word; words of a sort belong to the same classes."""
    lanes: NDArray[np.int64]
    """For each sort the classes it belongs to, a row for every four classes: each class has a
    lane of bits in one number, so that one sum counts four. No line has 32,768 words."""


@cache
def lexicon() -> Lexicon:
    """Return the lexicon as tables.

    Two words may share a slot (chance about one in two hundred for a foreign word); the trees
    learn with that noise in place.
    """
    classes = tomllib.loads(lexicon_text())
    lanes = np.zeros((-(-len(classes) // _LANES), 1 << _LEXICON_BITS), np.int64)
    for number, words in enumerate(classes.values()):
        laid = stack([Page("", tuple(Line(word, 0, len(word)) for word in words))])
        slots = laid.hashes(laid.starts, laid.ends) >> np.uint64(64 - _LEXICON_BITS)
        lanes[number // _LANES, slots] |= 1 << _LANE * (number % _LANES)
    taken = np.flatnonzero(lanes.any(axis=0))
    lanes_of_sorts, sort_of = np.unique(lanes[:, taken], axis=1, return_inverse=True)
    sorts = np.zeros(1 << _LEXICON_BITS, np.uint8)
    sorts[taken] = sort_of.ravel() + 1
    return Lexicon(tuple(classes), sorts, np.pad(lanes_of_sorts, ((0, 0), (1, 0))))
