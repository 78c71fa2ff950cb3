"""The elements of many HTML pages as arrays: who lies in whom, and which lines lie in each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page
from cleaner.stack import Hashes, Ints, Stack, mix

_KNOWN = 1 << 16
"""Names whose hashes are remembered."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
DEEP = 64
"""Elements deeper than this count as lying at this depth's parent: pages nest some thirty deep."""


Shape = tuple[str, tuple[str, ...]]
"""A tag and names."""


class Outline(NamedTuple):
    """Elements of several pages laid end to end, parents before their children."""

    parents: Ints
    """Number of each element's parent, -1 for the outermost."""
    levels: tuple[Ints, ...]
    """The elements at each depth, outermost first."""
    depths: Ints
    """How many elements lie around each."""
    shapes: Ints
    """Which of the shapes below each element has: its tag and its names."""
    tags: tuple[str, ...]
    """The tag of each shape."""
    tag_hashes: Hashes
    names: Hashes
    """Hashes of the names of each shape, one shape after the other."""
    bounds: Ints
    """Where each shape's names begin in `names`, and one more for the end."""
    of_line: Ints
    """The element of each line, -1 for none."""
    marks: Ints
    """The shape of the inline elements around the whole of each line; -1 for none."""
    first: Ints
    """Which line is the first in each element; those in an element lie side by side."""
    stop: Ints
    """The line behind its last."""
    ways: Hashes
    """A hash of the shapes on the way from the root to each line's element, 0 without one."""

    def up(self, elements: Ints) -> Ints:
        """Return the parents of *elements*; -1 has none."""
        return np.where(elements >= 0, self.parents[elements], -1) if len(self.parents) else elements

    def ancestors(self, elements: Ints) -> Iterator[Ints]:
        """Yield *elements*, then their parents and so on, as deep as any element lies; -1 where there is none."""
        above = np.append(self.parents, -1)
        for _ in self.levels[:DEEP]:
            yield elements
            elements = above[elements]

    def shape_of(self, elements: Ints) -> Ints:
        """Return the shapes of *elements*; -1 for none."""
        return np.where(elements >= 0, self.shapes[elements], -1) if len(self.shapes) else elements


class Bags(NamedTuple):
    """Names by the bag, and which bag each line has."""

    names: Hashes
    bounds: Ints
    """Where each bag begins in `names`, and one more for the end."""
    of_line: Ints


def outline(pages: Sequence[Page], laid: Stack) -> Outline:
    """Lay the elements of *pages* end to end; *laid* holds their lines."""
    counts = [len(page.elements) for page in pages]
    offsets = np.append(0, np.cumsum(counts)).astype(np.int64)
    parents = np.fromiter((element[0] for page in pages for element in page.elements), np.int64, offsets[-1])
    parents = np.where(parents >= 0, parents + np.repeat(offsets[:-1], counts), -1)
    of_line = np.fromiter((line.element for page in pages for line in page.lines), np.int64, laid.count)
    of_line = np.where(of_line >= 0, of_line + offsets[:-1][laid.page_of()], -1)
    shapes, of_elements, of_marks = _shapes(pages)
    depths = _depths(parents)
    levels = _levels(depths)
    first, stop = _ranges(parents, levels, of_line)
    laid_out = Outline(
        parents=parents,
        levels=levels,
        depths=depths,
        shapes=np.array(of_elements, np.int64),
        tags=tuple(tag for tag, _ in shapes),
        tag_hashes=np.array([name_hash(tag) for tag, _ in shapes], np.uint64),
        names=np.frombuffer(b"".join([_packed(names) for _, names in shapes]), "<u8"),
        bounds=np.append(0, np.cumsum([len(names) for _, names in shapes])).astype(np.int64),
        of_line=of_line,
        marks=np.array(of_marks, np.int64),
        first=first,
        stop=stop,
        ways=np.zeros(laid.count, np.uint64),
    )
    return laid_out._replace(ways=np.append(paths(laid_out), np.uint64(0))[of_line])


def _shapes(pages: Sequence[Page]) -> tuple[Sequence[Shape], Sequence[int], Sequence[int]]:
    """Gather the different shapes; tell which one each element has, and the inline elements around each line."""
    shapes: dict[Shape, int] = {}
    of_elements = [shapes.setdefault(element[1:], len(shapes)) for page in pages for element in page.elements]
    of_marks = [
        shapes.setdefault((" ".join(line.marks), line.names), len(shapes)) if line.marks else -1
        for page in pages
        for line in page.lines
    ]
    return tuple(shapes), of_elements, of_marks


@lru_cache(_KNOWN)
def name_hash(name: str) -> int:
    """Hash a tag or name, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(_KNOWN >> 2)
def _packed(names: tuple[str, ...]) -> bytes:
    """Return the hashes of names side by side; most elements are called as others are."""
    return b"".join([name_hash(name).to_bytes(8, "little") for name in names])


def _depths(parents: Ints) -> Ints:
    """Count the elements around each. Parents come before their children, so one pass finds all."""
    depths: list[int] = []
    for parent in parents.tolist():
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    return np.array(depths, np.int64)


def _levels(depths: Ints) -> tuple[Ints, ...]:
    order = np.argsort(depths, kind="stable")
    return tuple(np.split(order, np.cumsum(np.bincount(depths))[:-1])) if len(depths) else ()


def _ranges(parents: Ints, levels: Sequence[Ints], of_line: Ints) -> tuple[Ints, Ints]:
    """Return the first line in each element and the one behind its last; innermost elements are settled first."""
    lines = np.flatnonzero(of_line >= 0)
    first, stop = np.full(len(parents), len(of_line)), np.zeros(len(parents), np.int64)
    np.minimum.at(first, of_line[lines], lines)
    np.maximum.at(stop, of_line[lines], lines + 1)
    for level in reversed(levels[1:]):
        np.minimum.at(first, parents[level], first[level])
        np.maximum.at(stop, parents[level], stop[level])
    return first, stop


def paths(of: Outline) -> Hashes:
    """Hash the shapes on the way from the root to each element."""
    own = np.zeros(len(of.tags), np.uint64)
    filled = np.flatnonzero(np.diff(of.bounds))
    if len(filled):
        own[filled] = np.add.reduceat(mix(of.names), of.bounds[filled])
    of_elements = mix(own + of.tag_hashes)[of.shapes]
    found = of_elements.copy()
    for level in of.levels[1:]:
        found[level] += found[of.parents[level]] * _FACTOR
    return found


def path_names(of: Outline) -> Bags:
    """Return the names of all elements around each line: a bag for all lines with the same shapes on the way up."""
    _, lines, bag_of = np.unique(of.ways, return_index=True, return_inverse=True)
    steps = list(of.ancestors(of.of_line[lines]))
    if not steps:
        return Bags(of.names[:0], np.zeros(len(lines) + 1, np.int64), bag_of)
    elements = np.stack(steps, axis=1)
    bags, columns = np.nonzero(elements >= 0)
    shapes = of.shapes[elements[bags, columns]]
    counts = np.diff(of.bounds)[shapes]
    bounds = np.append(0, np.cumsum(counts))
    places = np.arange(bounds[-1]) + np.repeat(of.bounds[shapes] - bounds[:-1], counts)
    of_bags: NDArray[np.int64] = np.searchsorted(bags, np.arange(len(lines) + 1))
    return Bags(of.names[places], bounds[of_bags], bag_of)


def shape_names(of: Outline) -> tuple[Hashes, Ints]:
    """Return the names of all shapes, and where each shape's begin; the last bag, for -1, is empty."""
    return of.names, np.append(of.bounds, of.bounds[-1])
