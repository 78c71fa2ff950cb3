"""Which lines of a stack hold one of many exact strings, found for whole chunks at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Line, Page
from cleaner.stack import Stack, contains, stack

_BMP = 0x10000
_LOOK = 3
"""So many characters of a string are looked at: enough to pass over nearly all lines."""

_MOST = 255


class Literals:
    """The first characters of exact strings, as tables of which may follow which.

    Characters beyond the first `_MOST` share a number: more lines may pass, none is lost.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        strings = sorted(set(strings))
        heads = {string[:_LOOK] for string in strings}
        signs = sorted({sign for head in heads for sign in head if ord(sign) < _BMP - 1})
        # Number 0 is every other character; the last code point stands for all beyond the plane.
        self._number = np.zeros(_BMP, np.uint8)
        self._number[[*map(ord, signs)]] = np.minimum(np.arange(1, len(signs) + 1), _MOST)
        size = min(len(signs), _MOST) + 1
        self._pairs = np.zeros((size, size), bool)
        self._triples = np.zeros((size, size, size), bool)
        for head in heads:
            at = tuple(int(self._number[min(ord(sign), _BMP - 1)]) for sign in head)
            self._pairs[at[:2]] = True
            self._triples[at] = True
        laid = stack([Page("", tuple(Line(string, 0, len(string)) for string in strings))])
        lengths, hashes = laid.ends - laid.starts, laid.hashes(laid.starts, laid.ends)
        self._hashes = [(length, np.sort(hashes[lengths == length])) for length in set(lengths.tolist())]

    def lines(self, laid: Stack) -> NDArray[np.bool_]:
        """Tell for each line whether one of the strings may stand in it; False is certain."""
        numbers = np.append(self._number.take(laid.codes, mode="clip"), np.zeros(2, np.uint8))
        size = np.uint16(len(self._pairs))
        pairs = numbers[:-2] * size + numbers[1:-1]
        at = np.flatnonzero(self._pairs.ravel().take(pairs, mode="clip"))
        at = at[self._triples[numbers[at], numbers[at + 1], numbers[at + 2]]]
        whole = np.zeros(len(at), bool)
        for length, hashes in self._hashes:
            fits = at + length < len(laid.codes)
            whole[fits] |= contains(hashes, laid.hashes(at[fits], at[fits] + length))
        at = at[whole]
        return np.searchsorted(at, laid.ends) > np.searchsorted(at, laid.starts)
