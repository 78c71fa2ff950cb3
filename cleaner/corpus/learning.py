"""Files into a site memory, safe against being broken off.

Now and then what was learned since is put down as a whole memory of its own, in the folder of the journal. Whole
memories lose nothing at their borders and are put together in any order to the same bytes, so a run that was broken
off goes on behind the last of them, and its file in the end is that of an unbroken run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus.blocks import Block, blocks
from cleaner.corpus.journal import GO_ON, Journal, State
from cleaner.corpus.manifest import difference, inputs_digest
from cleaner.corpus.parts import Mark, Reading, Reject
from cleaner.corpus.reading import entries_of
from cleaner.corpus.sources import Source
from cleaner.corpus.spool import Spool, folder_to_disk, part_of, to_disk
from cleaner.corpus.tasks import Task
from cleaner.corpus.writing import WholeFile
from cleaner.errors import InputError, ModelError, OutputError, SettingError
from cleaner.sites import MIXED, Learned, Learning, Stored, digest_of, stored_memory

_NAMED = 5
"""So many of the things that could not be read are told."""
_GROWTH = 20
"""A part holds one in so many of the documents before it at least, so there are never many of them."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """How sites are learned from files."""

    reading: Reading = field(default_factory=Reading)
    update: bool = False
    """Add to what the file knows already."""
    whole: bool = False
    """Keep lines that were seen once."""
    resume: bool = False
    """Go on where an earlier run was broken off."""
    interval: float = 20.0
    """Seconds after which what was learned is put down, or later when there is much already."""


class Taught(NamedTuple):
    """What was learned, and what could not be read."""

    learned: Learned
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    """The first few."""
    repeated: bool = False
    """This very run was complete before; nothing was done, for an update would have counted its documents twice."""


def learn_files(sources: Sequence[Source], out: Path, lesson: Lesson) -> Taught:
    """Learn what the sites in *sources* repeat into the file *out*, and say what became of them.

    A file that is named twice, be it by its folder or by a link, counts once: else each of its lines would be repeated.
    A run that is broken off leaves the file as it was, and after twenty seconds or more a journal beside it by which
    `Lesson.resume` goes on, to the same bytes; the error that ended such a run has the note `GO_ON`. Raises
    `InputError` where no document names its site, `OutputError` when there is no going on with these inputs and
    settings, `ModelError` or `SettingError` for a memory that cannot be updated.
    """
    sources = _named_once(sources)
    once = any(source.once for source in sources) or (out.exists() and not out.is_file())
    if once and lesson.resume:
        raise InputError("cannot be taken up again; --resume needs files", path="standard input")
    journal = None if once or out.is_dir() else Journal(out, lesson.interval)
    with journal or nullcontext():
        run = _Run(sources, out, lesson, journal)
        if before := run.begin():
            return before
        try:
            return run.learn()
        except BaseException as error:
            if journal is not None and journal.begun:
                error.add_note(GO_ON)
            raise


def _named_once(sources: Sequence[Source]) -> list[Source]:
    return list({source.url or source.path.resolve(): source for source in reversed(sources)}.values())[::-1]


class _Run:
    """A run under way: where it is, what it has put down, what it has counted."""

    def __init__(self, sources: Sequence[Source], out: Path, lesson: Lesson, journal: Journal | None) -> None:
        self._tasks = [Task(source, None, source.format) for source in sources]
        self._out, self._lesson, self._journal = out, lesson, journal
        self._task, self._mark = 0, Mark()
        self._parts: list[Path] = []
        self._documents = self._unnamed = self._rejected = 0
        self._rejects: list[Reject] = []

    def begin(self) -> Taught | None:
        """Start anew, or where an earlier run ended; return what became of one whose file only lacked its name."""
        left = self._journal.read() if self._journal is not None and self._lesson.resume else None
        if self._journal is None or left is None:
            self._about = self._told()
            if done := self._done():
                return done
            if self._journal is not None:
                self._journal.forget()
            return None
        before, state = left
        self._about = self._told() if not state.complete else {**self._told(known=False), "known": before.get("known")}
        if changed := difference(before, self._about):
            raise OutputError(f"cannot go on: {changed}; start anew without --resume", path=self._out)
        self._take_up(state)
        return self._named(state) if state.complete else None

    def _done(self) -> Taught | None:
        """Return what became of this very run when it was complete, if its update is what the file holds."""
        lesson = self._lesson
        done = self._journal.finished() if self._journal is not None and lesson.resume and lesson.update else None
        if done is None:
            return None
        about, state, digest = done
        if digest != self._about["known"] or difference(about, {**self._about, "known": about.get("known")}):
            return None
        self._count_again(state)
        return self._taught(state)._replace(repeated=True)

    def _told(self, *, known: bool = True) -> dict[str, Any]:
        """Return everything that the result depends on."""
        lesson = self._lesson
        return {
            "cleaner": version("cleaner"),
            "reading": asdict(lesson.reading),
            "whole": lesson.whole,
            "known": digest_of(self._out) if known and lesson.update else None,
            "inputs": inputs_digest(self._tasks),
        }

    def _take_up(self, state: State) -> None:
        self._task, self._mark = state.task, state.mark
        self._parts = [Path(name) for name in state.sizes]
        try:
            for path in self._parts:
                stored_memory(path)
        except ModelError as error:
            raise OutputError(f"cannot go on: {error.path}: {error.fault}, without --resume", path=self._out) from error
        self._count_again(state)

    def _count_again(self, state: State) -> None:
        told = state.outcome
        self._documents, self._unnamed, self._rejected = (told[name] for name in ("documents", "unnamed", "rejected"))
        self._rejects = [Reject(*reject) for reject in told["rejects"]]

    def learn(self) -> Taught:
        """Learn from everything that is left."""
        todo = blocks(self._tasks, self._lesson.reading, self._task, self._mark)
        known = self._known()
        while True:
            with Learning() as learning:
                if self._read(todo, learning):
                    return self._end(learning, known)
                self._put_down(learning)

    def _known(self) -> list[Stored]:
        if not self._lesson.update:
            return []
        known = stored_memory(self._out)
        if known.whole != self._lesson.whole:
            raise SettingError(MIXED)
        return [known]

    def _read(self, todo: Iterator[Block], learning: Learning) -> bool:
        """Learn until there is enough to be put down; tell whether everything has been read."""
        for block in todo:
            for item in block:
                for found in entries_of(item.task.source, item.part, self._lesson.reading, glance=True):
                    if isinstance(found, Reject):
                        self._reject(found)
                    elif found.document is not None and not found.missing:
                        learning.add(found.document)
                self._task, self._mark = (item.number + 1, Mark()) if item.last else (item.number, item.part.after)
            if self._due(learning):
                return False
        return True

    def _reject(self, reject: Reject) -> None:
        self._rejected += 1
        if len(self._rejects) < _NAMED:
            self._rejects.append(Reject(reject.file, reject.line, reject.reason))

    def _due(self, learning: Learning) -> bool:
        count = learning.documents.total() + learning.unnamed
        return self._journal is not None and self._journal.due and _GROWTH * count >= self._documents + self._unnamed

    def _put_down(self, learning: Learning) -> None:
        """Write what was learned since the last time, and how far that is."""
        journal, started = self._journal, time.monotonic()
        if journal is None:
            return
        path = journal.folder / f"part{len(self._parts)}"
        with WholeFile(path) as file:
            self._count(learning.finish(file.write, whole=True))
        folder_to_disk(journal.folder)
        self._parts.append(path)
        journal.write(self._state(), self._about, started)

    def _count(self, learned: Learned) -> None:
        self._documents += learned.documents
        self._unnamed += learned.unnamed

    def _state(self, complete: tuple[tuple[str, int], ...] = (), **more: int) -> State:
        told = {"documents": self._documents, "unnamed": self._unnamed, "rejected": self._rejected, **more}
        told_of = {**told, "rejects": [[reject.file, reject.line, reject.reason] for reject in self._rejects]}
        sizes = {str(path): path.stat().st_size for path in self._parts}
        return State(self._task, self._mark, False, False, sizes, complete, told_of)

    def _end(self, learning: Learning, known: Sequence[Stored]) -> Taught:
        """Put everything together into the one file."""
        if not self._documents + learning.documents.total():
            self._refuse(learning.unnamed)
        spool = Spool(self._out)
        try:
            parts = [*known, *map(stored_memory, self._parts)]
            learned = learning.finish(spool.write, parts, whole=self._lesson.whole)
        except BaseException:
            spool.discard()
            raise
        spool.close()
        self._count(learned)
        if spool.direct:
            return self._taught(self._state(sites=learned.sites, lines=learned.lines))
        to_disk([spool.part])
        state = self._state(((str(spool.target), 0),), sites=learned.sites, lines=learned.lines)
        if self._journal is not None:
            self._journal.write(state, self._about, time.monotonic())
        return self._named(state)

    def _named(self, state: State) -> Taught:
        """Give the complete file its name, unless that was done before a kill."""
        (target, part), *_ = ((Path(name), part_of(Path(name))) for name, _ in state.complete)
        try:
            if part.exists():
                part.replace(target)
        except OSError as error:
            raise OutputError.of(error, path=target) from error
        if not target.exists():
            raise OutputError("is gone, and its part too; start anew without --resume", path=target)
        folder_to_disk(target.parent)
        if self._journal is not None and self._lesson.update:
            self._journal.finish(state, self._about, digest_of(target))
        elif self._journal is not None:
            self._journal.forget()
        return self._taught(state)

    def _taught(self, state: State) -> Taught:
        learned = Learned(self._documents, self._unnamed, state.outcome["sites"], state.outcome["lines"])
        return Taught(learned, self._rejected, tuple(self._rejects))

    def _refuse(self, unnamed: int) -> None:
        """Say that there is nothing to learn from."""
        if self._journal is not None:
            self._journal.forget()
        count = self._unnamed + unnamed
        place = self._tasks[0].source.place if len(self._tasks) == 1 else f"{len(self._tasks)} files"
        if count:
            reason = f"none of {count:,} documents names its site; records need the address in a field url, "
            raise InputError(f"{reason}or name the field that tells the site with --site-field", path=place)
        first = f"; {self._rejected:,} could not be read, first {self._rejects[0].error()}" if self._rejects else ""
        raise InputError(f"has no document to learn from{first}", path=place)
