"""What it says about a line that its site repeats it: log-odds to add to the model's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.sites.folding import keys_of
from cleaner.sites.memory import Memory
from cleaner.stack import Ints, Kind, Stack

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEW = 2
"""A line of fewer other documents is not repeated: one other is a second copy of the article more often."""
SMALL = 19
"""Of a site with fewer other documents little is known; what other sites repeat counts there too."""
_BRIEF = 3
"""Words up to which a line may be a heading that many articles share: more documents make it no more foreign."""
_OFTEN = 16
"""More documents than this say no more."""
_REPOSTED = 0.5
"""A document most of whose characters are repeated is a copy: nothing is raised in it."""


class Seen(NamedTuple):
    """What a memory says of the lines of a stack: parallel arrays. The document at hand is not counted."""

    documents: Ints
    """Other documents of the site with this line."""
    of: Ints
    """Other documents of the site."""
    sites: Ints
    """Sites with this line, if more than one."""
    told: Bools
    """It is a sentence that is never quite the same: numbers, dates or names in it differ."""
    lonely: Bools
    """It stands between two lines that are not repeated."""
    words: Ints
    chars: Ints


def seen(memory: Memory, laid: Stack, sites: Sequence[str]) -> Seen:
    """Look up the lines of a stack; *sites* are those of its pages."""
    keys = keys_of(laid)
    page = laid.page_of()
    found = memory.find(keys.key, memory.numbers_of(sites)[page])
    # Lines without a word are breaks between sections, on every site.
    speaks = keys.words > 0
    documents = np.where(speaks, np.maximum(found.documents - 1, 0), 0)
    varies = np.zeros(laid.count, bool)
    varies[found.row >= 0] = memory.varies(found.row[found.row >= 0])
    return Seen(
        documents,
        np.maximum(found.of - 1, 0),
        np.where(speaks, found.sites, 0),
        varies & (laid.kinds[laid.ends - 1] == Kind.STOP),
        _lonely(documents >= FEW, page),
        keys.words,
        laid.ends - laid.starts,
    )


def _lonely(repeated: Bools, page: Ints) -> Bools:
    """Tell which lines have a line above and one below, neither of them repeated."""
    lonely = np.zeros(len(repeated), bool)
    inner = (page[2:] == page[1:-1]) & (page[1:-1] == page[:-2])
    lonely[1:-1] = inner & ~repeated[2:] & ~repeated[:-2]
    return lonely


def signs(of: Seen) -> Floats:
    """Return what speaks for or against each line, lines by signs, in the order of `WEIGHTS`."""
    known = of.documents >= FEW
    # Pattern-aware line deduplication (arXiv 2510.24139) keeps what stands in a run of new lines; one word
    # there is a heading, or what an extractor left of a sentence.
    known &= ~(of.lonely & (of.words <= 1))
    weak = of.lonely | (of.words <= _BRIEF)
    often = np.log2(np.clip(of.documents, FEW, _OFTEN) / FEW)
    abroad = (of.of < SMALL) & ~known & (of.sites > 2) & ~of.lonely
    columns = (known, (known & ~weak) * often, known & weak, known & of.told, abroad * np.log2(np.maximum(of.sites, 1)))
    return np.stack(columns, axis=1).astype(np.float64)


WEIGHTS = (1.6, 1.3, 0.2, -1.0, 0.2)
"""Log-odds for a repeated line; for each doubling of its documents, unless it is brief or lonely; for one that
is; for a sentence that is never quite the same; for each doubling of its sites, where the site is not known.

The first three are a little below what labelled documents of other sites ask for (`make bench-sites`); for the
last two there are too few of them, and they are set with care."""


def lifts(memory: Memory, laid: Stack, sites: Sequence[str]) -> Floats:
    """Return the log-odds to add to what the model says of each line; 0 where the memory has nothing to say."""
    of = seen(memory, laid, sites)
    raised = np.maximum(signs(of) @ np.array(WEIGHTS), 0.0)
    return np.where(_copied(of, raised > 0, laid), 0.0, raised)


def _copied(of: Seen, raised: Bools, laid: Stack) -> Bools:
    """Tell which lines stand in a document that is mostly repeated."""
    page = laid.page_of()
    pages = len(laid.pages) - 1
    chars = np.bincount(page, of.chars, pages)
    return np.asarray((np.bincount(page, of.chars * raised, pages) > _REPOSTED * chars)[page])
