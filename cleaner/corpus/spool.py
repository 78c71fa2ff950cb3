"""Files that grow beside their place and take their name when they are whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from cleaner.corpus.lengths import fitting
from cleaner.corpus.sources import STANDARD, is_stream
from cleaner.errors import OutputError

_MANY = 16
"""From so many files on the whole system is asked to write to disk what it holds, not each file."""


def part_of(target: Path) -> Path:
    """Return where the file *target* grows: always the same, so that a later run finds it."""
    # Some formats put an ending behind that of a part.
    return target.with_name(fitting(f".{target.name}", ".part.whole").removesuffix(".whole"))


class Spool:
    """A file on its way: written at its end, cut where a broken run is taken up again.

    A device, a pipe or standard output is written to directly. Every failure of the system is an
    `OutputError`.
    """

    def __init__(self, path: Path, size: int | None = None) -> None:
        """Begin the file for *path*; with *size* go on behind so many bytes of what is there."""
        self.path = path
        self.size = size or 0
        try:
            self.direct = is_stream(path)
            # What a pipe is a link to is no path that can be opened.
            target = path if self.direct else path.resolve()
            if target != STANDARD and target.is_dir():
                raise OutputError("is a folder; name a file", path=path)
            self.target = target
            self.part = target if self.direct else part_of(target)
            if target == STANDARD:
                self._file = sys.stdout.buffer
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.part.open("wb" if self.direct else "ab")
            if not self.direct:
                self._own(size)
        except OSError as error:
            self._fail(error)

    def _own(self, size: int | None) -> None:
        there = self._file.seek(0, os.SEEK_END)
        if size is not None and there < size:
            self._file.close()
            reason = f"{self.part.name} has {there} bytes, the journal says {size}; start anew without --resume"
            raise OutputError(reason, path=self.path)
        self._file.truncate(size or 0)

    def write(self, data: bytes) -> None:
        """Add *data*."""
        try:
            self._file.write(data)
        except OSError as error:
            self._fail(error)
        self.size += len(data)

    def flush(self) -> None:
        """Hand everything to the system."""
        try:
            self._file.flush()
        except OSError as error:
            self._fail(error)

    def close(self) -> None:
        """Hand everything to the system and let go of the file."""
        if self.part == STANDARD:
            self.flush()
            return
        try:
            self._file.close()
        except OSError as error:
            self._fail(error)

    def abandon(self) -> None:
        """Let go of the file as it is; the journal knows how much of it counts."""
        with suppress(OutputError):
            self.close()

    def discard(self) -> None:
        """Leave nothing behind."""
        try:
            self.close()
        except OutputError:
            pass  # a full disk fails again when the buffer is flushed; the file goes all the same
        finally:
            if not self.direct:
                self.part.unlink(missing_ok=True)

    def _fail(self, error: OSError) -> NoReturn:
        if self.path == STANDARD:
            raise error  # a reader that went away is no fault of ours
        raise OutputError.of(error, path=self.path) from error


def to_disk(paths: Iterable[Path]) -> None:
    """Have the system write these files to disk, so that a power cut cannot take them; raises `OutputError`."""
    paths = list(paths)
    if len(paths) >= _MANY and hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        try:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputError.of(error, path=path) from error


def folder_to_disk(folder: Path) -> None:
    """Have the names in *folder* written to disk, where the system can be asked for that."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(number)
    except OSError:
        pass
    finally:
        os.close(number)
