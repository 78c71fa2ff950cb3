"""Verdicts on lines become removed stretches of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter

from cleaner.document import Line, Page, Removal, Span, Verdict

_INDENT = " \t\xa0\u3000"
"""What lines are indented with."""


def assemble(page: Page, verdicts: Sequence[Verdict], spans: Mapping[int, Sequence[Span]]) -> tuple[Removal, ...]:
    """Turn verdicts and spans into removals.

    A removed line takes the blank stretch on one side along: of the gaps before and behind a
    run of removed lines the wider one (in line breaks) stays, so paragraphs stay apart as they
    were. *spans* maps the number of a kept line to the foreign stretches in it.
    """
    removals = [
        _inside(page, page.lines[number], span)
        for number, of_line in spans.items()
        if verdicts[number].keep
        for span in of_line
    ]
    stop = 0
    for first in [number for number, verdict in enumerate(verdicts) if not verdict.keep]:
        if first >= stop:
            stop = first + 1
            while stop < len(verdicts) and not verdicts[stop].keep:
                stop += 1
            removals += _run(page, verdicts, first, stop)
    return tuple(sorted(removals, key=itemgetter(0)))


def _run(page: Page, verdicts: Sequence[Verdict], first: int, stop: int) -> list[Removal]:
    """Remove the lines first..stop-1, gaps between them included."""
    begin, end = _bounds(page, first, stop)
    cuts = [begin, *(page.lines[number].start for number in range(first + 1, stop)), end]
    return [
        Removal(low, high, page.text[low:high], verdict.label, verdict.source, verdict.score)
        for (low, high), verdict in zip(pairwise(cuts), verdicts[first:stop], strict=True)
    ]


def _bounds(page: Page, first: int, stop: int) -> tuple[int, int]:
    lines, text = page.lines, page.text
    before = lines[first - 1].end if first else 0
    begin, end = lines[first].start, lines[stop - 1].end
    if stop == len(lines) and first:
        behind = len(text)
        return (before if behind == end else before + _one_break(text[before:begin])), end if behind == end else behind
    behind = _margin(text, end, lines[stop].start if stop < len(lines) else len(text))
    if _breaks(text[end:behind]):
        # The white space before a line is its own: that of the removed line goes, that of the next one stays.
        begin = _margin(text, before, begin)
    if not first or _breaks(text[before:begin]) >= _breaks(text[end:behind]):
        return begin, behind
    return before, end


def _margin(text: str, end: int, start: int) -> int:
    """Return where the indent of the line at *start* begins, the line before it having its *end* there.

    Of two on one physical line, whose gap is no indent, it is *start* itself.
    """
    gap = text[end:start].rstrip(_INDENT)
    return end + len(gap) if gap or not end else start


def _breaks(gap: str) -> int:
    return gap.count("\n") or gap.count("\r")


def _one_break(gap: str) -> int:
    """Length of *gap* up to and with its first line break."""
    for width, mark in ((2, "\r\n"), (1, "\n"), (1, "\r")):
        at = gap.find(mark)
        if at >= 0:
            return at + width
    return 0


def _inside(page: Page, line: Line, span: Span) -> Removal:
    start, end = line.start + span.start, line.start + span.end
    return Removal(start, end, page.text[start:end], span.label, span.source, span.score)
