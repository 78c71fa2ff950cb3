"""What is known of sites: the lines that they repeat, looked up by keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.sites.rows import ANYWHERE, Counts, Rows
from cleaner.stack import Hashes, Ints

EDGE = 0
"""Stands for the neighbour of a document's first and last line."""


class Found(NamedTuple):
    """What a memory knows of some lines: parallel arrays."""

    documents: Ints
    """Documents of the line's site in which it stands; 0 when unknown."""
    of: Ints
    """Documents of that site; 0 for an unknown site."""
    sites: Ints
    """Sites on which it stands; 0 for fewer than two."""
    row: Ints
    """Its row, -1 for none."""


class Known(NamedTuple):
    """One line that a site repeats."""

    text: str
    """Its beginning, in one of its variants."""
    documents: int
    top: float
    """Share of these documents in whose first third it stands."""
    end: float
    """Share of these documents in whose last third it stands."""
    above: str | None
    """What always stands above it: the beginning of a line, empty for the document's edge; None if it differs."""
    below: str | None
    varies: bool
    """Whether numbers, dates or names in it differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A site memory; its columns may lie in a file that is read as it is needed."""

    whole: bool
    """Whether lines seen once are in it, so that merging loses nothing."""
    sites: Mapping[str, int]
    """Number of each site, in the order of their names."""
    documents: Counts
    """Of each site, how many were learned from."""
    rows: Rows
    """Sorted by key and site."""

    def numbers_of(self, names: Sequence[str]) -> Ints:
        """Return the numbers of sites; -1 for those that are unknown."""
        return np.fromiter((self.sites.get(name, -1) for name in names), np.int64, len(names))

    def find(self, keys: Hashes, sites: Ints) -> Found:
        """Look up lines by their keys and the numbers of their sites, -1 for none."""
        # The distinct ones only: boilerplate comes in crowds, and each look-up touches the file.
        distinct, at = np.unique(keys, return_inverse=True)
        first = np.searchsorted(self.rows.key, distinct)[at]
        stop = np.searchsorted(self.rows.key, distinct, side="right")[at]
        row = _among(self.rows.site, first, stop, np.where(sites < 0, ANYWHERE, sites))
        anywhere = _among(self.rows.site, first, stop, np.full(len(keys), ANYWHERE))
        return Found(
            np.where(sites < 0, 0, _picked(self.rows.documents, row)),
            _picked(self.documents, sites),
            _picked(self.rows.documents, anywhere),
            np.where(sites < 0, -1, row),
        )

    def varies(self, rows: Ints) -> NDArray[np.bool_]:
        """Tell of which rows the lines are not always the same word for word."""
        return np.asarray(self.rows.variant_least[rows] != self.rows.variant_most[rows])

    def known(self, name: str, least: int = 2) -> Iterator[Known]:
        """Yield the lines that the site repeats in *least* documents or more, the most repeated first."""
        number = self.sites.get(name, -1)
        at = np.flatnonzero((self.rows.site == number) & (self.rows.documents >= least))
        documents = self.rows.documents[at]
        texts = [raw.decode("utf-8", "replace") for raw in self.rows.texts(at)]
        beside = dict(zip((self.rows.key[at] & np.uint64(ANYWHERE)).tolist(), texts, strict=True))
        for place in sorted(range(len(at)), key=lambda place: (-int(documents[place]), texts[place])):
            yield self._known(int(at[place]), texts[place], {EDGE: "", **beside})

    def _known(self, row: int, text: str, beside: Mapping[int, str]) -> Known:
        rows = self.rows
        documents = int(rows.documents[row])

        def always(least: Counts, most: Counts) -> str | None:
            return beside.get(int(least[row])) if least[row] == most[row] else None

        return Known(
            text,
            documents,
            int(rows.top[row]) / documents,
            int(rows.end[row]) / documents,
            always(rows.above_least, rows.above_most),
            always(rows.below_least, rows.below_most),
            bool(rows.variant_least[row] != rows.variant_most[row]),
        )


def _picked(column: NDArray[Any], at: Ints) -> Ints:
    """Return the values at some places, 0 for the place -1."""
    there = at >= 0
    values = np.zeros(len(at), np.int64)
    values[there] = column[at[there]]
    return values


def _among(site: Counts, first: Ints, stop: Ints, wanted: Ints) -> Ints:
    """Find the row of the *wanted* site between *first* and *stop*, where sites are sorted; -1 for none."""
    low, high = first.copy(), stop.copy()
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) // 2
        right = site[middle] < wanted[open_]
        low[open_[right]] = middle[right] + 1
        high[open_[~right]] = middle[~right]
        open_ = open_[low[open_] < high[open_]]
    hit = low < stop
    hit[hit] = site[low[hit]] == wanted[hit]
    return np.where(hit, low, -1)
