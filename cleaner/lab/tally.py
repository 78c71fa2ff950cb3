"""Counts of what cleaning did to labelled documents; they add up, so folds and groups can be joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from cleaner.labels import LABELS, Label


@dataclass(frozen=True, slots=True)
class LabelTally:
    """What became of the lines of one label."""

    lines: int = 0
    removed: int = 0
    right: int = 0
    """Removed under this very label."""

    @property
    def recall(self) -> float:
        """Share of the lines that were removed, under whatever label."""
        return _share(self.removed, self.lines)

    @property
    def right_share(self) -> float:
        """Share of the removed lines that were removed under this label."""
        return _share(self.right, self.removed)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over documents, in non-white characters and gold lines.

    Body is what the gold keeps: lines of a kept label without the foreign spans in them.
    """

    documents: int = 0
    touched: int = 0
    """Documents that lost anything at all."""
    hurt: int = 0
    """Documents that lost some body."""
    ruined: int = 0
    """Documents that lost more than half of their body."""
    body_chars: int = 0
    body_chars_lost: int = 0
    cruft_chars: int = 0
    """Characters of removable lines and of foreign spans."""
    cruft_chars_removed: int = 0
    kept_lines: int = 0
    kept_lines_lost: int = 0
    """Kept lines that lost at least half of their body."""
    cruft_lines: int = 0
    cruft_lines_removed: int = 0
    """Removable lines of which at least half went."""
    cruft_lines_right: int = 0
    """Of those, the ones removed under the gold label."""
    gold_spans: int = 0
    gold_spans_found: int = 0
    predicted_spans: int = 0
    predicted_spans_hit: int = 0
    predicted_spans_right: int = 0
    """Hits that also have the gold label."""
    gold_span_chars: int = 0
    predicted_span_chars: int = 0
    shared_span_chars: int = 0
    labels: tuple[LabelTally, ...] = (LabelTally(),) * len(LABELS)
    """In the order of `LABELS`."""

    def __add__(self, other: Tally) -> Tally:
        return total((self, other))

    def of(self, label: Label) -> LabelTally:
        """Return what became of the lines of one label."""
        return self.labels[LABELS.index(label)]

    @property
    def body_loss(self) -> float:
        """Share of body characters lost."""
        return _share(self.body_chars_lost, self.body_chars)

    @property
    def cruft_removed(self) -> float:
        """Share of removable lines removed."""
        return _share(self.cruft_lines_removed, self.cruft_lines)

    @property
    def cruft_chars_share(self) -> float:
        """Share of foreign characters removed."""
        return _share(self.cruft_chars_removed, self.cruft_chars)

    @property
    def kept_lines_loss(self) -> float:
        """Share of kept lines lost."""
        return _share(self.kept_lines_lost, self.kept_lines)

    @property
    def label_accuracy(self) -> float:
        """Share of removed cruft lines that were removed under the gold label."""
        return _share(self.cruft_lines_right, self.cruft_lines_removed)

    @property
    def span_precision(self) -> float:
        """Share of predicted spans that hit a gold span."""
        return _share(self.predicted_spans_hit, self.predicted_spans)

    @property
    def span_recall(self) -> float:
        """Share of gold spans that were found."""
        return _share(self.gold_spans_found, self.gold_spans)

    @property
    def span_label_accuracy(self) -> float:
        """Share of span hits that have the gold label."""
        return _share(self.predicted_spans_right, self.predicted_spans_hit)

    @property
    def span_char_precision(self) -> float:
        """Share of the characters in predicted spans that lie in gold spans."""
        return _share(self.shared_span_chars, self.predicted_span_chars)

    @property
    def span_char_recall(self) -> float:
        """Share of the characters in gold spans that lie in predicted spans."""
        return _share(self.shared_span_chars, self.gold_span_chars)


def total(tallies: Sequence[Tally]) -> Tally:
    """Add tallies up in one go; no tallies make an empty one."""
    if not tallies:
        return Tally()
    names = [field.name for field in fields(Tally) if field.name != "labels"]
    sums = {name: sum([getattr(tally, name) for tally in tallies]) for name in names}
    columns = zip(*(tally.labels for tally in tallies), strict=True)
    return Tally(**sums, labels=tuple(total_of_label(column) for column in columns))


def total_of_label(tallies: Iterable[LabelTally]) -> LabelTally:
    """Add the tallies of one label up."""
    lines = removed = right = 0
    for tally in tallies:
        lines, removed, right = lines + tally.lines, removed + tally.removed, right + tally.right
    return LabelTally(lines, removed, right)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
