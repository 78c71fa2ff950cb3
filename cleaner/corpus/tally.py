"""Counting what a run or a report removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cleaner.document import Document, Removal
from cleaner.labels import Label
from cleaner.report import Cleaned, Report, name_of
from cleaner.split import TEXT, split

Key = TypeVar("Key", bound=str)

_BREAKS = frozenset("\n\r\f\v\u2028\u2029")


@dataclass(slots=True)
class Tally:
    """Totals over documents; grows with `add` and is read when all are in."""

    documents: int = 0
    chars: int = 0
    kept_chars: int = 0
    lines: int = 0
    stretches: Counter[Label] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    removed_chars: Counter[Label] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    """By the name of the note alone: the rest tells of one document, and so would be as many as these."""

    def add(self, report: Report) -> None:
        """Count one report."""
        self.documents += 1
        self.chars += report.chars
        self.kept_chars += report.kept_chars
        self.lines += report.lines
        for removal in report.removed:
            self.stretches[removal.label] += 1
            self.sources[removal.source] += 1
            self.removed_chars[removal.label] += removal.end - removal.start
        if report.note:
            self.notes[name_of(report.note)] += 1

    @property
    def share_removed(self) -> float:
        """Share of the characters that went; 0 when there were none."""
        return 1 - self.kept_chars / self.chars if self.chars else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the totals for JSON, most frequent first."""
        return {
            "documents": self.documents,
            "lines": self.lines,
            "chars": self.chars,
            "kept_chars": self.kept_chars,
            "share_removed": round(self.share_removed, 6),
            "by_label": {
                label.value: {"stretches": count, "chars": self.removed_chars[label]}
                for label, count in ranked(self.stretches)
            },
            "by_source": dict(ranked(self.sources)),
            "notes": dict(ranked(self.notes)),
        }


def ranked(counts: Counter[Key]) -> list[tuple[Key, int]]:
    """Return the counts, highest first, equal ones by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def given_text(document: Document, cleaned: Cleaned) -> str:
    """Return the text that the report of a document speaks of."""
    return document.body if cleaned.report.kind == TEXT else cleaned.page_text


def whole_lines(text: str, report: Report) -> Iterator[Removal]:
    """Yield the removals that took whole lines; the others lie inside kept lines.

    The edges tell without splitting the text again, unless a removal stands in the middle of
    a physical line: text whose line breaks were lost is judged in pieces of one.
    """
    if all(_has_break(removal) or _stands_alone(text, removal) for removal in report.removed):
        yield from report.removed
        return
    starts = {line.start: line.end for line in split(text).lines}
    for removal in report.removed:
        first = removal.start + len(removal.text) - len(removal.text.lstrip())
        if any(start in starts and starts[start] <= removal.end for start in (removal.start, first)):
            yield removal


def _has_break(removal: Removal) -> bool:
    return not _BREAKS.isdisjoint(removal.text)


def _stands_alone(text: str, removal: Removal) -> bool:
    before, behind = text[max(removal.start - 1, 0) : removal.start], text[removal.end : removal.end + 1]
    return (not before or before in _BREAKS) and (not behind or behind in _BREAKS)
