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
_LONGEST = 5
"""So many of them are compared by hash, blanks included: more tell hardly more lines apart."""
_MOST = 255
_FIRST, _SECOND = 1, 2


class Literals:
    """The first characters of exact strings, leading blanks set aside, as tables of which may follow which.

    Characters beyond the first `_MOST` share a number: more lines may pass, none is lost.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        strings = sorted(set(strings))
        blanks = [_blanks(string) for string in strings]
        heads = {string[blank:][:_LOOK] for string, blank in zip(strings, blanks, strict=True)}
        signs = sorted({sign for head in heads for sign in head if ord(sign) < _BMP - 1})
        # Number 0 is every other character; the last code point stands for all beyond the plane.
        self._number = np.zeros(_BMP, np.uint8)
        self._number[[*map(ord, signs)]] = np.minimum(np.arange(1, len(signs) + 1), _MOST)
        size = min(len(signs), _MOST) + 1
        self._triples = np.zeros((size, size, size), bool)
        # What may come first and second, looked at before anything is numbered: few places pass both.
        self._roles = np.zeros(_BMP, np.uint8)
        for head in heads:
            codes = [min(ord(sign), _BMP - 1) for sign in head]
            self._roles[codes[0]] |= _FIRST
            self._roles[codes[1] if len(codes) > 1 else slice(None)] |= _SECOND
            self._triples[tuple(int(self._number[code]) for code in codes)] = True
        laid = stack([Page("", tuple(Line(string, 0, len(string)) for string in strings))])
        hashes = laid.hashes(laid.starts, np.minimum(laid.starts + _LONGEST, laid.ends))
        known: dict[tuple[int, int], list[int]] = {}
        for string, blank, of_string in zip(strings, blanks, hashes.tolist(), strict=True):
            known.setdefault((blank, min(len(string), _LONGEST)), []).append(of_string)
        self._hashes = [(*sort, np.array(sorted(of_sort), np.uint64)) for sort, of_sort in known.items()]

    def lines(self, laid: Stack) -> NDArray[np.bool_]:
        """Tell for each line whether one of the strings may stand in it; False is certain."""
        roles = self._roles.take(laid.codes, mode="clip")
        at = np.flatnonzero(((roles[:-1] & _FIRST) != 0) & ((roles[1:] & _SECOND) != 0))
        first, second, third = (
            self._number.take(laid.codes.take(at + step, mode="clip"), mode="clip") for step in range(_LOOK)
        )
        at = at[self._triples[first, second, third]]
        whole = np.zeros(len(at), bool)
        for blank, length, hashes in self._hashes:
            starts = at - blank
            fits = (starts >= 0) & (starts + length < len(laid.codes))
            whole[fits] |= contains(hashes, laid.hashes(starts[fits], starts[fits] + length))
        at = at[whole]
        return np.searchsorted(at, laid.ends) > np.searchsorted(at, laid.starts)


def _blanks(string: str) -> int:
    """Count the blanks before the first other character: they stand in too many places to be looked for."""
    return len(string) - len(string.lstrip() or string)
