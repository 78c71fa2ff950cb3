"""What became of a run: counted by the workers, summed up by whoever writes, kept in the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cleaner.corpus.parts import Reject
from cleaner.corpus.tally import whole_lines
from cleaner.labels import Label
from cleaner.report import Cleaned, Report
from cleaner.split import HTML

FEW = 12
"""Up to this many files are summed up one by one."""


@dataclass(slots=True)
class FileSum:
    """What became of the lines of one file, or of all."""

    name: str
    documents: int = 0
    lines: int = 0
    removed: Counter[Label] = field(default_factory=Counter)
    """Whole lines removed."""
    inside: int = 0
    """Stretches removed inside kept lines."""
    notes: int = 0
    """Documents that deserve a look."""

    def add(self, report: Report, whole: Collection[Label]) -> None:
        """Count one document; *whole* are the labels of the lines that went whole."""
        self.documents += 1
        self.lines += report.lines
        self.removed.update(whole)
        self.inside += len(report.removed) - len(whole)
        self.notes += bool(report.note)

    def merge(self, other: FileSum) -> None:
        """Count what *other* counted."""
        self.documents += other.documents
        self.lines += other.lines
        self.removed.update(other.removed)
        self.inside += other.inside
        self.notes += other.notes

    def as_dict(self) -> dict[str, Any]:
        """Return the sum for JSON."""
        removed = {label.value: count for label, count in self.removed.items()}
        return {
            "name": self.name,
            "documents": self.documents,
            "lines": self.lines,
            "removed": removed,
            "inside": self.inside,
            "notes": self.notes,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> FileSum:
        """Read what `as_dict` wrote."""
        removed = Counter({Label(name): int(count) for name, count in told["removed"].items()})
        return cls(told["name"], told["documents"], told["lines"], removed, told["inside"], told["notes"])


@dataclass(slots=True)
class Outcome:
    """What became of a run; complete when `clean_corpus` returns."""

    total: FileSum = field(default_factory=lambda: FileSum("all"))
    files: list[FileSum] = field(default_factory=list)
    """One a file, if they are few; the last is the one at work."""
    chars: int = 0
    kept_chars: int = 0
    stray: Counter[str] = field(default_factory=Counter)
    """Bytes that are not UTF-8, by file; they were carried through."""
    replaced: Counter[str] = field(default_factory=Counter)
    """Characters of pages that could not be decoded, by file."""
    rejects: list[Reject] = field(default_factory=list)
    """The first few, without their bytes; all are in the rejects file."""
    rejected: int = 0
    texts: int = 0
    """Documents that are no HTML."""
    repeated: Counter[str] = field(default_factory=Counter)
    """Records whose id another one of the same file has, by file."""
    held: Counter[str] = field(default_factory=Counter)
    """Records that had a field already which was to be added, by name of the field; it stayed as it was."""
    noted: list[tuple[str, str]] = field(default_factory=list)
    """Place or id, and note, of the first few documents that deserve a look."""
    sample: tuple[str, Cleaned] | None = None
    """Text and result of the first document that lost something, or else of the first."""

    def add(self, text: str, cleaned: Cleaned, place: str = "") -> None:
        """Count one document; *place* tells where it stands, if its id does not."""
        report = cleaned.report
        self.total.add(report, [removal.label for removal in whole_lines(text, report)])
        self.chars += report.chars
        self.kept_chars += report.kept_chars
        self.texts += report.kind != HTML
        if report.note and len(self.noted) < FEW:
            self.noted.append((f"{place} ({report.id})" if place else report.id, report.note))
        if self.sample is None or (report.removed and not self.sample[1].report.removed):
            self.sample = text, cleaned

    def reject(self, reject: Reject) -> None:
        """Count what could not be read."""
        self.rejected += 1
        if len(self.rejects) < FEW:
            self.rejects.append(replace(reject, raw=None))

    def merge(self, part: Outcome) -> None:
        """Count what *part* counted; it belongs to the last of the files."""
        self.total.merge(part.total)
        if self.files:
            self.files[-1].merge(part.total)
        self.chars += part.chars
        self.kept_chars += part.kept_chars
        self.stray.update(part.stray)
        self.replaced.update(part.replaced)
        self.repeated.update(part.repeated)
        self.held.update(part.held)
        self.rejected += part.rejected
        self.texts += part.texts
        self.rejects += part.rejects[: FEW - len(self.rejects)]
        self.noted += part.noted[: FEW - len(self.noted)]
        if part.sample and (
            self.sample is None or (part.sample[1].report.removed and not self.sample[1].report.removed)
        ):
            self.sample = part.sample

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for JSON; the sample is left out."""
        return {
            "total": self.total.as_dict(),
            "files": [part.as_dict() for part in self.files],
            "chars": self.chars,
            "kept_chars": self.kept_chars,
            "stray": dict(self.stray),
            "replaced": dict(self.replaced),
            "rejects": [[reject.file, reject.line, reject.reason] for reject in self.rejects],
            "rejected": self.rejected,
            "texts": self.texts,
            "repeated": dict(self.repeated),
            "held": dict(self.held),
            "noted": [list(pair) for pair in self.noted],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Outcome:
        """Read what `as_dict` wrote."""
        return cls(
            FileSum.from_dict(told["total"]),
            [FileSum.from_dict(part) for part in told["files"]],
            told["chars"],
            told["kept_chars"],
            Counter(told["stray"]),
            Counter(told["replaced"]),
            [Reject(*reject) for reject in told["rejects"]],
            told["rejected"],
            told["texts"],
            Counter(told["repeated"]),
            Counter(told["held"]),
            [(name, note) for name, note in told["noted"]],
        )
