"""Paths become sources: which files are read, under which name, and how."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cleaner.errors import InputError
from cleaner.split import HTML


class Format(StrEnum):
    """How the bytes of a file are to be taken."""

    TEXT = "text"
    """One document, be it text or HTML."""
    JSONL = "jsonl"


ENDINGS: dict[str, Format] = {
    ".txt": Format.TEXT,
    ".html": Format.TEXT,
    ".htm": Format.TEXT,
    ".xhtml": Format.TEXT,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".jsonl.gz": Format.JSONL,
    ".ndjson.gz": Format.JSONL,
}
"""What is read in a folder. A file given by name is read whatever it is called."""

PAGES = (".html", ".htm", ".xhtml")
"""Endings of files that hold HTML, whatever they look like."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read."""

    path: Path
    name: str
    """Path relative to the folder that was given, or the bare file name; with forward slashes."""
    format: Format
    size: int
    """Bytes on disk, for progress; 0 when unknown."""
    kind: str | None = None
    """Kind of the documents in it, as given or as its name says; None to tell by their looks."""

    @property
    def packed(self) -> bool:
        """Whether the file is gzip."""
        return self.format is Format.JSONL and self.name.lower().endswith(".gz")


def find(
    paths: Sequence[Path],
    *,
    forced: Format | None = None,
    kind: str | None = None,
    leave_out: Path | None = None,
) -> tuple[Source, ...]:
    """Return the sources under *paths*, folders searched in sorted order.

    Hidden files and folders are skipped, and so is the folder *leave_out*, where the results
    go. *forced* and *kind* override what the file names say. Raises `InputError` for a path that does
    not exist and for a folder with nothing to read in it.
    """
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            found += [_source(path / name, name, forced, kind) for name in _listed(path, leave_out)]
        elif path.exists():
            found.append(_source(path, path.name, forced, kind))
        else:
            raise InputError("does not exist; check the spelling", path=path)
    return tuple(found)


def format_of(name: str) -> Format | None:
    """Return the format that a file name promises, if it promises one."""
    lowered = name.lower()
    return next((form for ending, form in ENDINGS.items() if lowered.endswith(ending)), None)


def walk(folder: Path, leave_out: Path | None = None) -> Iterator[str]:
    """Yield the names of the files in *folder* that can be read, in sorted order."""
    names = []
    barred = None if leave_out is None else leave_out.resolve()
    for where, folders, files in os.walk(folder, onerror=_cannot_list):
        here = Path(where)
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() != barred]
        names += [here / name for name in files if not name.startswith(".") and format_of(name)]
    # A pipe would block; a dangling link is kept, so that it is named among the rejects.
    files_only = (path for path in names if path.is_file() or path.is_symlink())
    yield from (path.relative_to(folder).as_posix() for path in sorted(files_only, key=lambda path: path.parts))


def _listed(folder: Path, leave_out: Path | None) -> list[str]:
    found = list(walk(folder, leave_out))
    if not found:
        known = ", ".join(ENDINGS)
        raise InputError(f"has no readable files; in a folder these are read: {known}", path=folder)
    return found


def _source(path: Path, name: str, forced: Format | None, kind: str | None) -> Source:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    form = forced or format_of(name) or Format.TEXT
    return Source(path, name, form, size, kind or (HTML if name.lower().endswith(PAGES) else None))


def _cannot_list(error: OSError) -> None:
    raise InputError(f"cannot be listed: {error.strerror}", path=error.filename) from error
