"""The walk over the texts and tags of a page that finds its visible lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cleaner.split.controls import caption_of
from cleaner.split.hidden import is_hidden
from cleaner.split.rows import Row, Shown, joined
from cleaner.split.spacing import collapsed, ink, resolved, stripped
from cleaner.split.tags import BLOCKS, CELLS, GAPS, LISTS, PREFORMATTED, SPACED, VOID

DEEPEST = 512
"""Elements nested deeper than this count as children of the one at this depth, as in browsers."""


class Kind(NamedTuple):
    """What one tag, as the parser writes it, asks of the walk."""

    act: Callable[[Kind], None]
    tag: str
    raw: str
    gap: int = 1
    """Line ends in front of the block and behind it."""


class Walk:
    """Where the walk stands and what it has found.

    Elements are numbered as they open and kept in parallel lists, which cost least; those that
    hold no line are dropped afterwards.
    """

    def __init__(self) -> None:
        self.lines: list[Shown] = []
        self.parents: list[int] = []
        self.kinds: list[Kind] = []
        self.blocks: list[int] = []
        """For each element itself or the nearest block around it."""
        self.hidden = 0
        """Characters that were left out because an element is hidden."""
        self._known: dict[str, Kind] = {}
        self._pairs: Iterator[tuple[str, str]] = iter(())
        self._here = -1
        self._depth = 0
        # The line that is being gathered.
        self._pieces: list[str] = []
        self._linked: list[str] = []
        self._plain = False
        self._inked = False
        self._gap = 0
        # The innermost element around the whole line: how deep it lies below the first piece's.
        self._first = self._first_depth = self._low = self._cover = 0
        self._parted = -1
        # Depths at which links and preformatted blocks are open.
        self._links: list[int] = []
        self._pre: list[int] = []
        self._rows: list[Row] = []

    def run(self, pieces: Sequence[str]) -> None:
        """Walk over text, tag, text, ..., tag, text."""
        known = self._known
        self._pairs = zip(pieces[::2], pieces[1::2], strict=False)
        for text, raw in self._pairs:
            if text:
                if text.isspace():
                    self._pieces.append(text)
                else:
                    self._write(text)
            kind = known.get(raw) or self._learn(raw)
            kind.act(kind)
        self._flush(0)

    # What tags do.

    def _nothing(self, kind: Kind) -> None:
        """Comments, and void elements that show nothing."""

    def _open(self, kind: Kind) -> None:
        self._depth += 1
        if self._depth <= DEEPEST:
            self.blocks.append(self.blocks[self._here] if self.blocks else 0)
            self._enter(kind)

    def _enter(self, kind: Kind) -> None:
        self.parents.append(self._here)
        self.kinds.append(kind)
        self._here = len(self.parents) - 1

    def _close(self, kind: Kind) -> None:
        if self._depth <= DEEPEST:
            self._here = self.parents[self._here]
        self._depth -= 1
        if self._depth < self._low:
            self._low = self._depth

    def _open_apart(self, kind: Kind) -> None:
        self._pieces.append(" ")
        self._open(kind)

    def _close_apart(self, kind: Kind) -> None:
        self._pieces.append(" ")
        self._close(kind)

    def _open_link(self, kind: Kind) -> None:
        # Two links side by side are two words, whatever the style sheet makes of them.
        if self._parted == len(self._pieces):
            self._pieces.append(" ")
        self._open(kind)
        if ' href="' in kind.raw:
            self._links.append(self._depth)

    def _close_link(self, kind: Kind) -> None:
        if self._links and self._links[-1] == self._depth:
            self._links.pop()
        self._close(kind)
        self._parted = len(self._pieces)

    def _open_block(self, kind: Kind) -> None:
        self._flush(kind.gap)
        self._depth += 1
        if self._depth <= DEEPEST:
            self.blocks.append(len(self.blocks))
            self._enter(kind)

    def _close_block(self, kind: Kind) -> None:
        self._flush(kind.gap)
        if self._pre and self._pre[-1] == self._depth:
            self._pre.pop()
        self._close(kind)

    def _open_list(self, kind: Kind) -> None:
        self._open_block(kind if not self._in_item(self._here) else kind._replace(gap=1))

    def _close_list(self, kind: Kind) -> None:
        self._close_block(kind if not self._in_item(self.parents[self._here]) else kind._replace(gap=1))

    def _in_item(self, element: int) -> bool:
        return element >= 0 and self.kinds[element].tag == "li"

    def _open_pre(self, kind: Kind) -> None:
        self._open_block(kind)
        self._pre.append(self._depth)

    def _open_row(self, kind: Kind) -> None:
        self._open_block(kind)
        self._rows.append(Row(self._here, len(self.lines), []))

    def _open_cell(self, kind: Kind) -> None:
        self._open_block(kind)
        if self._rows:
            self._rows[-1].cells.append(len(self.lines))

    def _close_row(self, kind: Kind) -> None:
        self._close_block(kind)
        row = self._rows.pop()
        if len(row.cells) > 1:
            self.lines[row.start :] = joined(self.lines[row.start :], row, self.blocks)

    def _break(self, kind: Kind) -> None:
        if self._pre:
            self._pieces.append("\n")
        else:
            # A second break in a row, or one behind a block, shows as a blank line.
            self._flush(1 if self._inked else 2)

    def _part(self, kind: Kind) -> None:
        self._pieces.append(" ")

    def _rule(self, kind: Kind) -> None:
        self._flush(2)

    def _control(self, kind: Kind) -> None:
        """Show the text of an `<input>` that is a button."""
        caption = caption_of(kind.raw)
        if not caption:
            self._pieces.append(" ")
            return
        self._open_block(kind)
        self._write(caption)
        self._close_block(kind)

    def _hide(self, kind: Kind) -> None:
        """Pass over a hidden element with all that it holds."""
        open_elements = 1
        for text, raw in self._pairs:
            if text and not text.isspace():
                self.hidden += len(text)
            if raw[1] == "/":
                open_elements -= 1
                if not open_elements:
                    return
            elif raw[1] != "!" and _tag_of(raw) not in VOID:
                open_elements += 1

    # The line that is being gathered.

    def _write(self, text: str) -> None:
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

    def _flush(self, gap: int) -> None:
        """End the line, if there is one."""
        if self._pieces:
            if self._inked:
                self._emit("".join(self._pieces))
                self._inked = self._plain = False
                self._linked = []
            self._pieces = []
            self._parted = -1
        if gap > self._gap:
            self._gap = gap

    def _emit(self, source: str) -> None:
        inner = self._first
        for _ in range(min(self._first_depth, DEEPEST) - min(self._cover, DEEPEST)):
            inner = self.parents[inner]
        if self._pre:
            self._emit_rows(resolved(source), inner)
            return
        text = collapsed(source)
        if not text:
            self._gap = 2  # a line of no-break spaces shows as a blank one
            return
        self.lines.append(Shown(text, "\n" * self._gap, inner, self._link_share(text)))
        self._gap = 0

    def _emit_rows(self, source: str, inner: int) -> None:
        """Write preformatted text: each of its lines, with the indentation in front of it."""
        linked = self._link_share(source)
        for row in source.split("\n"):
            text = stripped(row)
            if text:
                indent = row[: row.index(text[0])]
                self.lines.append(Shown(text, "\n" * self._gap + indent, inner, linked))
                self._gap = 1
            else:
                self._gap = min(self._gap + 1, 2)

    def _link_share(self, text: str) -> float:
        if not self._linked:
            return 0.0
        if not self._plain:
            return 1.0
        return min(1.0, ink(resolved("".join(self._linked))) / max(1, ink(text)))

    # What a tag means.

    def _learn(self, raw: str) -> Kind:
        if raw[1] == "/":
            kind = self._closing(raw)
        elif raw[1] in "!?":
            kind = Kind(self._nothing, "", raw)
        else:
            kind = self._opening(raw)
        self._known[raw] = kind
        return kind

    def _closing(self, raw: str) -> Kind:
        tag = raw[2:-1]
        gap = 2 if tag in SPACED else 1
        if tag == "a":
            act = self._close_link
        elif tag == "tr":
            act = self._close_row
        elif tag in LISTS:
            act = self._close_list
        elif tag in BLOCKS:
            act = self._close_block
        else:
            act = self._close_apart if _parts(tag) else self._close
        return Kind(act, tag, raw, gap)

    def _opening(self, raw: str) -> Kind:
        tag = _tag_of(raw)
        if tag in VOID:
            acts = {"br": self._break, "hr": self._rule, "input": self._control}
            act = acts.get(tag, self._part if tag in GAPS else self._nothing)
            return Kind(act, tag, raw)
        if " " in raw and is_hidden(raw):
            return Kind(self._hide, tag, raw)
        return Kind(self._opener(tag), tag, raw, 2 if tag in SPACED else 1)

    def _opener(self, tag: str) -> Callable[[Kind], None]:
        if tag == "a":
            return self._open_link
        if tag == "tr":
            return self._open_row
        if tag in CELLS:
            return self._open_cell
        if tag in LISTS:
            return self._open_list
        if tag in PREFORMATTED:
            return self._open_pre
        if tag in BLOCKS:
            return self._open_block
        return self._open_apart if _parts(tag) else self._open


def _tag_of(raw: str) -> str:
    return raw[1:-1].partition(" ")[0]


def _parts(tag: str) -> bool:
    """Tell whether an inline element parts words: pictures, and elements of the site's own making."""
    return tag in GAPS or "-" in tag
