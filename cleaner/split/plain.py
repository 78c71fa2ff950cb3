"""Plain text into lines: physical lines, paragraphs of hard-wrapped text, or sentences.

A line never begins or ends with white space; what lies between two lines (line ends, blank
lines, indentation, a byte-order mark) belongs to none, so nothing needs to be normalised and
every place stays exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from cleaner.document import Line, Page
from cleaner.errors import InputError

# White space as `str.isspace` has it, and marks of no width that scrapers leave at line edges.
_NO_WIDTH = "\ufeff\u200b\u200e\u200f\u2060"
_WHITE = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + _NO_WIDTH
_BLANK = r"\s\ufeff\u200b\u200e\u200f\u2060"
# NEL (\x85) is no break here: in mis-decoded text it is an ellipsis far more often.
_BREAK = r"\n\r\f\v\u2028\u2029"
_RARE_BREAKS = "\r\f\v\u2028\u2029"
BREAKS = "\n" + _RARE_BREAKS
"""Each of them ends a line."""
# The star runs to the line's end once and walks back over trailing white once: linear.
_LINE = re.compile(rf"[^{_BLANK}](?:[^{_BREAK}]*[^{_BLANK}])?")

# A paragraph of hard-wrapped text has breaks inside, so a piece of one may have them too.
_PIECE = re.compile(rf"[^{_BLANK}](?:.*[^{_BLANK}])?", re.DOTALL)

LONG = 2_000
"""A line longer than this has lost its breaks; of 31,751 labelled lines 14 are longer."""
LONE = 600
"""A text that is a single line has lost its breaks from this length on."""
SEGMENT = 1_000
"""No segment of a long line is longer than this."""
_SHORTEST = 12

_SEGMENT_END = re.compile(
    r"""
    (?<=[.!?\u2026]) ["'\u2019\u201d\u00bb)\]]{0,3} \s+ (?=[^a-z\s])  # no small letter follows
    | (?<=[\u3002\uff01\uff1f]) [\u201d\u300d\u300f\uff09]{0,3} \s*  # Chinese, Japanese
    | (?<=[!?]) [\u201d\u300d\u300f\uff09]{0,3} (?=[\u3040-\u30ff\u3400-\u9fff])  # these with narrow signs
    | [\s\u200b]{2,}                                                   # two blanks stand for a break
    """,
    re.VERBOSE,
)
_LAST_BLANK = re.compile(r"\s\S*\Z")

LINES = 500_000
"""Lines of a text or page that are read: each takes 2.4 KB of memory and more until all are judged."""

WRAP = range(40, 101)
"""Widths, in characters, at which text is taken for hard-wrapped."""
_FEWEST_SOFT = 5
_FIRST_WORD = re.compile(r"\S{1,20}")


def refuse_lines(text: str) -> None:
    """Raise `InputError` for a text with more than `LINES` lines."""
    # The shortest line and its end take two characters.
    if len(text) < 2 * LINES:
        return
    if _are_many(_LINE.finditer(text)) or _are_many(_places(text, _physical(text)) or ()):
        raise InputError(f"has more than {LINES:,} lines, which one text may have; cut it into several texts first")


def _are_many(lines: Iterable[object]) -> bool:
    return next(islice(lines, LINES, None), None) is not None


def split(text: str) -> Page:
    r"""Split plain text into the lines that will be judged.

    >>> [line.text for line in split("\ufeffOne line.\r\n\r\n  Two. \r").lines]
    ['One line.', 'Two.']
    """
    lines = _physical(text)
    places = _places(text, lines)
    if places is not None:
        lines = [Line(text[start:end], start, end) for start, end in places]
    return Page(text, tuple(lines))


def _places(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, int]] | None:
    """Tell from where to where the lines go that physical *lines* are put together to or cut into; None if to none."""
    width = max([len(line.text) for line in lines], default=0)
    bounds = _paragraphs(text, [(line.start, line.end) for line in lines], width) if _wrapped(len(lines), width) else []
    longest = _longest(len(lines))
    if not bounds and width <= longest:
        return None
    bounds = bounds or [(line.start, line.end) for line in lines]
    return (piece for bound in bounds for piece in _pieces(text, *bound, longest))


def line_texts(text: str) -> list[str]:
    """Return the texts of the lines that `split` finds, at a quarter of the cost where no place is asked for."""
    if not any(mark in text for mark in _RARE_BREAKS + _NO_WIDTH):
        rows = [row for row in map(str.strip, text.split("\n")) if row]
        width = max(map(len, rows), default=0)
        if width <= _longest(len(rows)) and not _wrapped(len(rows), width):
            return rows
    return [line.text for line in split(text).lines]


def _wrapped(count: int, width: int) -> bool:
    """Tell whether so many lines, none wider than *width*, may be hard-wrapped."""
    return count > _FEWEST_SOFT and width in WRAP


def _longest(count: int) -> int:
    """Return from which length on one of so many lines has lost its breaks."""
    return LONE if count == 1 else LONG


def _physical(text: str) -> list[Line]:
    """Find the physical lines without their white edges, blank ones left out."""
    if any(mark in text for mark in _RARE_BREAKS):
        return [Line(match.group(), *match.span()) for match in _LINE.finditer(text)]
    # The same for the usual texts, at three times the speed.
    lines, at = [], 0
    edges = any(mark in text for mark in _NO_WIDTH)
    for row in text.split("\n"):
        if not row:
            at += 1
            continue
        stripped = row.strip()
        if edges and stripped and (stripped[0] in _NO_WIDTH or stripped[-1] in _NO_WIDTH):
            stripped = row.strip(_WHITE)
        if stripped:
            start = at if row[0] == stripped[0] else at + row.index(stripped[0])
            lines.append(Line(stripped, start, start + len(stripped)))
        at += len(row) + 1
    return lines


def _paragraphs(text: str, physical: Sequence[tuple[int, int]], width: int) -> list[tuple[int, int]]:
    """Join the lines of hard-wrapped text; empty when the text is not hard-wrapped.

    A break is soft when the next line's first word would not have fitted: the test a wrapping
    editor itself applies. Text counts as wrapped when most breaks between neighbouring lines
    are soft; lists, verse and headlines fail that, as do languages without spaces, whose
    first "words" are long.
    """
    adjacent = soft = 0
    joined: list[tuple[int, int]] = [physical[0]]
    for before, behind in pairwise(physical):
        joins = False
        if _adjacent(text, before[1], behind[0]):
            adjacent += 1
            joins = _is_soft(text, before, behind, width)
            soft += joins
        if joins:
            joined[-1] = (joined[-1][0], behind[1])
        else:
            joined.append(behind)
    return joined if soft >= _FEWEST_SOFT and soft * 2 > adjacent else []


def _adjacent(text: str, end: int, start: int) -> bool:
    gap = text[end:start]
    return gap.count("\n") < 2 and gap.count("\r") < 2


def _is_soft(text: str, before: tuple[int, int], behind: tuple[int, int], width: int) -> bool:
    word = _FIRST_WORD.match(text, *behind)
    first = len(word.group()) if word else 0
    return first < 20 and before[1] - before[0] + 1 + first > width


def _pieces(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Cut one long line into sentence-like pieces without white edges; short lines stay."""
    if end - start <= longest:
        yield start, end
        return
    at = start
    for match in _SEGMENT_END.finditer(text, start, end):
        if match.end() - at > _SHORTEST:
            yield from _capped(text, at, match.end())
            at = match.end()
    yield from _capped(text, at, end)


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what has no sentence ends at the last blank before the limit; trim white edges."""
    while end - start > SEGMENT:
        blank = _LAST_BLANK.search(text, start + SEGMENT // 2, start + SEGMENT)
        stop = blank.start() if blank else start + SEGMENT
        if piece := _PIECE.search(text, start, stop):
            yield piece.span()
        start = stop
    if piece := _PIECE.search(text, start, end):
        yield piece.span()
