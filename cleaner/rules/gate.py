"""Which lines of a stack any rule may hit, found for whole chunks at once.

The gate sees lines as `cleaner.rules.lines.tokens` does. A run is a stretch of characters that
the byte table of the tokens leaves whole: a token holds one run at most, and no run lies in two
tokens, so lines with the same tokens have the same runs, and runs can be compared by the hashes
that a stack has anyway. What the gate lets through may still be hit by nothing; what it holds
back is hit by nothing for sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Line, Page
from cleaner.rules.index import Clue, Index
from cleaner.rules.lines import EDGE, LONG, MARKS, SIGNS
from cleaner.rules.loading import SHORT
from cleaner.stack import Hashes, Ints, Kind, Stack, kinds_table, stack

_BMP = 0x10000
_IN_RUN, _MARK, _WORDY, _SPLIT = 1, 2, 4, 8
"""What a character can be: part of a run, a mark that opens the patterns without triggers, \u00a9,
or split by the byte table so that some of its bytes are left as a token."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SIEVE_BITS = np.uint64(18)
_TOP = np.uint64(64) - _SIEVE_BITS
_LAST = (1 << 64) - 1
_UNBOUND = 1 << 62

Entry = tuple[bytes, int]
"""One or two words, and the number of words up to which a line that has them may be hit."""


class Runs(NamedTuple):
    """The runs of a stack, line after line."""

    starts: Ints
    hashes: Hashes
    bounds: Ints
    """Where each line's runs begin, and one more for the end."""

    def pairs(self) -> Hashes:
        """Hash each run together with the next one."""
        return _pair(self.hashes[:-1], self.hashes[1:])

    def line_of(self, at: Ints) -> Ints:
        """Return the lines in which the runs *at* stand."""
        return np.searchsorted(self.bounds, at, "right") - 1


class Gate:
    """Tables of all that makes a line a candidate, built once from the indexes of a rule set."""

    def __init__(self, whole: Iterable[bytes], starts: Index, ends: Index, inside: Index) -> None:
        self._whole = _whole_table(list(whole))
        self._starts = _Words(
            [(b" ".join((word, clue.second)), _bound(clue)) for word, clues in starts.items() for clue in clues]
        )
        self._ends = _Words([(word, _bound(clue)) for word, clues in ends.items() for clue in clues])
        self._inside = _Words(list(_inner(inside)))
        self._shut = not any(words.hidden for words in (self._ends, self._inside))

    def candidates(self, laid: Stack) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell for each line whether a rule may hit it by its words, and whether by its marks."""
        if not self._shut:
            return np.ones(laid.count, bool), np.zeros(laid.count, bool)
        sorts = sorts_of(laid)
        runs, words = runs_of(laid, sorts), _blanks(laid) + 1
        counts = np.diff(runs.bounds)
        found: NDArray[np.bool_] = (counts == 0) | _has(laid.starts, laid.ends, sorts, _WORDY)
        filled = np.flatnonzero(counts)
        first, last = runs.bounds[filled], runs.bounds[filled + 1] - 1
        if self._starts.hidden:
            found[filled] |= _has(laid.starts[filled], runs.starts[first], sorts, _SPLIT)
        heads, tails = runs.hashes[first], runs.hashes[last]
        found[filled[self._whole.find(_outline(heads, tails, counts[filled]))[0]]] = True
        for lines, bounds in (
            _named(filled, self._starts.single.find(heads)),
            _named(filled, self._starts.double.find(_pair(heads, runs.hashes[np.minimum(first + 1, last)]))),
            _named(filled, self._ends.single.find(tails)),
            _named(runs, self._inside.single.find(runs.hashes)),
            _named(runs, self._inside.double.find(runs.pairs())),
        ):
            found[lines[words[lines] <= bounds]] = True
        return found, (words <= SHORT) & _has(laid.starts, laid.ends, sorts, _MARK)


class _Bounds:
    """Hashes, each with the number of words up to which it counts."""

    def __init__(self, hashes: Hashes, bounds: Sequence[int]) -> None:
        widest: dict[int, int] = {_LAST: 0}
        for key, bound in zip(hashes.tolist(), bounds, strict=True):
            widest[key] = max(bound, widest.get(key, 0))
        self._keys = np.array(sorted(widest), np.uint64)
        self._bounds = np.array([widest[key] for key in sorted(widest)], np.int64)
        # A look at the high bits alone passes over nearly all words of a text.
        self._sieve = np.zeros(1 << int(_SIEVE_BITS), bool)
        self._sieve[self._keys >> _TOP] = True

    def find(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Return which of *hashes* are known, and their bounds."""
        at = np.flatnonzero(self._sieve.take((hashes >> _TOP).view(np.int64)))
        sought = hashes[at]
        place = np.searchsorted(self._keys, sought)
        known = self._keys[place] == sought
        return at[known], self._bounds[place[known]]


class _Words:
    """Entries by their runs: those of two runs by both, all others by the first."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        runs = _runs_of_words([text for text, _ in entries])
        counts = np.diff(runs.bounds)
        bounds = np.array([bound for _, bound in entries], np.int64)
        self.hidden = bool((counts == 0).any())
        """Whether an entry has no run, as a lone accented letter: its lines take a coarser test."""
        double = np.flatnonzero(counts == 2)
        single = np.flatnonzero((counts != 2) & (counts > 0))
        self.single = _Bounds(runs.hashes[runs.bounds[single]], bounds[single].tolist())
        first = runs.bounds[double]
        self.double = _Bounds(_pair(runs.hashes[first], runs.hashes[first + 1]), bounds[double].tolist())


def runs_of(laid: Stack, sorts: NDArray[np.uint8]) -> Runs:
    """Find the runs of each line, in long lines only those that rules see: of head and tail."""
    inside = np.zeros(len(sorts) + 2, bool)
    inside[1:-1] = sorts & _IN_RUN
    long = laid.ends - laid.starts > LONG
    for start, end in zip((laid.starts[long] + EDGE).tolist(), (laid.ends[long] - EDGE).tolist(), strict=True):
        inside[start + 1 : end + 1] = False
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts = edges[::2]
    bounds = np.append(np.searchsorted(starts, laid.starts), len(starts))
    return Runs(starts, laid.hashes(starts, edges[1::2]), bounds)


def _runs_of_words(texts: Sequence[bytes]) -> Runs:
    """Return the runs of tokens; bytes that are left of split characters belong to none."""
    laid = stack([Page("", tuple(Line(text.decode("utf-8", "ignore"), 0, 0) for text in texts))])
    return runs_of(laid, sorts_of(laid))


def _whole_table(texts: Sequence[bytes]) -> _Bounds:
    runs = _runs_of_words(texts)
    counts = np.diff(runs.bounds)
    # A phrase without runs needs no entry: lines without runs are candidates anyway.
    filled = np.flatnonzero(counts)
    heads, tails = runs.hashes[runs.bounds[filled]], runs.hashes[runs.bounds[filled + 1] - 1]
    return _Bounds(_outline(heads, tails, counts[filled]), [_UNBOUND] * len(filled))


def _inner(inside: Index) -> Iterator[Entry]:
    """Return what must stand inside a line: of a plain phrase the trigger and its neighbour."""
    for word, clues in inside.items():
        for clue in clues:
            words = clue.run.split()
            at = min(words.index(word), max(0, len(words) - 2)) if words else 0
            yield b" ".join(words[at : at + 2]) or word, _bound(clue)


def _bound(clue: Clue) -> int:
    return clue.rule.most_words or _UNBOUND


def _pair(first: Hashes, second: Hashes) -> Hashes:
    return first * _FACTOR + second


def _outline(heads: Hashes, tails: Hashes, counts: Ints) -> Hashes:
    """Hash what phrases that fill a line are told by: first and last run, and how many there are."""
    return _pair(_pair(heads, tails), counts.astype(np.uint64) * _FACTOR)


def _named(lines: Ints | Runs, found: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    at, bounds = found
    return (lines.line_of(at) if isinstance(lines, Runs) else lines[at]), bounds


def _blanks(laid: Stack) -> Ints:
    return np.add.reduceat(laid.codes == ord(" "), laid.starts, dtype=np.int64)


def _has(starts: Ints, ends: Ints, sorts: NDArray[np.uint8], sort: int) -> NDArray[np.bool_]:
    """Tell for each stretch whether it has a character of a sort."""
    at = np.flatnonzero((sorts & sort) != 0)
    return np.searchsorted(at, ends) > np.searchsorted(at, starts)


def sorts_of(laid: Stack) -> NDArray[np.uint8]:
    """Return what each character of a stack can be."""
    return np.asarray(_sorts_table().take(laid.codes, mode="clip"))


@cache
def _sorts_table() -> NDArray[np.uint8]:
    """Return the sorts of each code point of the basic plane; its last stands for all beyond.

    In a run are ASCII letters and digits, and characters of which no byte is a blank in the
    byte table of `cleaner.rules.lines`: none up to 0xA0, neither 0xC2 nor 0xE2.
    """
    codes = np.arange(_BMP)
    last, middle = 0x80 | (codes & 0x3F), 0x80 | ((codes >> 6) & 0x3F)
    short, lead = codes < 0x800, (codes < 0x80) | (codes >= 0xC0) & (codes >> 12 != 2)
    in_run = lead & (last > 0xA0) & (short | (middle > 0xA0))
    in_run[:0x80] = [chr(code).isalnum() for code in range(0x80)]
    split = ~in_run & (lead | (last > 0xA0) | ~short & (middle > 0xA0))
    split[:0x80] = False
    split[[*map(ord, SIGNS)]] = False
    marks = kinds_table() == Kind.DIGIT
    marks[[*map(ord, MARKS), _BMP - 1]] = True
    in_run[-1], split[-1] = False, True
    sorts: NDArray[np.uint8] = in_run * np.uint8(_IN_RUN) | marks * np.uint8(_MARK) | split * np.uint8(_SPLIT)
    sorts[ord("\u00a9")] |= _WORDY
    return sorts
