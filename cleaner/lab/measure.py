"""One labelled document against what was removed from it.

Everything is measured in non-white characters of the text, so it does not matter how the
product split the text, or on which side of a removal the line break went.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from cleaner.document import Removal
from cleaner.errors import ReportError
from cleaner.lab.characters import BoolArray, IntArray
from cleaner.lab.gold import GoldDocument, GoldLine, gold_codes
from cleaner.lab.tally import LabelTally, Tally, total, total_of_label
from cleaner.labels import KEPT, LABELS, Label

IS_KEPT: BoolArray = np.array([label in KEPT for label in LABELS])
"""For each number of a label whether it stays in the text."""

OVERLAP = 0.5
"""A predicted span hits a gold span when their intersection is this share of their union."""


class _Marks(NamedTuple):
    """Parallel arrays over characters: those of a document, or the non-white ones of a line."""

    gold: IntArray
    """Number of the gold label, -1 for white."""
    removed: IntArray
    """Number of the label it was removed under, -1 for kept."""
    excused: BoolArray
    """Removed as the repeat of a headline, which the promises allow."""


class _Run(NamedTuple):
    start: int
    end: int
    code: int


def measure(document: GoldDocument, removals: Sequence[Removal]) -> Tally:
    """Count what *removals* did to one document; raises `ReportError` if they are not of its text."""
    removed, by_repeat = _covered(document, removals)
    marks = _Marks(gold_codes(document), removed, by_repeat & _repeated_headlines(document))
    by_line = [_line(line, _inside(marks, line)) for line in document.lines]
    counts = total([tally for tally, _ in by_line])
    return replace(
        counts,
        documents=1,
        touched=int(bool(((marks.gold >= 0) & (removed >= 0)).any())),
        hurt=int(counts.body_chars_lost > 0),
        ruined=int(2 * counts.body_chars_lost > counts.body_chars),
        labels=tuple(
            total_of_label(
                entry for line, (_, entry) in zip(document.lines, by_line, strict=True) if line.label is label
            )
            for label in LABELS
        ),
    )


def _covered(document: GoldDocument, removals: Sequence[Removal]) -> tuple[IntArray, BoolArray]:
    removed = np.full(len(document.text), -1, dtype=np.int8)
    by_repeat = np.zeros(len(document.text), dtype=np.bool_)
    for removal in removals:
        start, end = removal.start, removal.end
        if not 0 <= start < end <= len(document.text) or document.text[start:end] != removal.text:
            raise ReportError(f"document {document.id!r}: the text at {start} is not what was removed")
        removed[start:end] = LABELS.index(removal.label)
        by_repeat[start:end] = removal.source == "repeat"
    return removed, by_repeat


def _repeated_headlines(document: GoldDocument) -> BoolArray:
    repeated = np.zeros(len(document.text), dtype=np.bool_)
    seen = set()
    for line in document.lines:
        if line.label is Label.HEADLINE:
            words = " ".join(document.text[line.start : line.end].split())
            repeated[line.start : line.end] = words in seen
            seen.add(words)
    return repeated


def _inside(marks: _Marks, line: GoldLine) -> _Marks:
    solid = line.start + np.flatnonzero(marks.gold[line.start : line.end] >= 0)
    return _Marks(marks.gold[solid], marks.removed[solid], marks.excused[solid])


def _line(line: GoldLine, marks: _Marks) -> tuple[Tally, LabelTally]:
    return _kept_line(line, marks) if line.label in KEPT else _cruft_line(line, marks)


def _cruft_line(line: GoldLine, marks: _Marks) -> tuple[Tally, LabelTally]:
    codes = marks.removed[marks.removed >= 0]
    went = 2 * len(codes) >= len(marks.gold)
    right = went and LABELS[int(np.bincount(codes).argmax())] is line.label
    counts = Tally(
        cruft_chars=len(marks.gold),
        cruft_chars_removed=len(codes),
        cruft_lines=1,
        cruft_lines_removed=int(went),
        cruft_lines_right=int(right),
    )
    return counts, LabelTally(1, int(went), int(right))


def _kept_line(line: GoldLine, marks: _Marks) -> tuple[Tally, LabelTally]:
    body = IS_KEPT[marks.gold]
    gone = marks.removed >= 0
    chars, lost = int(body.sum()), int((body & gone & ~marks.excused).sum())
    went = chars > 0 and 2 * lost >= chars
    counts = Tally(
        body_chars=chars,
        body_chars_lost=lost,
        cruft_chars=int((~body).sum()),
        cruft_chars_removed=int((gone & ~body).sum()),
        kept_lines=1,
        kept_lines_lost=int(went),
    )
    entry = LabelTally(1, int(went), 0)
    if line.cut:
        return counts, entry
    # A line that went as a whole is counted as lost; calling it a span would hide that.
    silent = went | marks.excused
    spans = _spans(np.where(body, -1, marks.gold), np.where(silent, -1, marks.removed))
    return (counts + spans if spans else counts), entry


def _spans(gold: IntArray, predicted: IntArray) -> Tally | None:
    """Compare runs of like label; touching stretches of one label are one span on either side."""
    wanted, given = _runs(gold), _runs(predicted)
    if not wanted and not given:
        return None
    hits = [(want, guess) for guess in given for want in wanted if _is_hit(want, guess)]
    return Tally(
        gold_spans=len(wanted),
        gold_spans_found=len({want for want, _ in hits}),
        predicted_spans=len(given),
        predicted_spans_hit=len({guess for _, guess in hits}),
        predicted_spans_right=len({guess for want, guess in hits if want.code == guess.code}),
        gold_span_chars=int((gold >= 0).sum()),
        predicted_span_chars=int((predicted >= 0).sum()),
        shared_span_chars=int(((gold >= 0) & (predicted >= 0)).sum()),
    )


def _runs(codes: IntArray) -> tuple[_Run, ...]:
    if not (codes >= 0).any():
        return ()
    edges = np.flatnonzero(np.diff(codes)) + 1
    bounds = [0, *edges.tolist(), len(codes)]
    runs = (_Run(start, end, int(codes[start])) for start, end in pairwise(bounds))
    return tuple(run for run in runs if run.code >= 0)


def _is_hit(want: _Run, guess: _Run) -> bool:
    shared = min(want.end, guess.end) - max(want.start, guess.start)
    union = max(want.end, guess.end) - min(want.start, guess.start)
    return shared > 0 and shared >= OVERLAP * union
