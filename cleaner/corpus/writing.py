"""Files appear only when they are whole."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cleaner.errors import OutputError


class WholeFile:
    """A file that takes its name when it is complete, or never.

    Used as a context manager it is committed at the end, or discarded if an exception passes.
    A device or a pipe is written to directly; a link is followed. Every failure of the
    system is an `OutputError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        special = path.exists() and not path.is_file()
        # What a pipe is a link to is no path that can be opened.
        target = path if special else path.resolve()
        if target.is_dir():
            raise OutputError("is a folder; name a file", path=path)
        self._target = None if special else target
        self._part = target if special else target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("wb" if special else "xb")
        except OSError as error:
            raise OutputError.of(error, path=self.path) from error

    def write(self, data: bytes) -> None:
        """Add *data*."""
        try:
            self._file.write(data)
        except OSError as error:
            raise OutputError.of(error, path=self.path) from error

    def commit(self) -> None:
        """Put the file in its place."""
        try:
            self._file.flush()
            if self._target is not None:
                os.fsync(self._file.fileno())
            self._file.close()
            if self._target is not None:
                self._part.replace(self._target)
        except OSError as error:
            self.discard()
            raise OutputError.of(error, path=self.path) from error

    def discard(self) -> None:
        """Leave nothing behind."""
        try:
            # A full disk fails again when the buffer is flushed; the file goes all the same.
            self._file.close()
        except OSError:
            pass
        finally:
            if self._target is not None:
                self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()


_UTF8 = json.JSONEncoder(ensure_ascii=False)
"""Made once; `json.dumps` would make one for every record."""


def json_line(record: Mapping[str, Any]) -> bytes:
    """Return one line of JSON in UTF-8; ASCII escapes where a lone surrogate forbids that."""
    try:
        return _UTF8.encode(record).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record).encode("ascii") + b"\n"
