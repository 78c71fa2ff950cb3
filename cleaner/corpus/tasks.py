"""A run laid out: each file to read, and the files that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus.codecs import codec_of
from cleaner.corpus.endings import SELF_PACKED, Format
from cleaner.corpus.sources import Source


class PageRow(NamedTuple):
    """What a report file says of where a document's texts lie: keys of the record, each only where it is set."""

    clean: str = ""
    """The file with its clean text, in the folder of results; where it is called as its source, nothing."""
    to: str = ""
    """`markdown`, where the clean text was written so."""
    visible: str = ""
    """The file with its visible text."""

    def as_dict(self) -> dict[str, str]:
        """Return the keys that are set."""
        return {name: value for name, value in self._asdict().items() if value}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> PageRow:
        """Read what `as_dict` wrote."""
        return cls(*(str(record.get(name, "")) for name in cls._fields))


_NO_ROW = PageRow()


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read and the files that it becomes."""

    source: Source
    target: Path | None
    """For the clean text; None where only a report is written."""
    format: Format
    """Of the target."""
    report: Path | None = None
    """Where its removals are told; None if nobody asks."""
    visible: Path | None = None
    """Where the visible text of its pages goes, if it is wanted."""
    page: PageRow = _NO_ROW
    """What the report says of each of its documents beside the removals."""

    @property
    def codec(self) -> str:
        """How the target is packed as a whole, as its name says; nothing if it is not."""
        return "" if self.target is None or self.format in SELF_PACKED else codec_of(self.target.name)


@dataclass(frozen=True, slots=True)
class Plan:
    """All files of one run."""

    tasks: tuple[Task, ...]
    out: Path
    """Where to look for the result: a folder, or the one file that is written."""
    rejects: Path | None
    """None where no file is written, as to standard output without a report."""
    manifest: Path | None = None
    """What the run was; None for one document."""
    extra: Path | None = None
    """A report that is there even if it is empty: the one that was asked for."""
    only: str = ""
    """`annotations` or `attributes`, where these are written in place of clean texts."""
    folder: Path | None = None
    """The one folder that is cleaned as a whole, if it is one."""
    passed_over: int = 0
    """Files in folders that are not read because of what they are called."""
    earlier: int = 0
    """Files in folders that are not read because an earlier run made them of others there."""
    left: tuple[Path, ...] = ()
    """Files that an earlier run left in the folder of results, and that this one does not write."""

    @property
    def alone(self) -> bool:
        """Whether the run is about one document, so that there is nothing to go on with if it is bad."""
        return len(self.tasks) == 1 and self.tasks[0].source.whole

    @property
    def reports(self) -> tuple[Path, ...]:
        """All reports, in order."""
        return tuple(dict.fromkeys(task.report for task in self.tasks if task.report is not None))
