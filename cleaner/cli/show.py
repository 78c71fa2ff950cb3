"""Documents and decisions as they appear on a terminal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaner.document import Line, Removal
from cleaner.report import Cleaned
from cleaner.split import split


def printable(text: str, width: int = 0) -> str:
    """Return *text* on one line, without what would upset a terminal, shortened to *width*."""
    line = safe(" ".join(text.split()))
    return line[: width - 1] + "\N{HORIZONTAL ELLIPSIS}" if 0 < width < len(line) else line


def safe(text: str) -> str:
    """Return *text* without what would upset a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def counted(count: int, one: str, many: str = "") -> str:
    """Return *count* with the word for it: one line, two lines."""
    return f"{count} {one}" if count == 1 else f"{count} {many or one + 's'}"


def before_and_after(text: str, cleaned: Cleaned, width: int = 110) -> str:
    """Show a document with its removals marked, then what is left of it.

    A removed line begins with its label; in a kept line, what went stands in brackets.
    """
    report = cleaned.report
    ends = [removal.end for removal in report.removed]
    before = [
        _marked(line, report.removed[bisect_left(ends, line.start + 1) :], width)  # those that end before it are done
        for line in (cleaned.page or split(text)).lines
    ]
    after = [f"{'':>10} | {printable(line, width)}" for line in cleaned.text.splitlines() if line.strip()]
    name = printable(report.id)
    return "\n".join([f"--- before: {name}", *before, f"--- after: {name}", *after])


def _marked(line: Line, removals: Sequence[Removal], width: int) -> str:
    inside = list(_touching(line, removals))
    if inside and inside[0].start <= line.start and inside[0].end >= line.end:
        return f"{inside[0].label.value:>10} | {printable(line.text, width)}"
    pieces, at = [], line.start
    for removal in inside:
        kept, gone = line.text[at - line.start : removal.start - line.start], removal.text
        pieces.append(f"{kept}[{removal.label.value}: {gone}]")
        at = removal.end
    pieces.append(line.text[at - line.start :])
    return f"{'':>10} | {printable(''.join(pieces), 0 if inside else width)}"


def _touching(line: Line, removals: Sequence[Removal]) -> Iterator[Removal]:
    for removal in removals:
        if removal.start >= line.end:
            return
        yield removal
