"""What is safely done, written down so that a broken run can go on.

A state names the place in the input up to which everything is done, the size that every file at work had
then, and the files that are complete and about to take their names. It replaces the one before it in
one step and only after what it speaks of is on disk, so at any moment the last state and the files fit
together: what lies behind its sizes is cut off and done again.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from cleaner.corpus.lengths import fitting
from cleaner.corpus.locks import locked
from cleaner.corpus.parts import Mark
from cleaner.corpus.spool import folder_to_disk, part_of
from cleaner.errors import OutputError

GO_ON = "The run was broken off; the same command with --resume goes on from there."
"""Note that the error has which ended a run that can be taken up again."""
_UNDER_WAY = ("state.json", "about.json")
_DONE = "done.json"
_PATIENCE = 10
"""Writing a state down may take one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a run has come."""

    task: int
    """Number of the file at work; all before it are done."""
    mark: Mark
    """Where reading goes on in it."""
    begun: bool
    """Whether anything in that file could be read."""
    failed: bool
    """Whether the file as a whole showed a fault."""
    sizes: Mapping[str, int]
    """Bytes written so far, by file at work."""
    complete: tuple[tuple[str, int], ...]
    """Files that are whole and take their names now, each with the number of its task, or -1."""
    outcome: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return the state for JSON."""
        return {
            "task": self.task,
            "mark": list(self.mark),
            "begun": self.begun,
            "failed": self.failed,
            "sizes": dict(self.sizes),
            "complete": [list(pair) for pair in self.complete],
            "outcome": dict(self.outcome),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> State:
        """Read what `as_dict` wrote."""
        complete = tuple((str(path), int(task)) for path, task in told["complete"])
        mark = Mark(*told["mark"])
        return cls(told["task"], mark, told["begun"], told["failed"], told["sizes"], complete, told["outcome"])


class Journal:
    """The folder with the state of one run, and the lock that keeps a second run out."""

    def __init__(self, out: Path, interval: float) -> None:
        """Take the place beside *out*; *interval* in seconds."""
        self.folder = journal_of(out)
        self._out = out
        self._interval = interval
        self._due = time.monotonic() + interval
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("wb")
        except OSError as error:
            raise OutputError.of(error, path=self.folder) from error
        if not locked(self._lock, self.folder / "lock"):
            self._lock.close()
            reason = "is being written by another run; wait for it, or name another output"
            raise OutputError(reason, path=self._out)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.begun:
            self._sweep()
        if self._lock is not None:
            self._lock.close()

    @property
    def begun(self) -> bool:
        """Whether there is a state to go on from; the file itself tells, for Ctrl-C may come right after it."""
        return (self.folder / "state.json").exists()

    def read(self) -> tuple[dict[str, Any], State] | None:
        """Return what the broken run was about and how far it came; None if none was broken off.

        Raises `OutputError` for what cannot be read, or is no such state.
        """
        with self._reading():
            told, about = self._told("state.json"), self._told("about.json")
            return None if told is None or about is None else (dict(about), State.from_dict(told))

    def finished(self) -> tuple[dict[str, Any], State, str] | None:
        """Return what `finish` left, if that was the last to happen here; raises `OutputError` as `read` does."""
        with self._reading():
            told = self._told(_DONE)
            return None if told is None else (dict(told["about"]), State.from_dict(told["state"]), told["digest"])

    def _told(self, name: str) -> Any:
        path = self.folder / name
        return json.loads(path.read_bytes()) if path.exists() else None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Tell of what cannot be read and of what another version wrote."""
        try:
            yield
        except KeyError as error:
            raise OutputError(f"lacks {error}; start anew without --resume", path=self.folder) from error
        except (OSError, ValueError, TypeError) as error:
            raise OutputError(f"cannot be read: {error}; start anew without --resume", path=self.folder) from error

    @property
    def due(self) -> bool:
        """Whether it is time to write a state down."""
        return time.monotonic() >= self._due

    def write(self, state: State, about: Mapping[str, Any], started: float) -> None:
        """Write a state down; what it speaks of must be on disk already, which was begun at *started*."""
        if not self.begun:
            self._replace("about.json", about)
        self._replace("state.json", state.as_dict())
        now = time.monotonic()
        self._due = now + max(self._interval, _PATIENCE * (now - started))

    def give_up(self) -> None:
        """Remove what a broken run left, its unfinished files too: another one starts anew."""
        with suppress(OutputError, OSError):
            left = self.read()
            names = [] if left is None else [*left[1].sizes, *(path for path, _ in left[1].complete)]
            for part in map(part_of, map(Path, names)):
                part.unlink(missing_ok=True)
                part.with_suffix(".new").unlink(missing_ok=True)
        self.forget()

    def forget(self) -> None:
        """Remove everything: the run is complete, or another one starts anew."""
        for name in (*_UNDER_WAY, _DONE):
            (self.folder / name).unlink(missing_ok=True)

    def finish(self, state: State, about: Mapping[str, Any], digest: str) -> None:
        """Leave word of a run that is complete and must not be done twice; *digest* is that of its result."""
        self._replace(_DONE, {"state": state.as_dict(), "about": about, "digest": digest})
        for name in _UNDER_WAY:
            (self.folder / name).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove everything but word of a run that is complete."""
        if not (self.folder / _DONE).exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        for path in self.folder.iterdir():
            if path.name != _DONE:
                with suppress(OSError):
                    path.unlink()

    def _replace(self, name: str, told: Mapping[str, Any]) -> None:
        path = self.folder / name
        fresh = path.with_name(f"{name}.new")
        try:
            with fresh.open("wb") as file:
                file.write(json.dumps(told).encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as error:
            raise OutputError.of(error, path=path) from error
        folder_to_disk(self.folder)


def journal_of(out: Path) -> Path:
    """Return the folder for the journal of a run that writes to *out*."""
    out = out.resolve()
    return out.with_name(fitting(f".{out.name}", ".cleaner"))


def remove_results(folder: Path) -> None:
    """Remove what an earlier run left in *folder*; raises `OutputError` while another one writes there."""
    if folder.exists():
        with Journal(folder, 0.0):
            shutil.rmtree(folder)
