"""The walk over the tags and texts of a page that finds its visible lines.

It runs once for each tag, two thousand times on an average page, so it keeps to what is cheap in
Python: a tag's action is looked up by the whole tag as written, an element is a number, and what
is known of elements stands in parallel lists, of which most entries are never read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cleaner.split.controls import caption_of
from cleaner.split.rows import Row, Shown, joined
from cleaner.split.spacing import collapsed, ink, resolved, stripped
from cleaner.split.tags import BLOCKS, CELLS, GAPS, INLINE, LISTS, PREFORMATTED, SPACED, VOID

DEEPEST = 512
"""Elements nested deeper than this count as children of the one at this depth, as in browsers."""


class Walk:
    """Where the walk stands and what it has found.

    A tag is told without its angle brackets: `p class="lead"`, `/p`.
    """

    def __init__(self) -> None:
        self.lines: list[Shown] = []
        self.parents: list[int] = []
        """For each element the one around it; -1 for the first."""
        self.tags: list[str] = []
        """For each element its start tag."""
        self.blocks: list[int] = []
        """For each element itself, if it is a block, or the nearest block around it."""
        self._here = -1
        self._depth = 0
        # The line being gathered: its pieces, those inside links, whether there are others.
        self._pieces: list[str] = []
        self._linked: list[str] = []
        self._plain = self._inked = False
        # Line ends in front of the next line; the number of pieces when the last link closed.
        self._gap, self._parted = 0, -1
        # The element of the first piece, its depth, and the least depth up to now and up to the
        # last piece: they tell which element holds the whole line.
        self._first = self._first_depth = self._low = self._cover = 0
        # Depths at which links and preformatted blocks are open.
        self._links: list[int] = []
        self._pre: list[int] = []
        self._rows: list[Row] = []

    def run(self, parts: Sequence[str]) -> None:
        """Walk over parts of the form `tag>text`."""
        for part in parts:
            tag, _, text = part.partition(">")
            name = tag.partition(" ")[0]
            act = ACTS.get(name) or _act_of(name)
            act(self, tag)
            if text:
                if not text.isspace():
                    self.write(text)
                elif self._pieces or self._pre:
                    self._pieces.append(text)
        self._flush(0)

    # What tags do.

    def nothing(self, tag: str) -> None:
        """Comments, and void elements that show nothing."""

    def open(self, tag: str) -> None:
        self._depth += 1
        if self._depth <= DEEPEST:
            self.parents.append(self._here)
            self.blocks.append(self.blocks[self._here])
            self._here = len(self.tags)
            self.tags.append(tag)

    def close(self, tag: str) -> None:
        if self._depth <= DEEPEST:
            self._here = self.parents[self._here]
        self._depth -= 1
        self._low = min(self._low, self._depth)

    def open_apart(self, tag: str) -> None:
        self._pieces.append(" ")
        self.open(tag)

    def close_apart(self, tag: str) -> None:
        self._pieces.append(" ")
        self.close(tag)

    def part(self, tag: str) -> None:
        self._pieces.append(" ")

    def open_link(self, tag: str) -> None:
        # Two links side by side are two words, whatever the style sheet makes of them.
        if self._parted == len(self._pieces):
            self._pieces.append(" ")
        self.open(tag)
        if ' href="' in tag:
            self._links.append(self._depth)

    def close_link(self, tag: str) -> None:
        if self._links and self._links[-1] == self._depth:
            self._links.pop()
        self.close(tag)
        self._parted = len(self._pieces)

    def open_block(self, tag: str) -> None:
        if self._pieces:
            self._end()
        if not self._gap:
            self._gap = 1
        self._depth += 1
        if self._depth <= DEEPEST:
            self.parents.append(self._here)
            self._here = len(self.tags)
            self.blocks.append(self._here)
            self.tags.append(tag)

    def close_block(self, tag: str) -> None:
        if self._pieces:
            self._end()
        if not self._gap:
            self._gap = 1
        if self._depth <= DEEPEST:
            self._here = self.parents[self._here]
        self._depth -= 1

    def open_spaced(self, tag: str) -> None:
        self._flush(2)
        self.open_block(tag)

    def close_spaced(self, tag: str) -> None:
        self._flush(2)
        self.close_block(tag)

    def open_list(self, tag: str) -> None:
        self._flush(1 if self._in_item() else 2)
        self.open_block(tag)

    def close_list(self, tag: str) -> None:
        self.close_block(tag)
        self._flush(1 if self._in_item() else 2)

    def _in_item(self) -> bool:
        around = self.tags[self._here]
        return around == "li" or around.startswith("li ")

    def open_pre(self, tag: str) -> None:
        self.open_spaced(tag)
        self._pre.append(self._depth)

    def close_pre(self, tag: str) -> None:
        self.close_spaced(tag)
        self._pre.pop()

    def open_row(self, tag: str) -> None:
        self.open_block(tag)
        self._rows.append(Row(self._here, len(self.lines), []))

    def open_cell(self, tag: str) -> None:
        self.open_block(tag)
        if self._rows:
            self._rows[-1].cells.append(len(self.lines))

    def close_row(self, tag: str) -> None:
        self.close_block(tag)
        row = self._rows.pop()
        if len(row.cells) > 1:
            self.lines[row.start :] = joined(self.lines[row.start :], row, self.blocks)

    def line_break(self, tag: str) -> None:
        if self._pre:
            self._pieces.append("\n")
        else:
            # A second break in a row, or one behind a block, shows as a blank line.
            self._flush(1 if self._inked else 2)

    def rule(self, tag: str) -> None:
        self._flush(2)

    def control(self, tag: str) -> None:
        """Show the text of an `<input>` that is a button; any other parts words."""
        caption = caption_of(tag)
        if caption:
            self.open_block(tag)
            self.write(caption)
            self.close_block(tag)
        else:
            self._pieces.append(" ")

    # The line being gathered.

    def write(self, text: str) -> None:
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

    def _flush(self, gap: int) -> None:
        """End the line, if there is one, and leave room behind it."""
        if self._pieces:
            self._end()
        self._gap = max(self._gap, gap)

    def _end(self) -> None:
        if self._inked:
            self._emit("".join(self._pieces))
            self._inked = self._plain = False
            self._linked = []
        self._pieces = []
        self._parted = -1

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


Act = Callable[[Walk, str], None]


def _acts() -> dict[str, Act]:
    """Tell what each tag does; later lines overrule earlier ones."""
    pairs: list[tuple[Sequence[str] | frozenset[str], Act, Act]] = [
        (GAPS, Walk.open_apart, Walk.close_apart),
        (BLOCKS, Walk.open_block, Walk.close_block),
        (SPACED, Walk.open_spaced, Walk.close_spaced),
        (LISTS, Walk.open_list, Walk.close_list),
        (PREFORMATTED, Walk.open_pre, Walk.close_pre),
        (CELLS, Walk.open_cell, Walk.close_block),
        (["tr"], Walk.open_row, Walk.close_row),
        (["a"], Walk.open_link, Walk.close_link),
    ]
    acts = {tag: act for tags, begin, _ in pairs for tag, act in zip(tags, [begin] * len(tags))}
    acts |= {f"/{tag}": act for tags, _, end in pairs for tag, act in zip(tags, [end] * len(tags))}
    acts["!"] = Walk.nothing
    acts |= dict.fromkeys(INLINE, Walk.open) | {f"/{tag}": Walk.close for tag in INLINE}
    acts |= dict.fromkeys(VOID, Walk.nothing) | dict.fromkeys(GAPS & VOID, Walk.part)
    return acts | {"br": Walk.line_break, "hr": Walk.rule, "input": Walk.control}


ACTS = _acts()


def _act_of(name: str) -> Act:
    """Tell what a tag does that the tables do not have: inline, and of the site's own making it parts words."""
    if name[0] == "/":
        return Walk.close_apart if "-" in name else Walk.close
    return Walk.open_apart if "-" in name else Walk.open
