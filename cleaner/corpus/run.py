"""The road of a corpus: files in, clean files, reports and rejects out, safe against being broken off."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cleaner.corpus.blocks import Block, blocks
from cleaner.corpus.codecs import packed
from cleaner.corpus.dataset_folders import dataset_files
from cleaner.corpus.job import Engine, Job, Writing
from cleaner.corpus.journal import GO_ON, Journal, State
from cleaner.corpus.manifest import about, difference, finished, input_line, manifest
from cleaner.corpus.outcome import FEW, FileSum, Outcome
from cleaner.corpus.outputs import Outputs
from cleaner.corpus.parts import Mark, Reading, Reject
from cleaner.corpus.sources import is_stream
from cleaner.corpus.tasks import Plan, Task
from cleaner.corpus.work import Done, work
from cleaner.corpus.writing import json_line
from cleaner.errors import InputError, OutputError


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run goes, apart from how lines are judged."""

    reading: Reading = field(default_factory=Reading)
    writing: Writing = field(default_factory=Writing)
    jobs: int = 1
    strict: bool = False
    """Stop at the first thing that cannot be read."""
    resume: bool = False
    """Go on where an earlier run was broken off."""
    max_rejects: int | None = None
    """Stop when more than so many things could not be read."""
    sample: bool = False
    """Keep one document, to show it."""
    interval: float = 2.0
    """Seconds after which it is written down how far the run has come; `inf` for a run that is never taken up again."""


def _onward(settings: Settings, *, kept: bool, stopped: bool) -> str:
    """Say how a run goes on that ended early, if it does; *stopped* if that was as its settings asked."""
    if not stopped:
        return GO_ON if kept else ""
    way = "without --strict" if settings.strict else "with a higher --max-rejects"
    if kept:
        return f"The run was stopped; the same command {way} and with --resume goes on from there."
    return f"The run was stopped before there was a state to go on from; start it again {way}."


Advance = Callable[[int, Outcome], object]
"""Called with the number of bytes dealt with since, and what became of everything so far."""


def clean_corpus(engine: Engine, plan: Plan, settings: Settings, advance: Advance = lambda *_: None) -> Outcome:
    """Clean every file of *plan* and say what became of it.

    Each file appears when it is whole. A run that is broken off leaves either nothing but whole files
    or, after the first seconds, a journal by which `Settings.resume` goes on; what comes out in
    the end is the same to the byte; the error that ended such a run has a note that says how it goes on. Raises
    `OutputError` when there is no going on with these inputs and settings, `InputError` at the first
    reject if *settings* are strict, or at one too many.
    """
    job = Job(engine, settings.reading, settings.writing, settings.sample)
    journal = None if is_stream(plan.out) else Journal(plan.out, settings.interval)
    with journal or nullcontext():
        run = _Run(plan, job, settings, journal, advance)
        if finished := run.begin():
            return finished
        try:
            with closing(_results(job, blocks(plan.tasks, job.reading, run.task, run.mark), settings.jobs)) as results:
                for block, done in results:
                    run.take(block, done)
            return run.end()
        except BaseException as error:
            if note := _onward(settings, kept=run.leave(), stopped=run.stopped):
                error.add_note(note)
            raise


def _results(job: Job, todo: Iterable[Block], jobs: int) -> Generator[tuple[Block, list[Done]], None, None]:
    if jobs == 1:
        for block in todo:
            yield block, work(job, block)
        return
    # Loading what runs processes takes longer than cleaning a small file does.
    from cleaner.corpus.workers import work_in_processes

    yield from work_in_processes(job, todo, jobs)


class _Run:
    """A run under way: where it is, what it has written, what it has counted."""

    def __init__(self, plan: Plan, job: Job, settings: Settings, journal: Journal | None, advance: Advance) -> None:
        self._plan, self._settings, self._journal, self._advance = plan, settings, journal, advance
        self._about = {} if journal is None else about(plan, job)
        self._started = time.time()
        self._outputs = Outputs(plan)
        self._files = None if journal is None or plan.manifest is None else journal.folder / "files"
        self._last_use = {task.report: number for number, task in enumerate(plan.tasks)}
        self._outcome = Outcome()
        self.task, self.mark = 0, Mark()
        self._begun = self._failed = self._open = False
        self.stopped = False
        """Whether it ended at a reject, as the settings ask."""
        self._unread = 0

    def begin(self) -> Outcome | None:
        """Start anew, or where an earlier run ended; return what became of one that is complete already."""
        journal = self._journal
        if journal is None:
            return None
        left = journal.read() if self._settings.resume else None
        if left is None:
            journal.give_up()
            return finished(self._plan, self._about) if self._settings.resume else None
        before, state = left
        if changed := difference(before, self._about):
            raise OutputError(f"cannot go on: {changed}; start anew without --resume", path=self._plan.out)
        self.task, self.mark, self._begun, self._failed = state.task, state.mark, state.begun, state.failed
        self._outcome = Outcome.from_dict(state.outcome)
        self._outputs.take_up(state)
        done = sum(task.source.size for task in self._plan.tasks[: self.task])
        if self.mark != Mark():
            self._open = True
            self._unread = self._plan.tasks[self.task].source.size
        self._advance(done, self._outcome)
        return None

    def take(self, block: Block, done: list[Done]) -> None:
        """Write what was done with a block, and now and then how far that is."""
        for item, part in zip(block, done, strict=True):
            if not self._open:
                self._open_file(item.task)
            self._write(item.number, item.task, part)
            self.mark = item.part.after
            moved = self._unread if item.last else min(item.part.size, self._unread)
            self._unread -= moved
            if item.last:
                self._close_file(item.number, item.task)
            self._advance(moved, self._outcome)
        if self._journal is not None and self._journal.due:
            self._commit()

    def _open_file(self, task: Task) -> None:
        self._open, self._begun, self._failed = True, False, False
        self._unread = task.source.size
        if len(self._plan.tasks) <= FEW:
            self._outcome.files.append(FileSum(task.source.name))

    def _write(self, number: int, task: Task, part: Done) -> None:
        for before, reject in enumerate(part.rejects, self._outcome.rejected):
            self._reject(reject, before)
        self._outcome.merge(part.outcome)
        self._begun |= part.entries > 0
        for path, data in ((task.target, part.clean), (task.report, part.report), (task.visible, part.visible)):
            if path is not None and data:
                self._outputs.write(path, data)
        if part.ids and (held := self._ids(number)):
            self._outputs.write(held, part.ids)

    def _reject(self, reject: Reject, before: int) -> None:
        """Write down what could not be read, the first after *before* others, or end the run over it."""
        self._failed |= reject.line is None
        # With a single document there is nothing left to go on with.
        if self._settings.strict or self._plan.alone:
            self.stopped = not self._plan.alone
            raise reject.error()
        if self._plan.rejects is not None:
            self._outputs.write(self._plan.rejects, json_line(reject.as_dict()))
        most = self._settings.max_rejects
        if most is not None and before >= most:
            self.stopped = True
            raise InputError(f"is one reject more than the {most} that are allowed: {reject.error()}", path=reject.file)

    def _close_file(self, number: int, task: Task) -> None:
        nothing = self._failed and not self._begun
        if not nothing:
            if task.target is not None:
                self._outputs.complete(task.target, number, empty=packed(b"", task.codec))
            if task.visible is not None and self._outputs.has(task.visible):
                self._outputs.complete(task.visible)
        elif self._outcome.files:
            self._outcome.files.pop()
        if task.report is not None and self._last_use[task.report] == number:
            shared = task.source.whole or task.report == self._plan.extra
            if shared or not nothing:
                self._outputs.complete(task.report)
        self._count_ids(number, task)
        if self._files is not None and self._plan.manifest is not None:
            self._outputs.write(self._files, input_line(task, self._plan.manifest.parent))
        self._open, self.task, self.mark = False, number + 1, Mark()

    def _ids(self, number: int) -> Path | None:
        """Return where the ids of a file are held while it is at work: in the folder of the journal."""
        return None if self._files is None else self._files.with_name(f"ids{number}")

    def _count_ids(self, number: int, task: Task) -> None:
        """Count the records of a file whose id was there before: reports tell them apart by their place."""
        held = self._ids(number)
        if held is None or not self._outputs.has(held):
            return
        ids = np.fromfile(self._outputs.read_back(held), np.uint64)
        if repeated := len(ids) - len(np.unique(ids)):
            self._outcome.repeated[task.source.place] += repeated
        self._outputs.retire(held)

    def _commit(self) -> None:
        """Write down how far everything is, and give complete files their names."""
        if self._journal is None:
            return
        started = time.monotonic()
        self._outputs.to_disk()
        sizes, complete = self._outputs.sizes(), self._outputs.whole()
        told = self._outcome.as_dict()
        state = State(self.task, self.mark, self._begun, self._failed, sizes, complete, told)
        self._journal.write(state, self._about, started)
        self._outputs.name()

    def end(self) -> Outcome:
        """Complete what spans the whole run, and give every file its name; the manifest comes last."""
        self._close_rejects()
        self._settle()
        self._describe()
        self._settle()
        if self._journal is not None:
            self._journal.forget()
        if self._files is not None:
            self._outputs.drop(self._files)
        return self._outcome

    def _close_rejects(self) -> None:
        plan, outputs = self._plan, self._outputs
        if plan.rejects is not None and outputs.has(plan.rejects):
            outputs.complete(plan.rejects)
        elif plan.rejects is not None and not self._outcome.rejected:
            # Left by an earlier run with the same report, which this one replaces.
            plan.rejects.unlink(missing_ok=True)

    def _describe(self) -> None:
        """Write what tells of the results: the files of datasets, and the manifest."""
        plan, outputs = self._plan, self._outputs
        if plan.folder is not None and plan.out.is_dir():
            for path, data in dataset_files(plan.folder, plan.out):
                outputs.write(path, data)
                outputs.complete(path)
        if plan.manifest is not None and self._files is not None:
            for piece in manifest(self._about, self._outcome, self._started, outputs.read_back(self._files)):
                outputs.write(plan.manifest, piece)
            outputs.complete(plan.manifest)

    def _settle(self) -> None:
        """Give what is complete its name, by the journal if there is one already."""
        if self._journal is not None and self._journal.begun:
            self._commit()
        else:
            self._outputs.to_disk()
            self._outputs.name()

    def leave(self) -> bool:
        """End in the middle: keep what a later run can go on with, or else leave nothing half; tell which."""
        keep = self._journal is not None and self._journal.begun
        self._outputs.leave(keep=keep)
        return keep
