"""Lines of one sort, wherever they stand."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.stack import Hashes, Ints

_PAGE = np.uint64(0x9E3779B97F4A7C15)


class Grouping(NamedTuple):
    """Which group each line is in; every group has a line."""

    of_line: Ints
    order: Ints
    """The lines, group after group."""
    starts: Ints
    """Where each group begins in `order`."""
    counts: Ints
    """How many lines each group has."""

    def sums(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Add up what lines have by group, lines along the last axis; exact for whole numbers up to 2^53."""
        if not len(self.starts):
            return np.zeros((*values.shape[:-1], 0))
        return np.add.reduceat(values[..., self.order], self.starts, axis=-1, dtype=np.float64)

    def means(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return for each line the mean over its group, lines along the last axis."""
        return (self.sums(values) / self.counts).astype(values.dtype)[..., self.of_line]


def grouped(keys: NDArray[Any]) -> Grouping:
    """Put lines of one key into one group; groups are in the order of their keys."""
    _, of_line, counts = np.unique(keys, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return Grouping(of_line, np.argsort(of_line, kind="stable"), ends - counts, counts)


def grouped_by_page(hashes: Hashes, page_of: Ints) -> Grouping:
    """Put lines of one hash on one page into one group; *hashes* are well mixed."""
    return grouped(hashes + page_of.astype(np.uint64) * _PAGE)
