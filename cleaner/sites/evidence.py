"""What it says about a line that its site repeats it: log-odds to add to the model's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.sites.folding import keys_of
from cleaner.sites.memory import Memory
from cleaner.stack import Ints, Stack

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Seen(NamedTuple):
    """What a memory says of the lines of a stack: parallel arrays. The document at hand is not counted."""

    documents: Ints
    """Other documents of the site with this line."""
    of: Ints
    """Other documents of the site."""
    sites: Ints
    """Sites with this line, if more than one."""
    lonely: Bools
    """The lines above and below are there and new."""
    chars: Ints
    row: Ints
    words: Ints


def seen(memory: Memory, laid: Stack, sites: Sequence[str]) -> Seen:
    keys = keys_of(laid)
    page = laid.page_of()
    found = memory.find(keys.key, memory.numbers_of(sites)[page])
    documents = np.where(keys.words > 0, np.maximum(found.documents - 1, 0), 0)
    new = documents == 0
    lonely = np.zeros(laid.count, bool)
    inner = (page[2:] == page[1:-1]) & (page[1:-1] == page[:-2])
    lonely[1:-1] = inner & new[2:] & new[:-2]
    return Seen(
        documents,
        np.maximum(found.of - 1, 0),
        np.where(keys.words > 0, found.sites, 0),
        lonely,
        laid.ends - laid.starts,
        found.row,
        keys.words,
    )


def lifts(memory: Memory, laid: Stack, sites: Sequence[str]) -> Floats:
    of = seen(memory, laid, sites)
    return np.where(of.documents >= 3, 2.0 + 0.5 * np.log2(np.maximum(of.documents, 1)), 0.0)
