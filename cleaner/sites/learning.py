"""Documents into a site memory: one pass, in bounded memory; memories merged in any order."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Document
from cleaner.errors import SettingError
from cleaner.sites.folding import keys_of
from cleaner.sites.memory import EDGE, Memory
from cleaner.sites.naming import site_of
from cleaner.sites.rows import TEXT_CHARS, Rows, combine, rows_of, settle
from cleaner.sites.shelf import BUDGET, Put, Shelf, sliced
from cleaner.sites.storage import Stored, Write, write_memory
from cleaner.split import texts_of
from cleaner.stack import Hashes, Ints, Stack, stack_texts

_CHUNK = 1 << 20
"""Characters whose lines are counted in one sweep."""
_HELD = 1 << 17
"""Rows that are put together before they go on."""
_PER_DOCUMENT = 1 << 8
_LOW = np.uint64((1 << 32) - 1)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a memory was made of."""

    documents: int
    unnamed: int
    """Documents that say of no site; nothing is learned from them."""
    sites: int
    lines: int
    """Lines in the memory."""


def learn(
    documents: Iterable[Document],
    write: Write,
    *,
    known: Memory | None = None,
    whole: bool = False,
    budget: int = BUDGET,
) -> Learned:
    """Count the lines of *documents* by site and hand a memory to *write*, piece by piece.

    Lines that stand in one document of their site only are left out, unless the memory is to be
    *whole*: then merging and updating lose nothing. *known* is what was learned before and goes in
    too. *budget* is the memory in bytes that counts may take before they go to disk. Raises `SettingError` where
    one of the two is *whole* and the other not.
    """
    if known is not None and known.whole != whole:
        raise SettingError(MIXED)
    with Learning(budget) as learning:
        for document in documents:
            learning.add(document)
        return learning.finish(write, [] if known is None else [known], whole=whole)


MIXED = "one memory has lines that were seen once (--whole), the other has not; learn both in the same way"
"""What is wrong with putting such memories together."""


class Learning:
    """Counts documents as they come, in *budget* bytes of memory; as a context, for more goes to disk meanwhile."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.documents: Counter[str] = Counter()
        """Those that were counted, by site."""
        self.unnamed = 0
        """Those that say of no site."""
        self._budget = budget
        self._numbers: dict[str, int] = {}
        self._lines: list[str] = []
        self._counts: list[int] = []
        self._sites: list[int] = []
        self._chars = 0
        self._parts: list[Rows] = []
        self._held = 0

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="cleaner-sites-")
        self._room = Path(self._folder.name)
        self._shelf = Shelf(self._room, self._budget)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def add(self, document: Document) -> None:
        """Count one document."""
        site = site_of(document)
        if not site:
            self.unnamed += 1
            return
        self.documents[site] += 1
        lines = texts_of(document)
        self._lines += lines
        self._counts.append(len(lines))
        self._sites.append(self._numbers.setdefault(site, len(self._numbers)))
        self._chars += sum(map(len, lines)) + _PER_DOCUMENT
        if self._chars >= _CHUNK:
            self._count()

    def finish(self, write: Write, known: Sequence[Memory | Stored] = (), *, whole: bool) -> Learned:
        """Hand everything counted, together with what is *known*, to *write*; call it once.

        Of whole memories among the *known* nothing is lost, whether the result is to be *whole* or not.
        """
        self._count()
        self._pass_on()
        sites = _united([*map(_documents, known), self.documents])
        more = [(memory.rows, _moved(memory.sites, sites)) for memory in known]
        slices = self._shelf.slices(_moved(self.documents, sites), more, _settling(whole=whole))
        memory = write_memory(write, self._room, slices, sites, whole=whole)
        return Learned(self.documents.total(), self.unnamed, len(sites), memory.rows.rows)

    def _count(self) -> None:
        if self._lines:
            rows = counted(self._lines, self._counts, self._sites)
            self._parts.append(rows)
            self._held += rows.rows
        self._lines, self._counts, self._sites, self._chars = [], [], [], 0
        if self._held >= _HELD:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._parts:
            self._shelf.add(combine(self._parts))
        self._parts, self._held = [], 0


def merge(memories: Sequence[Memory | Stored], write: Write, *, lean: bool = False) -> Memory:
    """Put memories together; in whatever order they come, the bytes handed to *write* are the same.

    Whole memories give a whole one, or with *lean* one without the lines that were seen once. Of
    memories that are not whole, a line's count misses at most one document for each of them.
    Raises `SettingError` for a mixture.
    """
    if not memories or len({memory.whole for memory in memories}) > 1:
        raise SettingError(MIXED if memories else "no site memory to merge")
    whole = memories[0].whole and not lean
    sites = _united(map(_documents, memories))
    renamed = [_moved(memory.sites, sites) for memory in memories]
    with tempfile.TemporaryDirectory(prefix="cleaner-sites-") as room:
        slices = sliced([memory.rows for memory in memories], renamed, _settling(whole=whole))
        return write_memory(write, Path(room), slices, sites, whole=whole)


def _settling(*, whole: bool) -> Put:
    return partial(settle, floor=1 if whole else 2)


def _documents(memory: Memory | Stored) -> dict[str, int]:
    return dict(zip(memory.sites, memory.documents.tolist(), strict=True))


def _moved(names: Iterable[str], sites: Iterable[str]) -> NDArray[np.uint32]:
    """Return the numbers that *names* have among *sites*."""
    place = {name: at for at, name in enumerate(sites)}
    return np.array([place[name] for name in names], np.uint32)


def _united(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up the documents of sites, sorted by name."""
    sums: Counter[str] = Counter()
    for part in parts:
        sums.update(part)
    return {name: min(sums[name], (1 << 32) - 1) for name in sorted(sums)}


def counted(lines: Sequence[str], counts: Sequence[int], sites: Sequence[int]) -> Rows:
    """Return one row for each distinct line of each page, which has so many of *lines*; *sites* are their numbers."""
    laid = stack_texts(lines, counts)
    keys = keys_of(laid)
    page_of_line = laid.page_of()
    first = _firsts(keys.key, page_of_line, np.flatnonzero(keys.words > 0))
    page = page_of_line[first]
    begin, stop = laid.pages[page], laid.pages[page + 1]
    above, below = _beside(laid, keys.key, page_of_line)
    variant = keys.variant & _LOW
    index, last = first - begin, stop - begin - 1
    numbers = (
        keys.key[first],
        np.asarray(sites, np.int64)[page],
        np.ones(len(first), np.uint32),
        3 * index <= last,
        3 * (last - index) <= last,
        *(column[first] for column in (above, above, below, below, variant, variant)),
    )
    texts = [lines[at][:TEXT_CHARS].encode("utf-8", "replace") for at in first.tolist()]
    return rows_of(numbers, texts)


def _firsts(key: Hashes, page: Ints, lines: Ints) -> Ints:
    """Return the first of the like lines of each page, among *lines*: a document's own repeats count once."""
    order = lines[np.lexsort((key[lines], page[lines]))]
    new = np.ones(len(order), bool)
    new[1:] = (key[order[1:]] != key[order[:-1]]) | (page[order[1:]] != page[order[:-1]])
    return order[new]


def _beside(laid: Stack, key: Hashes, page: Ints) -> tuple[Hashes, Hashes]:
    """Return the low half of the keys of the lines above and below, never 0; `EDGE` at the edges of a page."""
    low = np.maximum(key & _LOW, np.uint64(1))
    above, below = np.full((2, laid.count), EDGE, np.uint64)
    same = page[1:] == page[:-1]
    above[1:][same] = low[:-1][same]
    below[:-1][same] = low[1:][same]
    return above, below
