"""The lines of many pages as arrays: what rules, features and model measure in one sweep.

Everything here is integer arithmetic, so a line's numbers do not depend on which other
lines happen to lie in the same stack: one document alone and the same document in a batch
of thousands give the same answer to the last bit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_BMP = 0x10000


class Kind:
    """What sort of character a code point is.

    Plain numbers, no enumeration: NumPy compares bytes with these ten times as fast.
    """

    OTHER = 0
    LOWER = 1
    UPPER = 2
    UNCASED = 3
    DIGIT = 4
    LONE = 5
    """A letter of a script that puts no spaces between words; each counts as a word."""
    WHITE = 6
    STOP = 7
    COMMA = 8
    COLON = 9
    QUOTE = 10
    BRACKET = 11
    DASH = 12
    BULLET = 13
    SIGN = 14
    """Marks of machinery and trade: @ # © | / \\ _ = < > { } $ € £ % & * + ~ ^."""


KINDS = 15
"""So many sorts there are."""


_SIGNS = {
    Kind.STOP: ".!?\u2026\u3002\uff01\uff1f\u061f\u0964",
    Kind.COMMA: ",;\u3001\uff0c\uff1b\u060c",
    Kind.COLON: ":\uff1a",
    Kind.QUOTE: "\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u2039\u203a`",
    Kind.BRACKET: "()[]\uff08\uff09\u3010\u3011",
    Kind.DASH: "-\u2010\u2011\u2012\u2013\u2014\u2015",
    Kind.BULLET: "\u2022\u00b7\u25aa\u25cf\u25ba\u2192\u2190\u25b6\u2191\u2193\u2605\u2606\u2713\u2714\u25a0\u25a1",
    Kind.SIGN: "@#\u00a9\u00ae\u2122|/\\_=<>{}$\u20ac\u00a3%&*+~^",
}
# Han, kana, Thai, Lao, Khmer, Burmese: scripts without spaces. Korean has them.
_LONE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0xF900, 0xFAFF))
# Large blocks of one sort, none of whose characters has a small letter: Han, Hangul, no characters.
_UNIFORM = ((0x3400, 0xA000, Kind.LONE), (0xAC00, 0xD7A4, Kind.UNCASED), (0xD800, 0xF900, Kind.OTHER))
_CATEGORIES = {
    **dict.fromkeys(("Lo", "Lm", "Mn", "Mc", "Me"), Kind.UNCASED),
    **dict.fromkeys(("Lu", "Lt"), Kind.UPPER),
    "Ll": Kind.LOWER,
    **dict.fromkeys(("Nd", "Nl", "No"), Kind.DIGIT),
    **dict.fromkeys(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"), Kind.OTHER),
    **dict.fromkeys(("Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"), Kind.OTHER),
}
"""What the categories of Unicode are to us, white space and our own signs apart."""
_MULTIPLIER = 0x9E3779B97F4A7C15 | 1


@cache
def kinds_table() -> NDArray[np.uint8]:
    """Return the `Kind` of each code point of the basic plane."""
    kinds = np.zeros(_BMP, np.uint8)
    varied = _varied()
    kinds[varied] = [_CATEGORIES[category] for category in map(unicodedata.category, map(chr, varied))]
    kinds[[code for code in varied if chr(code).isspace()]] = Kind.WHITE
    for first, last in _LONE:
        letters = kinds[first : last + 1]
        letters[(letters == Kind.UNCASED) | (letters == Kind.OTHER)] = Kind.LONE
    for first, stop, kind in _UNIFORM:
        kinds[first:stop] = kind
    for kind, signs in _SIGNS.items():
        kinds[[ord(sign) for sign in signs]] = kind
    return kinds


def _varied() -> list[int]:
    """Return the code points outside the uniform blocks: a quarter of the plane, at a quarter of the time."""
    stops = (0, *(stop for _, stop, _ in _UNIFORM))
    firsts = (*(first for first, _, _ in _UNIFORM), _BMP)
    return [code for stop, first in zip(stops, firsts, strict=True) for code in range(stop, first)]


@cache
def _folds_table() -> NDArray[np.uint64]:
    """Return one more than each code point of the basic plane in lower case, all digits as one."""
    folded = np.arange(_BMP, dtype=np.uint64)
    varied = _varied()
    lowered = zip(varied, map(str.lower, map(chr, varied)), strict=True)
    folded[varied] = [ord(lower) if len(lower) == 1 else code for code, lower in lowered]
    folded[kinds_table() == Kind.DIGIT] = ord("0")
    return folded + np.uint64(1)


@dataclass(frozen=True)
class Stack:
    """Lines of several pages laid end to end, one separator behind each line.

    What many rooms ask for is worked out once: on one page a call of NumPy costs more than its work.
    """

    kinds: NDArray[np.uint8]
    """One `Kind` a character, the separators included."""
    prefix: Hashes
    """Running hash sums, one longer than `kinds`; see `hashes`."""
    codes: Ints
    """Code points, as wide as addresses: tables are looked up by them at twice the speed so."""
    starts: Ints
    """Where each line begins in `kinds`."""
    ends: Ints
    pages: Ints
    """Where each page's lines begin, and one more for the end: pages + 1 numbers."""
    word_starts: Ints
    word_ends: Ints
    word_hashes: Hashes
    """The hash of each word, as `hashes` gives it."""
    words: Ints
    """Where each line's words begin in `word_starts`, and one more for the end."""

    @property
    def count(self) -> int:
        """Lines in the stack."""
        return len(self.starts)

    def hashes(self, starts: Ints, ends: Ints) -> Hashes:
        """Hash stretches of the text, wherever they stand, case and digits folded.

        A polynomial hash modulo 2^64 from prefix sums: the difference of two sums, moved to
        the origin by the inverse power; then mixed, since low bits alone would be weak.
        """
        return _hashes(self.prefix, starts, ends)

    def page_of(self) -> Ints:
        """Return the page number of each line."""
        return self._page_of

    @cached_property
    def _page_of(self) -> Ints:
        return np.repeat(np.arange(len(self.pages) - 1), np.diff(self.pages))

    @cached_property
    def page_bounds(self) -> tuple[Ints, Ints]:
        """For each line the first line of its page, and the one behind the last."""
        return self.pages[:-1][self._page_of], self.pages[1:][self._page_of]

    @cached_property
    def line_hashes(self) -> Hashes:
        """The hash of each whole line, as `hashes` gives it."""
        return self.hashes(self.starts, self.ends)


def _hashes(prefix: Hashes, starts: Ints, ends: Ints) -> Hashes:
    _, inverses = _powers(len(prefix))
    sums = prefix.take(ends)
    sums -= prefix.take(starts)
    sums *= inverses.take(starts)
    return mix(sums)


def contains(known: Hashes, hashes: Hashes) -> NDArray[np.bool_]:
    """Tell which of *hashes* are among *known*, which are sorted and not empty."""
    return np.asarray(known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes)


def mix(hashes: Hashes) -> Hashes:
    """Spread the bits of *hashes* (the finaliser of SplitMix64, Steele et al. 2014)."""
    mixed = hashes ^ (hashes >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


_power_store: list[tuple[Hashes, Hashes]] = []


def _powers(length: int) -> tuple[Hashes, Hashes]:
    """Return the first powers of the multiplier and of its inverse, kept between calls."""
    if not _power_store or len(_power_store[-1][0]) < length:
        # Enough for one article at first: a command that cleans no more should not wait for a million.
        size = max(1 << 15, 1 << (length - 1).bit_length())
        tables = []
        for base in (_MULTIPLIER, pow(_MULTIPLIER, -1, 1 << 64)):
            factors = np.full(size, base, np.uint64)
            factors[0] = 1
            tables.append(np.cumprod(factors, dtype=np.uint64))
        _power_store[:] = [(tables[0], tables[1])]
    return _power_store[-1]


def stack(pages: Sequence[Page]) -> Stack:
    """Lay the lines of *pages* end to end."""
    return stack_texts([line.text for page in pages for line in page.lines], [len(page.lines) for page in pages])


def stack_texts(texts: Sequence[str], counts: Sequence[int]) -> Stack:
    """Lay the texts of lines end to end; *counts* says how many each page has."""
    codes = _codes(texts)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths + 1) - 1
    starts = ends - lengths
    pages_at = np.cumsum([0, *counts])
    kinds = kinds_table().take(codes, mode="clip")
    word_starts, word_ends = _words(kinds)
    prefix = _prefix(codes)
    return Stack(
        kinds=kinds,
        prefix=prefix,
        codes=codes,
        starts=starts,
        ends=ends,
        pages=pages_at,
        word_starts=word_starts,
        word_ends=word_ends,
        word_hashes=_hashes(prefix, word_starts, word_ends),
        words=np.append(np.searchsorted(word_starts, starts), len(word_starts)),
    )


def _codes(texts: Sequence[str]) -> Ints:
    text = "\n".join(texts) + "\n"
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def _prefix(codes: Ints) -> Hashes:
    values = _folds_table().take(codes, mode="clip")
    astral = codes >= _BMP
    if astral.any():
        values[astral] = codes[astral] + 1
    powers, _ = _powers(len(codes) + 1)
    values *= powers[: len(codes)]
    prefix = np.empty(len(codes) + 1, np.uint64)
    prefix[0] = 0
    np.cumsum(values, out=prefix[1:])
    return prefix


def _words(kinds: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Find runs of letters and digits; a `LONE` letter is a word by itself."""
    inside = (kinds >= Kind.LOWER) & (kinds <= Kind.LONE)
    lone = kinds == Kind.LONE
    # Where a word cannot run on from one character to the next.
    breaks = inside[1:] != inside[:-1]
    breaks |= lone[1:] | lone[:-1]
    begins = inside.copy()
    begins[1:] &= breaks
    closes = inside
    closes[:-1] &= breaks
    return np.flatnonzero(begins), np.flatnonzero(closes) + 1
