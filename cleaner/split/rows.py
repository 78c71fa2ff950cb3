"""Rows of a data table: the lines of their cells joined into one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.split.spacing import ink

CELL = 300
"""A cell with more characters than this is a column of a layout, not an entry of a table."""
BROKEN = 4
"""An entry may have this many lines, as an address has."""


class Shown(NamedTuple):
    """One visible line, before its place in the page's text is known."""

    text: str
    gap: str
    """What stands in front of it: line ends, and indentation in preformatted text."""
    inner: int
    """The innermost element that holds the whole line."""
    linked: float


class Row(NamedTuple):
    """An open table row."""

    element: int
    start: int
    """The number of lines in front of it."""
    cells: list[int]
    """The same for each of its cells."""


def joined(lines: Sequence[Shown], row: Row, blocks: Sequence[int]) -> Sequence[Shown]:
    """Return the lines of a row: one, if it is a row of data; as they are, if it serves the layout.

    Data are two or more short entries, each one line, or a few that only `<br>` parts. Then the
    text of the cells is joined with tabs, which stand nowhere else in running text.
    """
    ends = [*row.cells[1:], row.start + len(lines)]
    cells = [lines[begin - row.start : end - row.start] for begin, end in zip(row.cells, ends, strict=True)]
    cells = [cell for cell in cells if cell]
    if len(cells) < 2 or not all(_is_entry(cell, blocks) for cell in cells):
        return lines
    texts = [" ".join(line.text for line in cell) for cell in cells]
    inked = [(ink(line.text), line.linked) for line in lines]
    linked = sum(count * share for count, share in inked) / sum(count for count, _ in inked)
    return [Shown("\t".join(texts), lines[0].gap, row.element, linked)]


def _is_entry(cell: Sequence[Shown], blocks: Sequence[int]) -> bool:
    if len(cell) > BROKEN or sum(len(line.text) for line in cell) > CELL or any("\t" in line.text for line in cell):
        return False
    return all(blocks[before.inner] == blocks[behind.inner] for before, behind in pairwise(cell))
