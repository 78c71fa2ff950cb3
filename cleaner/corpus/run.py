"""The road of a corpus: files in, clean files, one report and the rejects out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, groupby
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from cleaner.corpus.plan import Plan, Task
from cleaner.corpus.reading import Entry, Reading, Reject, entries
from cleaner.corpus.reports import PageRow, output
from cleaner.corpus.sources import Format
from cleaner.corpus.tally import given_text, whole_lines
from cleaner.corpus.visible import VisibleFile
from cleaner.corpus.writing import LateFile, WholeFile, json_line
from cleaner.document import Document
from cleaner.labels import Label
from cleaner.report import Cleaned, Report

if TYPE_CHECKING:
    from cleaner.corpus.workers import Engine

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
    noted: list[tuple[str, str]] = field(default_factory=list)
    """Id and note of the first few documents that deserve a look."""
    sample: tuple[str, Cleaned] | None = None
    """Text and result of the first document that lost something, or else of the first."""

    def add(self, text: str, cleaned: Cleaned) -> None:
        """Count one document."""
        report = cleaned.report
        whole = [removal.label for removal in whole_lines(text, report)]
        self.total.add(report, whole)
        if self.files:
            self.files[-1].add(report, whole)
        self.chars += report.chars
        self.kept_chars += report.kept_chars
        if report.note and len(self.noted) < FEW:
            self.noted.append((report.id, report.note))
        if self.sample is None or (report.removed and not self.sample[1].report.removed):
            self.sample = text, cleaned


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run goes, apart from how lines are judged."""

    reading: Reading = field(default_factory=Reading)
    jobs: int = 1
    strict: bool = False
    """Stop at the first thing that cannot be read."""


def clean_corpus(
    engine: Engine, plan: Plan, settings: Settings, advance: Callable[[int], object] = lambda _: None
) -> Outcome:
    """Clean every file of *plan* and say what became of it.

    Each clean file appears when it is whole, the report when all are done. *advance* is called
    with the number of bytes dealt with.
    """
    clean: _CleanMany = engine.clean_many
    if settings.jobs > 1:
        # Loading what runs processes takes longer than cleaning a small file does.
        from cleaner.corpus.workers import clean_in_processes

        clean = partial(clean_in_processes, engine, jobs=settings.jobs)
    outcome = Outcome()
    with (
        WholeFile(plan.report) as report,
        _Rejects(plan, settings.strict, outcome) as rejects,
        closing(_paired(clean, _steps(plan, settings.reading, rejects))) as pairs,
    ):
        for task, group in groupby(pairs, key=lambda pair: pair[0].task):
            by_file = len(plan.tasks) <= FEW
            _clean_file(task, group, _Sinks(report, outcome, advance, by_file, plan.page_row(task)))
    return outcome


class _Step(NamedTuple):
    """An entry on its way; without one it is the end of its file."""

    task: Task
    entry: Entry | None
    failed: bool = False
    """Nothing at all could be read."""


_Pair = tuple[_Step, Cleaned | None]
_CleanMany = Callable[[Iterable[Document]], Iterator[Cleaned]]


class _Sinks(NamedTuple):
    report: WholeFile
    outcome: Outcome
    advance: Callable[[int], object]
    by_file: bool
    page: PageRow


def _steps(plan: Plan, reading: Reading, rejects: _Rejects) -> Iterator[_Step]:
    for task in plan.tasks:
        any_read = failed = False
        for found in entries(task.source, reading):
            if isinstance(found, Reject):
                rejects.add(found)
                failed |= found.line is None
            else:
                any_read = True
                yield _Step(task, found)
        yield _Step(task, None, failed=failed and not any_read)


def _paired(clean: _CleanMany, steps: Iterable[_Step]) -> Generator[_Pair, None, None]:
    """Yield every step in order, with its result if it holds a document.

    The engine reads ahead as far as it likes; what it has read waits here for its result.
    """
    waiting: deque[_Step] = deque()

    def documents() -> Iterator[Document]:
        for step in steps:
            waiting.append(step)
            if step.entry and step.entry.document:
                yield step.entry.document

    for cleaned in clean(documents()):
        while not (waiting[0].entry and waiting[0].entry.document):
            yield waiting.popleft(), None
        yield waiting.popleft(), cleaned
    while waiting:
        yield waiting.popleft(), None


def _clean_file(task: Task, pairs: Iterator[_Pair], sinks: _Sinks) -> None:
    first = next(pairs)
    if first[0].failed:
        return
    if sinks.by_file:
        sinks.outcome.files.append(FileSum(task.source.name))
    unread = task.source.size
    with WholeFile(task.target, packed=task.packed) as out, VisibleFile(task.visible) as visible:
        for step, cleaned in chain([first], pairs):
            if step.entry is not None:
                out.write(_finished(step.entry, cleaned, task, sinks))
                if cleaned is not None:
                    visible.add(step.entry, cleaned)
            # Bytes read from a gzip file say nothing of its size on disk.
            moved = unread if step.entry is None else 0 if task.source.packed else min(step.entry.size, unread)
            unread -= moved
            sinks.advance(moved)


def _finished(entry: Entry, cleaned: Cleaned | None, task: Task, sinks: _Sinks) -> bytes:
    """Count and report one result; return the bytes that go into the clean file."""
    if cleaned is None or entry.document is None:
        return entry.blank
    raw, row = output(entry, cleaned, task.source.name, sinks.page)
    sinks.report.write(json_line(row.as_dict()))
    sinks.outcome.add(given_text(entry.document, cleaned), cleaned)
    if entry.stray:
        sinks.outcome.stray[str(task.source.path)] += entry.stray
    if entry.replaced:
        sinks.outcome.replaced[str(task.source.path)] += entry.replaced
    return raw


class _Rejects(LateFile):
    """Where rejects go: to a file that is made for the first one, or straight up if strict."""

    def __init__(self, plan: Plan, strict: bool, outcome: Outcome) -> None:
        super().__init__(plan.rejects)
        # With a single text file there is nothing left to go on with.
        self._strict = strict or (len(plan.tasks) == 1 and plan.tasks[0].source.format is Format.TEXT)
        self._outcome = outcome

    def add(self, reject: Reject) -> None:
        if self._strict:
            raise reject.error()
        self.write(json_line(reject.as_dict()))
        self._outcome.rejected += 1
        if len(self._outcome.rejects) < FEW:
            self._outcome.rejects.append(replace(reject, raw=None))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if kind is None and not self.begun and self.path is not None and self.path.is_file():
            # Left by an earlier run with the same report, which this one replaces.
            self.path.unlink()
