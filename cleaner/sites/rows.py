"""What is counted of lines, as columns, and how counts of one line are put together.

Putting together knows no order: sums, least and greatest values, the smaller text. So shards give the
same numbers however they are dealt and in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.stack import Hashes, Ints

Counts = NDArray[np.uint32]

ANYWHERE = (1 << 32) - 1
"""Stands for all sites together; the `documents` of such a row are sites."""
TEXT_CHARS = 120
"""Of a line's text so many characters are kept, to be shown."""
_MOST = np.uint64((1 << 32) - 1)


class Rows(NamedTuple):
    """One row for each line of a site, sorted by key and site once they are combined."""

    key: Hashes
    site: Counts
    """Number of the site; `ANYWHERE` for all."""
    documents: Counts
    """Documents of the site in which the line stands."""
    top: Counts
    """Of these, documents in whose first third it stands first."""
    end: Counts
    """Of these, documents in whose last third it stands first."""
    above_least: Counts
    """Low half of the key of the line above, 0 at a document's beginning: the least that was seen."""
    above_most: Counts
    below_least: Counts
    """The same of the line below."""
    below_most: Counts
    variant_least: Counts
    """Low half of the hash of its words: the least that was seen."""
    variant_most: Counts
    text: bytes | memoryview
    """The beginnings of the lines in UTF-8, end to end."""
    text_end: Hashes
    """Where each row's text ends."""

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.key)

    @property
    def numbers(self) -> tuple[NDArray[Any], ...]:
        """All columns but those of the text."""
        columns: tuple[Any, ...] = tuple(self)
        return columns[: len(NUMBERS)]

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return sum(column.nbytes for column in (*self.numbers, self.text_end)) + len(self.text)

    def texts(self, at: Ints) -> list[bytes]:
        """Return the texts of some rows."""
        begins = np.where(at > 0, self.text_end[at - 1], np.uint64(0))
        bounds = zip(begins.tolist(), self.text_end[at].tolist(), strict=True)
        text = self.text
        if isinstance(text, bytes):  # at half the cost
            return [text[begin:end] for begin, end in bounds]
        return [bytes(text[begin:end]) for begin, end in bounds]

    def bounds(self, edges: Hashes) -> list[int]:
        """Return the first row whose key is not below each edge, and one more for the end."""
        return [*np.searchsorted(self.key, edges).tolist(), self.rows]

    def part(self, first: int, stop: int) -> Rows:
        """Return the rows from *first* to before *stop*."""
        begin = int(self.text_end[first - 1]) if first else 0
        ends = np.asarray(self.text_end[first:stop])
        text = bytes(self.text[begin : int(ends[-1])]) if len(ends) else b""
        numbers = (np.asarray(column[first:stop]) for column in self.numbers)
        return Rows._make((*numbers, text, ends - np.uint64(begin)))

    def moved(self, sites: NDArray[Any]) -> Rows:
        """Return the rows with other numbers for their sites."""
        away = self.site != ANYWHERE
        site = np.full(self.rows, ANYWHERE, np.uint32)
        site[away] = sites[self.site[away]]
        return self._replace(site=site)


NUMBERS = Rows._fields[:-2]
DTYPES = {name: np.dtype("<u8" if name == "key" else "<u4") for name in NUMBERS} | {"text_end": np.dtype("<u8")}


def rows_of(numbers: Sequence[NDArray[Any]], texts: Sequence[bytes]) -> Rows:
    """Lay columns and texts beside one another."""
    ends = np.cumsum(np.fromiter(map(len, texts), np.uint64, len(texts)), dtype=np.uint64)
    typed = (column.astype(DTYPES[name], copy=False) for name, column in zip(NUMBERS, numbers, strict=True))
    return Rows._make((*typed, b"".join(texts), ends))


EMPTY = rows_of([np.zeros(0, DTYPES[name]) for name in NUMBERS], [])


class _Joined(NamedTuple):
    """Rows put together by line and site; their texts are still where they were, for most are not asked for."""

    numbers: list[NDArray[Any]]
    parts: Sequence[Rows]
    order: Ints
    """The rows of all parts, sorted."""
    starts: Ints
    """Where in *order* those of each line begin."""
    leasts: NDArray[np.bool_]
    """Of *order*: whether it is the least variant of its line."""

    def texts(self, kept: Ints) -> list[bytes]:
        """Return for each of the *kept* lines the text of its least variant; of several texts the smallest."""
        count = len(self.starts)
        line = np.repeat(np.arange(count), np.diff(np.append(self.starts, len(self.order))))
        asked = np.zeros(count, bool)
        asked[kept] = True
        chosen = self.leasts & asked[line]
        texts = _texts(self.parts, self.order[chosen])
        if len(texts) == len(kept):
            return texts
        ties = np.bincount(line[chosen], minlength=count)[kept]
        firsts = np.cumsum(ties) - ties
        found = list(map(texts.__getitem__, firsts.tolist()))
        for at in np.flatnonzero(ties > 1).tolist():
            first = int(firsts[at])
            found[at] = min(texts[first : first + int(ties[at])])
        return found


def combine(parts: Sequence[Rows]) -> Rows:
    """Put rows of the same line and site together, sorted by key and site."""
    joined = _join([part for part in parts if part.rows])
    return EMPTY if joined is None else rows_of(joined.numbers, joined.texts(np.arange(len(joined.starts))))


def _join(parts: Sequence[Rows]) -> _Joined | None:
    if not parts:
        return None
    laid = [np.concatenate(columns) for columns in zip(*(part.numbers for part in parts), strict=True)]
    key, site, variant = laid[0], laid[1], laid[NUMBERS.index("variant_least")]
    order = _order(key, site, variant)
    key, site, variant = key[order], site[order], variant[order]
    starts = np.flatnonzero(np.append(True, (key[1:] != key[:-1]) | (site[1:] != site[:-1])))
    joined = [column[starts] for column in (key, site)]
    joined += [
        _joiner(name)(column[order], starts, site[starts]) for name, column in zip(NUMBERS[2:], laid[2:], strict=True)
    ]
    leasts = variant == np.repeat(variant[starts], np.diff(np.append(starts, len(order))))
    return _Joined(joined, parts, order, starts, leasts)


def _order(key: Hashes, site: Counts, variant: Counts) -> Ints:
    """Sort by key, then site, then variant; most keys are there once and need no more than the first."""
    order = np.argsort(key)
    same = np.append(False, key[order[1:]] == key[order[:-1]])
    same[:-1] |= same[1:]
    alike = order[same]
    order[same] = alike[np.lexsort((variant[alike], site[alike], key[alike]))]
    return order


def _joiner(name: str) -> Callable[[Counts, Ints, Counts], NDArray[Any]]:
    if name.endswith("_least"):
        return lambda column, starts, _: np.minimum.reduceat(column, starts)
    if name.endswith("_most"):
        return lambda column, starts, _: np.maximum.reduceat(column, starts)
    return _added


def _added(column: Counts, starts: Ints, site: Counts) -> NDArray[Any]:
    """Add up documents; of all sites together, whose numbers are not apart, take the most."""
    sums = np.minimum(np.add.reduceat(column, starts, dtype=np.uint64), _MOST)
    return np.where(site == ANYWHERE, np.maximum.reduceat(column, starts), sums)


def _texts(parts: Sequence[Rows], at: Ints) -> list[bytes]:
    """Return the texts of some rows, counted through all parts."""
    sizes = np.cumsum([0, *(len(part.text) for part in parts)])[:-1].astype(np.uint64)
    ends = np.concatenate([part.text_end + size for part, size in zip(parts, sizes, strict=True)])
    text = b"".join([part.text for part in parts])
    bounds = zip(np.append(np.uint64(0), ends)[at].tolist(), ends[at].tolist(), strict=True)
    return [text[begin:end] for begin, end in bounds]


def settle(parts: Sequence[Rows], floor: int) -> Rows:
    """Combine rows, drop lines seen in fewer than *floor* documents of a site, and count the sites of each line.

    *parts* hold all sites of each of their keys.
    """
    joined = _join([part for part in parts if part.rows])
    if joined is None:
        return EMPTY
    key, site, documents = joined.numbers[:3]
    away = site != ANYWHERE
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    sites = np.add.reduceat(away, starts, dtype=np.uint32)
    known = np.where(away, 0, documents)
    spread = np.maximum(sites, np.maximum.reduceat(known, starts))
    wide = np.flatnonzero(spread > 1)
    kept = np.flatnonzero(away & (documents >= floor))
    # The first site's row stands for all; places and neighbours are those of sites, not of lines.
    gathered = [column[starts[wide]] for column in joined.numbers]
    gathered[1:] = [np.full(len(wide), ANYWHERE), spread[wide], *([np.zeros(len(wide))] * (len(gathered) - 3))]
    numbers = [np.concatenate([column[kept], more]) for column, more in zip(joined.numbers, gathered, strict=True)]
    order = np.lexsort((numbers[1], numbers[0]))
    texts = [*joined.texts(kept), *([b""] * len(wide))]
    return rows_of([column[order] for column in numbers], [texts[at] for at in order.tolist()])
