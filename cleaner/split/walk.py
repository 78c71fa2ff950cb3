"""The walk over the tags and texts of a page that finds its visible lines.

It does something two thousand times on an average page, so it keeps to what is cheap in Python:
what a tag does is looked up by its name, and tags are never taken apart further.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import ClassVar, Self

from cleaner.split.controls import caption_of
from cleaner.split.gathering import DEEPEST, Gathering
from cleaner.split.rows import Row
from cleaner.split.spacing import PART
from cleaner.split.tags import BLOCKS, CELLS, GAPS, INLINE, LISTS, PREFORMATTED, PROSE, SPACED, VOID, name_of

Act = Callable[["Walk", str], None]


def _by_tag(table: Iterable[tuple[Collection[str], Act, Act]]) -> dict[str, Act]:
    """Tell what each start tag and each end tag does; later rows of the table overrule earlier ones."""
    acts: dict[str, Act] = {}
    for tags, opens, closes in table:
        acts |= dict.fromkeys(tags, opens) | dict.fromkeys([f"/{tag}" for tag in tags], closes)
    return acts


class Walk(Gathering):
    """Where the walk stands and what it has found.

    A tag is told without its angle brackets: `p class="lead"`, `/p`.

    Of two links side by side, or two spans outside running text, the words are kept apart although no
    white space stands between them: a style sheet does that. On 1,500 pages with gold text two such
    links were one word in 10 cases and two words in 590, two such spans one word in 2, two words in
    480; inside paragraphs spans were one word in 23 and two words in 32.
    """

    def run(self, parts: Iterable[str]) -> Self:
        """Walk over parts of the form `tag>text`."""
        # Tags of a page recur, end tags most of all: each is taken apart once.
        acts: dict[str, Act] = {}
        act_of = acts.get
        for part in parts:
            tag, _, text = part.partition(">")
            act = act_of(tag)
            if act is None:
                acts[tag] = act = self._act(tag)
            act(self, tag)
            if text:
                if not text.isspace():
                    self._write(text)
                elif self._pieces or self._pre:
                    self._pieces.append(text)
        self._end_with(0)
        return self

    def _nothing(self, _tag: str) -> None:
        """Comments, and void elements that show nothing."""

    def _open(self, tag: str) -> None:
        self._depth += 1
        if self._depth <= DEEPEST:
            self.parents.append(self._here)
            self.blocks.append(self.blocks[self._here])
            self._here = len(self.tags)
            self.tags.append(tag)

    def _close(self, _tag: str) -> None:
        if self._depth <= DEEPEST:
            self._here = self.parents[self._here]
        self._depth -= 1
        if self._depth < self._low:  # noqa: PLR1730  a call of min() takes thrice as long
            self._low = self._depth

    def _open_block(self, tag: str) -> None:
        if self._pieces:
            self._end()
        if not self._gap:
            self._gap = 1
        self._depth += 1
        if self._depth <= DEEPEST:
            self.parents.append(self._here)
            self._here = here = len(self.tags)
            self.blocks.append(here)
            self.tags.append(tag)

    def _close_block(self, _tag: str) -> None:
        if self._pieces:
            self._end()
        if not self._gap:
            self._gap = 1
        if self._depth <= DEEPEST:
            self._here = self.parents[self._here]
        self._depth -= 1

    def _open_spaced(self, tag: str) -> None:
        self._end_with(2)
        self._open_block(tag)

    def _close_spaced(self, tag: str) -> None:
        self._end_with(2)
        self._close_block(tag)

    def _open_list(self, tag: str) -> None:
        self._end_with(1 if self._in_item() else 2)
        self._open_block(tag)

    def _close_list(self, tag: str) -> None:
        self._close_block(tag)
        self._end_with(1 if self._in_item() else 2)

    def _in_item(self) -> bool:
        around = self.tags[self._here]
        return around == "li" or around.startswith("li ")

    def _open_pre(self, tag: str) -> None:
        self._open_spaced(tag)
        self._pre.append(self._depth)

    def _close_pre(self, tag: str) -> None:
        self._close_spaced(tag)
        self._pre.pop()

    def _open_row(self, tag: str) -> None:
        self._open_block(tag)
        self._rows.append(Row(self._here, len(self.lines), []))

    def _open_cell(self, tag: str) -> None:
        self._open_block(tag)
        if self._rows:
            self._rows[-1].cells.append(len(self.lines))

    def _close_row(self, tag: str) -> None:
        self._close_block(tag)
        self._end_row()

    def _open_link(self, tag: str) -> None:
        if 0 < self._parted == len(self._pieces) and not self._pre:
            self._pieces.append(" ")
        self._open(tag)
        if ' href="' in tag:
            self._links.append(self._depth)

    def _close_link(self, tag: str) -> None:
        if self._links and self._links[-1] == self._depth:
            self._links.pop()
        self._close(tag)
        self._parted = len(self._pieces)

    def _open_span(self, tag: str) -> None:
        if 0 < self._parted == len(self._pieces) and len(self._pieces[-1]) > 1 and not self._in_prose():
            self._pieces.append(" ")
        self._open(tag)

    def _close_span(self, tag: str) -> None:
        self._close(tag)
        self._parted = len(self._pieces)

    def _in_prose(self) -> bool:
        return name_of(self.tags[self.blocks[self._here]]) in PROSE or bool(self._pre)

    def _open_apart(self, tag: str) -> None:
        self._pieces.append(PART)
        self._open(tag)

    def _close_apart(self, tag: str) -> None:
        self._pieces.append(PART)
        self._close(tag)

    def _part(self, _tag: str) -> None:
        self._pieces.append(PART)

    def _break(self, _tag: str) -> None:
        if self._pre:
            self._pieces.append("\n")
        else:
            # A second break in a row, or one behind a block, shows as a blank line.
            self._end_with(1 if self._inked else 2)

    def _rule(self, _tag: str) -> None:
        self._end_with(2)

    def _control(self, tag: str) -> None:
        """Show the text of an `<input>` that is a button; any other parts words."""
        caption = caption_of(tag)
        if caption:
            self._open_block(tag)
            self._write(caption)
            self._close_block(tag)
        else:
            self._pieces.append(PART)

    @classmethod
    def _act(cls, tag: str) -> Act:
        """Tell what a tag does. One that the table lacks is inline; of the site's own making, it parts words."""
        name = name_of(tag)
        if name in cls._ACTS:
            return cls._ACTS[name]
        if name[0] == "/":
            return cls._close_apart if "-" in name else cls._close
        return cls._open_apart if "-" in name else cls._open

    _ACTS: ClassVar[dict[str, Act]] = _by_tag(
        (
            (INLINE, _open, _close),
            (BLOCKS, _open_block, _close_block),
            (SPACED, _open_spaced, _close_spaced),
            (LISTS, _open_list, _close_list),
            (PREFORMATTED, _open_pre, _close_pre),
            (CELLS, _open_cell, _close_block),
            (("tr",), _open_row, _close_row),
            (("a",), _open_link, _close_link),
            (("span",), _open_span, _close_span),
            (GAPS, _open_apart, _close_apart),
            (VOID, _nothing, _nothing),
            (GAPS & VOID, _part, _part),
            (("br",), _break, _break),
            (("hr",), _rule, _rule),
            (("input",), _control, _control),
            (("!",), _nothing, _nothing),
        )
    )
