"""Kept lines gathered into blocks: paragraphs, headings, tables, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cleaner.document import Page, Removal
from cleaner.markdown.kept import Kept, Left, kept_lines
from cleaner.markdown.nesting import Writer
from cleaner.markdown.signs import code_span, escaped, escaped_line, longest_fence

_WHITE = re.compile(r"\s+")
_BREAKS = re.compile(r"\r\n|[\n\r]")
_STRONG, _EMPHASIS, _CODE = frozenset(("b", "strong")), frozenset(("em", "i")), frozenset(("code", "kbd", "samp", "tt"))


def markdown(page: Page, removed: Sequence[Removal]) -> str:
    """Render what is left of a page when the stretches *removed* are gone."""
    writer = Writer()
    left = Left(page.text, removed)
    for _, lines in groupby(_runs(kept_lines(page, left)), key=lambda run: run[0]):
        block = [kept for _, kept in lines]
        writer.add(block[0].around, _rendered(block, left))
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


def _rendered(block: Sequence[Kept], left: Left) -> list[str]:
    """Return the rows of one block, without what stands in front of them in lists and quotes."""
    first = block[0]
    if first.sort == "code":
        return _fenced(left.of(block).rstrip())
    if first.sort == "row":
        return _table([[escaped(_one_line(cell)) for cell in kept.text.split("\t")] for kept in block])
    if first.sort[0] == "h":
        text = " ".join([escaped(_one_line(kept.text)) for kept in block])
        return [f"{'#' * int(first.sort[1])} {text[:-1] + chr(92) + '#' if text.endswith('#') else text}"]
    rows = [_paragraph(kept) for kept in block]
    return [*(f"{row}\\" for row in rows[:-1]), rows[-1]]


def _fenced(source: str) -> list[str]:
    fence = "`" * max(3, longest_fence(source) + 1)
    return [fence, *_BREAKS.split(source), fence]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table whose first row is its head: Markdown has no others."""
    width = max(len(row) for row in rows)
    padded = [[*(cell.replace("|", "\\|") for cell in row), *[""] * (width - len(row))] for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in padded]
    return [head, f"|{' --- |' * width}", *body]


def _paragraph(kept: Kept) -> str:
    text, marks = _one_line(kept.text), kept.marks
    if not _CODE.isdisjoint(marks):
        return code_span(text)
    stars = 2 * (not _STRONG.isdisjoint(marks)) + (not _EMPHASIS.isdisjoint(marks))
    if stars:
        return f"{'*' * stars}{escaped(text)}{'*' * stars}"
    return escaped_line(text)


def _one_line(text: str) -> str:
    return _WHITE.sub(" ", text) if _BREAKS.search(text) or "\t" in text else text
