"""What the reports of a corpus add up to, in bounded memory however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaner.corpus.groups import Frequent, Groups, Sum, sum_of
from cleaner.corpus.hosts import host
from cleaner.corpus.reports import Row
from cleaner.corpus.tally import Tally, ranked

_NAMES, _LINES = 20_000, 50_000
"""Different sites, languages or shards, and removed lines, that are told apart at a time."""
OVER = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares removed that are worth knowing about."""


class Figure(NamedTuple):
    """One number of a table."""

    table: str
    key: str
    measure: str
    value: float


@dataclass(slots=True)
class Totals:
    """Totals over the rows of reports; grows with `add` and is read when all are in."""

    over: tuple[float, ...] = OVER
    """Shares removed, from 0 to 1: documents that lost more are counted."""
    tally: Tally = field(default_factory=Tally)
    sites: Groups = field(default_factory=lambda: Groups(_NAMES))
    """By host of the address or of the id, or by the site that the page names."""
    languages: Groups = field(default_factory=lambda: Groups(_NAMES))
    """As pages declare them, without the region."""
    shards: Groups = field(default_factory=lambda: Groups(_NAMES))
    """By file of records, or folder of files that are one document each."""
    lines: Frequent = field(default_factory=lambda: Frequent(_LINES))
    losing: dict[float, int] = field(default_factory=dict)
    """Documents over each of the shares."""

    def __post_init__(self) -> None:
        self.losing = dict.fromkeys(sorted(self.over), 0)

    def add(self, row: Row) -> None:
        """Count one document."""
        report = row.report
        self.tally.add(report)
        one, told = sum_of(report), report.metadata
        self.sites.add(host(row.url) or host(report.id) or (told and told.site) or "", one)
        self.languages.add(_language(told.language if told else None), one)
        self.shards.add(row.file if row.line else f"{row.file.rpartition('/')[0] or '.'}/", one)
        for share in self.losing:
            self.losing[share] += one.removed > share * one.chars
        for removal in report.removed:
            self.lines.add(removal.text, removal.label)

    @property
    def groups(self) -> dict[str, Groups]:
        """Return the sums by what they are by."""
        return {"site": self.sites, "language": self.languages, "shard": self.shards}

    def as_dict(self, most: int) -> dict[str, Any]:
        """Return the totals for JSON, with at most so many sites, languages, shards and lines each."""
        tables = {f"by_{name}": _table(groups, most) for name, groups in self.groups.items()}
        losing = {f"{share:g}": count for share, count in self.losing.items()}
        lines = [{"text": line.text, "label": line.label.value, "times": line.times} for line in self.lines.top(most)]
        frequent = {"lines": lines, "short_by_at_most": self.lines.short}
        return {**self.tally.as_dict(), **tables, "documents_over": losing, "frequent": frequent}

    def figures(self, most: int) -> Iterator[Figure]:
        """Yield the totals number by number."""
        tally = self.tally
        for name in ("documents", "lines", "chars", "kept_chars"):
            yield Figure("total", "", name, getattr(tally, name))
        yield Figure("total", "", "share_removed", round(tally.share_removed, 6))
        for label, count in ranked(tally.stretches):
            yield Figure("label", label.value, "stretches", count)
            yield Figure("label", label.value, "chars", tally.removed_chars[label])
        yield from (Figure("source", source, "stretches", count) for source, count in ranked(tally.sources))
        yield from (Figure("note", note, "documents", count) for note, count in ranked(tally.notes))
        yield from (Figure("over", f"{share:g}", "documents", count) for share, count in self.losing.items())
        for name, groups in self.groups.items():
            for key, one in _table(groups, most).items():
                yield from (Figure(name, key, measure, value) for measure, value in one.items())
        for line in self.lines.top(most):
            yield Figure("line", line.text, line.label.value, line.times)
        yield Figure("line", "", "short_by_at_most", self.lines.short)


REST = "(others)"
"""Stands for all that a table has no row for."""


def _table(groups: Groups, most: int) -> dict[str, dict[str, float]]:
    top, rest = groups.top(most)
    return {name: _measures(one) for name, one in ([*top, (REST, rest)] if rest.documents else top)}


def _measures(one: Sum) -> dict[str, float]:
    return {**one._asdict(), "share_removed": round(one.share, 6)}


def _language(declared: str | None) -> str:
    """Return a declared language without region and script: `de` for `de-AT`."""
    return (declared or "").replace("_", "-").partition("-")[0].strip().lower()
