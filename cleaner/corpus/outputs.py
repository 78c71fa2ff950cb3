"""All files that a run has under way, and how they come to their names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cleaner.corpus import report_table
from cleaner.corpus.endings import SELF_PACKED
from cleaner.corpus.formats import container
from cleaner.corpus.journal import State
from cleaner.corpus.spool import Spool, folder_to_disk, part_of, to_disk
from cleaner.corpus.tasks import Plan
from cleaner.errors import OutputError

PLAIN = -1
"""Number of no task: such a file is complete as it was written; a report may become a table."""


class Outputs:
    """Spools by the path that they are for, and those that are whole but not named yet."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._spools: dict[Path, Spool] = {}
        self._whole: list[tuple[Path, int]] = []
        self._retired: list[Path] = []
        """Parts that nobody needs any more once the next state is written down."""
        self._folders: set[Path] = set()
        """Where files took their names since the last state."""

    def write(self, path: Path, data: bytes) -> None:
        """Add *data* to the file that will be *path*."""
        self._spool(path).write(data)

    def has(self, path: Path) -> bool:
        """Tell whether anything was begun for *path*."""
        return path in self._spools

    def complete(self, path: Path, task: int = PLAIN, empty: bytes = b"") -> None:
        """Take the file for *path* as whole; one without a byte gets *empty*."""
        spool = self._spool(path)
        if not spool.size and empty:
            spool.write(empty)
        del self._spools[path]
        spool.close()
        if not spool.direct:
            self._whole.append((spool.target, task))

    def read_back(self, path: Path) -> Path:
        """Return where what was written for *path* can be read by now."""
        spool = self._spool(path)
        spool.flush()
        return spool.part

    def drop(self, path: Path) -> None:
        """Forget the file for *path*."""
        self._spools.pop(path).discard()

    def retire(self, path: Path) -> None:
        """Forget the file for *path* when the next state, which does not speak of it, is written down."""
        spool = self._spools.pop(path)
        spool.close()
        self._retired.append(spool.part)

    def sizes(self) -> dict[str, int]:
        """Return the bytes written so far, by file under way."""
        return {str(path): spool.size for path, spool in self._spools.items() if not spool.direct}

    def whole(self) -> tuple[tuple[str, int], ...]:
        """Return what is whole and has no name yet."""
        return tuple((str(path), task) for path, task in self._whole)

    def to_disk(self) -> None:
        """Have everything written to disk, names included."""
        for spool in self._spools.values():
            spool.flush()
        under_way = [spool.part for spool in self._spools.values() if not spool.direct]
        to_disk([*under_way, *(part_of(path) for path, _ in self._whole)])
        for folder in self._folders:
            folder_to_disk(folder)
        self._folders.clear()

    def name(self) -> None:
        """Give what is whole its name."""
        for path, task in self._whole:
            self._name(path, task)
        self._whole.clear()
        for part in self._retired:
            part.unlink(missing_ok=True)
        self._retired.clear()

    def take_up(self, state: State) -> None:
        """Go on with the files of a run that was broken off; raises `OutputError` if they are not there."""
        for path, task in state.complete:
            self._name(Path(path), task)
        self._reopen(state.sizes)

    def _reopen(self, sizes: Mapping[str, int]) -> None:
        for name, size in sizes.items():
            self._spools[Path(name)] = Spool(Path(name), size)

    def leave(self, *, keep: bool) -> None:
        """Let go of everything; unless it is to be kept, nothing stays but files with their names."""
        for spool in self._spools.values():
            if keep:
                spool.abandon()
            else:
                spool.discard()
        if not keep:
            for path, _ in self._whole:
                part_of(path).unlink(missing_ok=True)

    def _spool(self, path: Path) -> Spool:
        if path not in self._spools:
            self._spools[path] = Spool(path)
        return self._spools[path]

    def _name(self, target: Path, task: int) -> None:
        """Finish one file and put it in its place; what was done of that before a kill is not done again."""
        part = part_of(target)
        fresh = part.with_suffix(".new")
        try:
            if part.exists():
                self._finish(part, fresh, target, task)
            if fresh.exists():
                fresh.replace(target)
                part.unlink(missing_ok=True)
            elif not target.exists():
                raise OutputError("is gone, and its parts too; start anew without --resume", path=target)
        except OSError as error:
            raise OutputError.of(error, path=target) from error
        self._folders.add(target.parent)

    def _finish(self, part: Path, fresh: Path, target: Path, task: int) -> None:
        if task == PLAIN:
            if target.suffix == ".parquet":
                report_table.to_parquet(part, fresh)
                to_disk([fresh])
            else:
                part.replace(fresh)
            return
        made = self._plan.tasks[task]
        container(made.format).finish(part, fresh, made.source)
        if made.format in SELF_PACKED:
            to_disk([fresh])
