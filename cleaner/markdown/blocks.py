"""Kept lines gathered into blocks: paragraphs, headings, tables, code."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cleaner.document import Page, Removal
from cleaner.markdown.inlines import inline
from cleaner.markdown.kept import Kept, kept_lines
from cleaner.markdown.left import Left
from cleaner.markdown.marking import cells_of
from cleaner.markdown.nesting import Writer
from cleaner.markdown.signs import escaped_line, longest_fence
from cleaner.split.marks import NO_MARKS, Marks

_BREAKS = re.compile(r"\r\n|[\n\r]")


def markdown(page: Page, removed: Sequence[Removal], marks: Marks = NO_MARKS) -> str:
    """Render what is left of a page when the stretches *removed* are gone; *marks* tell of markup inside its lines."""
    writer = Writer()
    left = Left(page.text, removed)
    blanks = sorted(marks.blanks.items())
    for _, lines in groupby(_runs(kept_lines(page, left, marks)), key=lambda run: run[0]):
        block = [kept for _, kept in lines]
        rows = _code(block, left, blanks) if block[0].sort == "code" else _rendered(block)
        writer.add(block[0].around, rows)
    return "\n".join([*writer.rows, ""]) if writer.rows else ""


def _runs(lines: Iterable[Kept]) -> Iterator[tuple[int, Kept]]:
    """Give every line the number of its block: lines with the same one are rendered together."""
    number = 0
    before: Kept | None = None
    for kept in lines:
        if before is None or not _together(before, kept):
            number += 1
        before = kept
        yield number, kept


def _together(before: Kept, kept: Kept) -> bool:
    if (before.sort, before.block, before.around) != (kept.sort, kept.block, kept.around):
        return False
    return kept.sort in ("code", "row") or (kept.broken and kept.block >= 0)


def _rendered(block: Sequence[Kept]) -> list[str]:
    """Return the rows of one block, without what stands in front of them in lists and quotes."""
    sort = block[0].sort
    if sort == "row":
        return _table([[inline(*cell) for cell in cells_of(kept.text, kept.marks)] for kept in block])
    if sort[0] == "h":
        return [f"{'#' * int(sort[1])} {_heading(block)}"]
    rows = [inline(kept.text, kept.marks, escaped_line) for kept in block]
    return [*(f"{row}\\" for row in rows[:-1]), rows[-1]]


def _heading(block: Sequence[Kept]) -> str:
    """Return the text of a heading, which is bold anyway."""
    text = " ".join([inline(kept.text, [mark for mark in kept.marks if mark.sort != "strong"]) for kept in block])
    return f"{text[:-1]}\\#" if text.endswith("#") else text


def _code(block: Sequence[Kept], left: Left, blanks: Sequence[tuple[int, int]]) -> list[str]:
    """Return preformatted lines with all blank ones between them."""
    start, end = block[0].start, block[-1].end
    between = blanks[bisect_right(blanks, start, key=_place) : bisect_left(blanks, end, key=_place)]
    return _fenced(left.source(start, end, between).rstrip())


def _place(blank: tuple[int, int]) -> int:
    return blank[0]


def _fenced(source: str) -> list[str]:
    fence = "`" * max(3, longest_fence(source) + 1)
    return [fence, *_BREAKS.split(source), fence]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table whose first row is its head: Markdown has no others."""
    width = max(len(row) for row in rows)
    padded = [[*(cell.replace("|", "\\|") for cell in row), *[""] * (width - len(row))] for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in padded]
    return [head, f"|{' --- |' * width}", *body]
