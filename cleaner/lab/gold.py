"""Labelled documents: read and checked, and laid over the product's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cleaner.document import Line
from cleaner.errors import InputError
from cleaner.lab.characters import IntArray, is_solid
from cleaner.lab.records import read_records
from cleaner.lab.sites import group_of
from cleaner.labels import KEPT, LABELS, Label


class GoldSpan(NamedTuple):
    """Foreign text inside a kept line, in characters of the document's text, end exclusive."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True)
class GoldLine:
    """One labelled line; blank lines have none."""

    start: int
    end: int
    label: Label
    spans: tuple[GoldSpan, ...] = ()
    cut: bool = False
    """The annotators saw it shortened: its label is sound, but a span may be missing."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One document with the right answer for every line."""

    id: str
    source: str
    site: str | None
    lang: str
    kind: str
    """`residual`, `page` or `oneline`."""
    sample: str
    """`random` or `enriched`; `given` where the record names none, as with the seeds."""
    text: str
    lines: tuple[GoldLine, ...]
    cut: tuple[int, ...]

    @property
    def group(self) -> str:
        """What the document must not be parted from when data is split."""
        return group_of(self.site, self.source)


def read_gold(path: Path) -> tuple[GoldDocument, ...]:
    """Read labelled records from a `.jsonl` or `.jsonl.zst` file.

    Raises `InputError` naming file, line and fault for a record that does not fit.
    """
    documents = []
    for place, record in read_records(path):
        try:
            documents.append(gold_document(record))
        except InputError as fault:
            raise InputError(fault.reason, path=path, place=place) from fault
    return tuple(documents)


def gold_document(record: Mapping[str, Any]) -> GoldDocument:
    """Check one labelled record and give it places in characters; raises `InputError`."""
    texts, labels = _lines(record)
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    spans = _spans(record, texts, labels, starts)
    cut = frozenset(_numbers(record.get("cut") or (), 0, len(texts)))
    lines = tuple(
        GoldLine(starts[at], starts[at] + len(texts[at]), label, spans.get(at, ()), at in cut)
        for at, label in enumerate(labels)
        if label is not None
    )
    site = record.get("site")
    return GoldDocument(
        id=_word(record, "id"),
        source=_word(record, "source", ""),
        site=None if site is None else _word(record, "site"),
        lang=_word(record, "lang", "en"),
        kind=_word(record, "kind", "residual"),
        sample=_word(record, "sample", "given"),
        text="\n".join(texts),
        lines=lines,
        cut=tuple(sorted(cut)),
    )


def gold_codes(document: GoldDocument) -> IntArray:
    """Return for each character the number of its label in `LABELS`; -1 for blank ones."""
    codes = np.full(len(document.text), -1, dtype=np.int8)
    for line in document.lines:
        codes[line.start : line.end] = LABELS.index(line.label)
        for span in line.spans:
            codes[span.start : span.end] = LABELS.index(span.label)
    codes[~is_solid(document.text)] = -1
    return codes


def label_units(document: GoldDocument, lines: Sequence[Line]) -> tuple[Label, ...]:
    """Return for each of the product's lines the label of most of its non-white characters.

    The product may judge paragraphs of hard-wrapped text or pieces of a long line, so its lines
    need not be the gold's. A foreign span counts with its own label; a tie goes to the label
    named first in `LABELS`, which keeps the line if either would.
    """
    codes = gold_codes(document)
    return tuple(_label_unit(document, codes, line) for line in lines)


def _label_unit(document: GoldDocument, codes: IntArray, line: Line) -> Label:
    if document.text[line.start : line.end] != line.text:
        raise InputError("these lines were split from another text", path=document.id, place=f"character {line.start}")
    inside = codes[line.start : line.end]
    counts = np.bincount(inside[inside >= 0], minlength=len(LABELS))
    return LABELS[int(counts.argmax())]


def _lines(record: Mapping[str, Any]) -> tuple[list[str], list[Label | None]]:
    texts, names = record.get("lines"), record.get("labels")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError("`lines` must be a list of strings")
    if not isinstance(names, list) or len(names) != len(texts):
        raise InputError(f"`labels` must be a list of {len(texts)} labels, one a line")
    return texts, [_label(name, text, at) for at, (name, text) in enumerate(zip(names, texts, strict=True))]


def _label(name: object, text: str, at: int) -> Label | None:
    blank = not is_solid(text).any()
    if name is None and not blank:
        raise InputError(f"`labels`: line {at} is not blank and has no label")
    if name is not None and name not in LABELS:
        raise InputError(f"`labels`: line {at} has the unknown label {name!r}")
    # Nothing can be judged in a blank line, whatever an annotator wrote beside it.
    return None if name is None or blank else Label(str(name))


def _spans(
    record: Mapping[str, Any], texts: Sequence[str], labels: Sequence[Label | None], starts: Sequence[int]
) -> dict[int, tuple[GoldSpan, ...]]:
    """Place the spans of a record by line.

    Records count lines from 0. The seeds', known by their unlabelled blank lines, count from 1.
    The other count is tried when the expected one does not fit all spans.
    """
    entries = record.get("spans") or ()
    if not isinstance(entries, list | tuple) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError("`spans` must be a list of objects")
    expected = 1 if None in labels else 0
    try:
        return _placed(entries, expected, texts, labels, starts)
    except InputError as fault:
        try:
            return _placed(entries, 1 - expected, texts, labels, starts)
        except InputError:
            raise fault from None


def _placed(
    entries: Sequence[Mapping[str, Any]],
    first: int,
    texts: Sequence[str],
    labels: Sequence[Label | None],
    starts: Sequence[int],
) -> dict[int, tuple[GoldSpan, ...]]:
    spans: dict[int, tuple[GoldSpan, ...]] = {}
    for entry in entries:
        (number,) = _numbers([entry.get("line")], first, len(texts))
        at = number - first
        span = _span(entry, texts[at], labels[at])
        placed = GoldSpan(starts[at] + span.start, starts[at] + span.end, span.label)
        spans[at] = tuple(sorted((*spans.get(at, ()), placed)))
        if any(later.start < earlier.end for earlier, later in pairwise(spans[at])):
            raise InputError(f"`spans`: two spans overlap in line {number}")
    return spans


def _span(entry: Mapping[str, Any], text: str, label: Label | None) -> GoldSpan:
    start, end, name = entry.get("start"), entry.get("end"), entry.get("label")
    where = f"`spans`: the span at {start} of line {entry.get('line')}"
    if label not in KEPT:
        raise InputError(f"{where} lies in a line that is not kept")
    if name not in LABELS or name in KEPT:
        raise InputError(f"{where} has the label {name!r}, which removes nothing")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise InputError(f"{where} has no place in its line")
    if text[start:end] != entry.get("text"):
        raise InputError(f"{where} does not match its text {entry.get('text')!r}")
    return GoldSpan(start, end, Label(name))


def _numbers(values: object, first: int, count: int) -> tuple[int, ...]:
    numbers = tuple(values) if isinstance(values, list | tuple) else ("?",)
    for number in numbers:
        if type(number) is not int or not first <= number < first + count:
            raise InputError(f"{number!r} is not the number of a line; this document has {count}")
    return numbers


def _word(record: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = record.get(key)
    value = default if value is None else value
    if not isinstance(value, str):
        raise InputError(f"`{key}` must be a string")
    return value
