"""What a person says of a document: a label a line, foreign spans inside kept lines, and the record of both.

On the screen stand the lines that the product judges. A record has the same, with two exceptions:
sentences of a line that lost its breaks stand in that one line, so that training meets it as it came;
and a paragraph of hard-wrapped text is one line, since records have no blank lines to part paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from cleaner.document import Line, Page
from cleaner.errors import InputError
from cleaner.labels import KEPT, LABELS, REMOVED, Label

_BREAK = re.compile(r"[\n\r\f\v\u2028\u2029]")


class Part(NamedTuple):
    """A foreign stretch inside one line, in characters of that line, end exclusive."""

    line: int
    start: int
    end: int
    label: Label


class Decisions(NamedTuple):
    """What is what in one document."""

    labels: tuple[Label, ...]
    """One a line."""
    parts: tuple[Part, ...]
    """In order; only inside kept lines, never overlapping."""

    def as_dict(self) -> dict[str, Any]:
        """Return them as JSON has them."""
        return {"labels": [label.value for label in self.labels], "parts": [list(part) for part in self.parts]}


def checked(value: Any, lines: Sequence[Line]) -> Decisions:
    """Read decisions from JSON; raises `InputError` when they do not fit the *lines*."""
    labels, parts = (value.get("labels"), value.get("parts")) if isinstance(value, dict) else (None, None)
    if not isinstance(labels, list) or len(labels) != len(lines) or any(label not in LABELS for label in labels):
        raise InputError(f"`labels` must be a list of {len(lines)} labels")
    if not isinstance(parts, list):
        raise InputError("`parts` must be a list")
    placed = sorted(_part(part, labels, lines) for part in parts)
    if any(behind.line == part.line and behind.start < part.end for part, behind in pairwise(placed)):
        raise InputError("two parts overlap")
    return Decisions(tuple(Label(label) for label in labels), tuple(placed))


def _part(value: Any, labels: Sequence[str], lines: Sequence[Line]) -> Part:
    if not isinstance(value, list) or len(value) != len(Part._fields):
        raise InputError("a part is a line, a start, an end and a label")
    line, start, end, label = value
    if not all(type(number) is int for number in (line, start, end)) or not 0 <= line < len(lines):
        raise InputError("a part lies in a line of the document")
    if not 0 <= start < end <= len(lines[line].text):
        raise InputError(f"a part of line {line} has no place in it")
    if label not in REMOVED or labels[line] not in KEPT:
        raise InputError(f"a part of line {line} must be foreign, and its line kept")
    return Part(line, start, end, Label(label))


class _Row(NamedTuple):
    """A line of a record."""

    start: int
    end: int
    text: str
    lines: tuple[int, ...]
    """Which of the page's lines lie in it."""


def _rows(page: Page) -> list[_Row]:
    """Join lines that stand on one physical line; breaks inside a line become blanks, so that it stays one."""
    joined: list[list[int]] = []
    for at, line in enumerate(page.lines):
        if joined and not _BREAK.search(page.text, page.lines[at - 1].end, line.start):
            joined[-1].append(at)
        else:
            joined.append([at])
    bounds = [(page.lines[lines[0]].start, page.lines[lines[-1]].end, tuple(lines)) for lines in joined]
    return [_Row(start, end, _BREAK.sub(" ", page.text[start:end]), lines) for start, end, lines in bounds]


def record_of(page: Page, decided: Decisions) -> dict[str, Any]:
    """Return `kind`, `lines`, `labels` and `spans` of a labelled record, as LABELS.md has them.

    A row that holds kept and foreign lines is kept, and what is foreign in it becomes spans.
    """
    foreign = _foreign(page, decided)
    rows = _rows(page)
    labels = [_label_of(row, page, decided) for row in rows]
    spans = [
        {"line": number, "start": low - row.start, "end": high - row.start, "label": label.value}
        | {"text": row.text[low - row.start : high - row.start]}
        for number, row in enumerate(rows)
        if labels[number] in KEPT
        for start, end, label in foreign
        for low, high in [(max(start, row.start), min(end, row.end))]
        if low < high
    ]
    lost = any(len(row.lines) > 1 for row in rows)
    return {
        "kind": "page" if page.facts is not None else "oneline" if lost else "residual",
        "lines": [row.text for row in rows],
        "labels": [label.value for label in labels],
        "spans": spans,
    }


def _foreign(page: Page, decided: Decisions) -> list[tuple[int, int, Label]]:
    """Return all that is foreign, in characters of the page: whole lines, and parts of kept ones."""
    whole = [
        (line.start, line.end, label)
        for line, label in zip(page.lines, decided.labels, strict=True)
        if label not in KEPT
    ]
    inside = [
        (page.lines[part.line].start + part.start, page.lines[part.line].start + part.end, part.label)
        for part in decided.parts
    ]
    return sorted([*whole, *inside])


def _label_of(row: _Row, page: Page, decided: Decisions) -> Label:
    """Return the label of the kept lines in a row, else of most of its characters; `LABELS` settles a tie."""
    sizes: dict[Label, int] = {}
    for at in row.lines:
        line, label = page.lines[at], decided.labels[at]
        sizes[label] = sizes.get(label, 0) + line.end - line.start
    kept = {label: size for label, size in sizes.items() if label in KEPT}
    return min(kept or sizes, key=lambda label: (-sizes[label], LABELS.index(label)))


def decisions_of(page: Page, record: Mapping[str, Any]) -> Decisions | None:
    """Return what a record made by `record_of` says of the lines of *page*; None if it was made of another."""
    rows = _rows(page)
    if record.get("lines") != [row.text for row in rows]:
        return None
    spans = [
        (rows[span["line"]].start + span["start"], rows[span["line"]].start + span["end"], Label(span["label"]))
        for span in record.get("spans") or ()
    ]
    row_of = {at: Label(name) for row, name in zip(rows, record["labels"], strict=True) for at in row.lines}
    labels, parts = [], []
    for at, line in enumerate(page.lines):
        inside = [(max(low, line.start), min(high, line.end), label) for low, high, label in spans]
        inside = [(low, high, label) for low, high, label in inside if low < high]
        if len(inside) == 1 and inside[0][:2] == (line.start, line.end):
            labels.append(inside[0][2])
            continue
        labels.append(row_of[at])
        parts += [Part(at, low - line.start, high - line.start, label) for low, high, label in inside]
    return Decisions(tuple(labels), tuple(parts))
