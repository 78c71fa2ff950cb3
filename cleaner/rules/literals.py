"""Which of many exact strings the lines of a stack hold, found for whole chunks at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from cleaner.document import Line, Page
from cleaner.stack import Hashes, Ints, Stack, stack

_BMP = 0x10000
_LOOK = 3
"""So many characters of a string are looked at: enough to pass over nearly all lines."""
_LONGEST = 5
"""So many of them are compared by hash, blanks included: more tell hardly more lines apart."""
_MOST = 255
_BITS = 63
_FIRST, _SECOND = 1, 2


class Literals:
    """The first characters of exact strings, leading blanks set aside, as tables of which may follow which.

    Strings come in groups, and each group has a bit. Groups beyond the first `_BITS` share one,
    characters beyond the first `_MOST` a number: more lines may pass, none is lost.
    """

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        bits: dict[str, int] = {}
        for number, group in enumerate(groups):
            for string in group:
                bits[string] = bits.get(string, 0) | bit_of(number)
        strings = sorted(bits)
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
        known: dict[tuple[int, int], dict[int, int]] = {}
        for string, blank, of_string in zip(strings, blanks, hashes.tolist(), strict=True):
            of_sort = known.setdefault((blank, min(len(string), _LONGEST)), {})
            of_sort[of_string] = of_sort.get(of_string, 0) | bits[string]
        self._known = [(*sort, _sorted(of_sort)) for sort, of_sort in known.items()]

    def lines(self, laid: Stack) -> Ints:
        """Return for each line the bits of the groups of which a string may stand in it; no bit is certain."""
        roles = self._roles.take(laid.codes, mode="clip")
        at = np.flatnonzero(((roles[:-1] & _FIRST) != 0) & ((roles[1:] & _SECOND) != 0))
        first, second, third = (
            self._number.take(laid.codes.take(at + step, mode="clip"), mode="clip") for step in range(_LOOK)
        )
        at = at[self._triples[first, second, third]]
        found = np.zeros(laid.count, np.int64)
        for blank, length, (hashes, bits) in self._known:
            starts = at - blank
            starts = starts[(starts >= 0) & (starts + length < len(laid.codes))]
            sought = laid.hashes(starts, starts + length)
            place = np.minimum(np.searchsorted(hashes, sought), len(hashes) - 1)
            same = hashes[place] == sought
            np.bitwise_or.at(found, np.searchsorted(laid.starts, starts[same], "right") - 1, bits[place[same]])
        return found


def bit_of(group: int) -> int:
    """Return the bit of the group with this number."""
    return 1 << group % _BITS


def _sorted(bits: Mapping[int, int]) -> tuple[Hashes, Ints]:
    """Return hashes in order, and the bits of each."""
    return np.array(sorted(bits), np.uint64), np.array([bits[key] for key in sorted(bits)], np.int64)


def _blanks(string: str) -> int:
    """Count the blanks before the first other character: they stand in too many places to be looked for."""
    return len(string) - len(string.lstrip() or string)
