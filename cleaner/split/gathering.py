"""The line that is being gathered while a page is walked over, and the elements around it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cleaner.split.rows import Row, Shown, joined
from cleaner.split.spacing import PART, collapsed, ink, resolved, stripped

DEEPEST = 512
"""Elements nested deeper than this count as children of the one at this depth, as in browsers."""
_shown = partial(tuple.__new__, Shown)
"""Three times as fast as calling the class."""


class Gathering:
    """Open elements, the line in the making, and the lines that are done.

    An element is a number, and what is known of elements stands in parallel lists: of the thousand
    elements of a page most hold no line of their own, and nobody asks about them again.
    """

    def __init__(self) -> None:
        self.lines: list[Shown] = []
        self.parents: list[int] = []
        """For each element the one around it; -1 for the first."""
        self.tags: list[str] = []
        """For each element its start tag."""
        self.blocks: list[int] = []
        """For each element itself, if it is a block, or else the nearest block around it."""
        self._here = -1
        self._depth = 0
        # The line: its pieces, those inside links, whether there are others, whether any has ink.
        self._pieces: list[str] = []
        self._linked: list[str] = []
        self._plain = self._inked = False
        # Line ends in front of the line; the number of pieces when the last link or span closed.
        self._gap, self._parted = 0, -1
        # The element of the first piece and its depth; the least depth since then up to now and up
        # to the last piece. They tell which element holds the whole line.
        self._first = self._first_depth = self._low = self._cover = 0
        # Depths at which links and preformatted blocks are open.
        self._links: list[int] = []
        self._pre: list[int] = []
        self._rows: list[Row] = []

    def _write(self, text: str) -> None:
        """Add text with ink to the line."""
        if not self._inked:
            self._inked = True
            self._first = self._here
            self._first_depth = self._low = self._depth
        self._cover = self._low
        self._pieces.append(text)
        if self._links:
            self._linked.append(text)
        else:
            self._plain = True

    def _end(self) -> None:
        """End the line."""
        if self._inked:
            self._emit("".join(self._pieces))
            self._inked = self._plain = False
            self._linked = []
        self._pieces = []
        self._parted = -1

    def _end_with(self, gap: int) -> None:
        """End the line, if there is one, and leave at least *gap* line ends behind it."""
        if self._pieces:
            self._end()
        if self._gap < gap:  # noqa: PLR1730  a call of max() takes thrice as long
            self._gap = gap

    def _emit(self, source: str) -> None:
        inner = self._first
        if self._cover < self._first_depth:
            for _ in range(min(self._first_depth, DEEPEST) - min(self._cover, DEEPEST)):
                inner = self.parents[inner]
        if self._pre:
            self._emit_preformatted(resolved(source.replace(PART, "")), inner)
            return
        text = collapsed(source)
        if not text:
            self._gap = 2  # a line of no-break spaces shows as a blank one
            return
        self.lines.append(_shown((text, "\n" * self._gap, inner, self._link_share(text))))
        self._gap = 0

    def _emit_preformatted(self, source: str, inner: int) -> None:
        """Write each line of the source, with the indentation in front of it; of blank lines one."""
        linked = self._link_share(source)
        for row in source.split("\n"):
            text = stripped(row)
            if text:
                indent = row[: row.index(text[0])]
                self.lines.append(_shown((text, "\n" * self._gap + indent, inner, linked)))
                self._gap = 1
            else:
                self._gap = min(self._gap + 1, 2)

    def _link_share(self, text: str) -> float:
        if not self._linked:
            return 0.0
        if not self._plain:
            return 1.0
        return min(1.0, ink(resolved("".join(self._linked))) / max(1, ink(text)))

    def _end_row(self) -> None:
        """Join the lines of the table row that ends, if it is one of data."""
        row = self._rows.pop()
        if len(row.cells) > 1:
            lines: Sequence[Shown] = self.lines[row.start :]
            self.lines[row.start :] = joined(lines, row, self.blocks)
