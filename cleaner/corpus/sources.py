"""Paths become sources: which files are read, under which name, and how."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cleaner.corpus import remote
from cleaner.corpus.codecs import CODECS, codec_of, without_codec
from cleaner.corpus.dataset_folders import shards
from cleaner.corpus.earlier import made_of_others
from cleaner.corpus.endings import ENDINGS, NAMED_ENDINGS, PAGES, SELF_PACKED, Format, format_of, is_own
from cleaner.corpus.remote import is_remote
from cleaner.errors import InputError
from cleaner.split import HTML

STANDARD = Path("-")
"""Standard input, and standard output."""
_STDOUT = frozenset({"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""What systems call standard output: opened by these names a file would be emptied that is only to be added to."""


def output_at(name: Path | str) -> Path:
    """Return the path to write to; standard output is `STANDARD`, whatever it is called."""
    return STANDARD if str(name) in _STDOUT else Path(name)


def is_stream(path: Path) -> bool:
    """Tell whether a path is no file of its own: standard output, a pipe or a device, where nothing lies beside it."""
    return path == STANDARD or (path.exists() and not path.is_file() and not path.is_dir())


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read."""

    path: Path
    """`-` is standard input."""
    name: str
    """Path relative to the folder that was given, or the bare file name; with forward slashes."""
    format: Format
    size: int
    """Bytes on disk, for progress; 0 when unknown."""
    kind: str | None = None
    """Kind of the documents in it, as given or as its name says; None to tell by their looks."""
    url: str = ""
    """Address of a file that lies elsewhere; its path is no path of this machine then."""
    version: str = ""
    """What changes when such a file does."""

    @property
    def codec(self) -> str:
        """How the file is compressed as a whole, by its name; nothing if it is not."""
        return "" if self.format in SELF_PACKED else codec_of(self.name)

    @property
    def whole(self) -> bool:
        """Whether the file is one document, and not records."""
        return self.format is Format.TEXT

    @property
    def place(self) -> str:
        """Name of the file in messages."""
        return self.url or ("standard input" if self.path == STANDARD else str(self.path))

    @property
    def local(self) -> bool:
        """Whether it is a file on this machine; one that lies elsewhere may be called as one here is."""
        return not self.url and self.path != STANDARD and self.path.is_file()

    @property
    def once(self) -> bool:
        """Whether it can be read but once, as what comes through a pipe."""
        return not self.url and (self.path == STANDARD or self.path.is_fifo())

    def open(self) -> BinaryIO:
        """Open the file as it lies on disk, or elsewhere; raises `OSError`."""
        if self.url:
            return remote.opened(self.url)
        if self.path == STANDARD:
            return sys.stdin.buffer
        if self.path.is_dir():
            next(self.path.iterdir(), None)  # which says better what is wrong with a folder
        return self.path.open("rb")


def find(
    paths: Sequence[Path | str],
    *,
    forced: Format | None = None,
    kind: str | None = None,
    leave_out: Path | None = None,
) -> tuple[Source, ...]:
    """Return the sources under *paths*, folders searched in sorted order.

    Hidden files and folders in them are skipped, and so is the folder *leave_out*, where the results
    go, and what an earlier run made of files in the same folder. *forced* and *kind* override what
    the file names say. Raises `InputError` for a path that does not exist and for a folder with
    nothing to read in it.
    """
    found: list[Source] = []
    for given in paths:
        if is_remote(given):
            found += _elsewhere(str(given), forced, kind)
            continue
        path = Path(given)
        if path == STANDARD:
            found.append(Source(STANDARD, "stdin", forced or Format.TEXT, 0, kind))
        elif path.is_dir():
            found += [_source(path / name, name, forced, kind) for name in listed(path, leave_out)[0]]
        elif path.exists():
            found.append(_source(path, path.name, forced, kind))
        else:
            raise InputError("does not exist; check the spelling", path=path)
    return tuple(found)


def _elsewhere(url: str, forced: Format | None, kind: str | None) -> Iterator[Source]:
    files = list(remote.listed(url))
    alone = len(files) == 1 and url.rstrip("/").endswith(files[0].name)
    found = files if alone else [file for file in files if _is_read(file.name)]
    if not found:
        raise InputError(_nothing_to_read(), path=url)
    for file in found:
        if file.name.startswith("/") or ".." in file.name.split("/"):
            reason = f"is called {file.name!r}, which leads out of the folder that results go to; rename it"
            raise InputError(reason, path=file.url)
        source = _source(Path(file.name), file.name, forced, kind)
        yield replace(source, size=file.size, url=file.url, version=file.version)


def _is_read(name: str) -> bool:
    """Tell whether a file with this path below an address is read, as one below a folder is."""
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in name.split("/"))
    return not hidden and format_of(name) is not None and not is_own(name)


def walk(folder: Path, leave_out: Path | None = None) -> Iterator[str]:
    """Yield the names of the files in *folder* that can be read, in sorted order."""
    names: list[Path] = []
    shut: list[Path] = []
    for here, files in _searched(folder, leave_out, lambda error: shut.append(Path(error.filename))):
        readable = (name for name in files if format_of(name) and not is_own(name))
        named = shards(here)
        names += [here / name for name in readable if named is None or _belongs(name, named)]
    # A pipe would block; a dangling link is kept, so that it is named among the rejects.
    files_only = [path for path in names if path.is_file() or path.is_symlink()]
    if folder in shut:
        raise InputError("cannot be listed; see to its permissions", path=folder)
    # Folders that cannot be listed are named among the rejects, too.
    found = sorted([*files_only, *shut], key=lambda path: path.parts)
    yield from (path.relative_to(folder).as_posix() for path in found)


def passed_over(folder: Path, leave_out: Path | None = None) -> int:
    """Count the files in *folder* that are not hidden, and not read because of what they are called.

    Those are called as nothing that is known, or as what a run leaves beside its results.
    """
    named = (name for _, files in _searched(folder, leave_out) for name in files)
    return sum(is_own(name) or format_of(name) is None for name in named)


def _searched(
    folder: Path, leave_out: Path | None, shut: Callable[[OSError], object] | None = None
) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folders that are searched and the names of the files in each, without hidden ones.

    *shut* is called with the error of a folder that cannot be listed.
    """
    barred = None if leave_out is None else leave_out.resolve()
    for where, folders, files in os.walk(folder, onerror=shut):
        here = Path(where)
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() != barred]
        yield here, [name for name in files if not name.startswith(".")]


def _belongs(name: str, named: Collection[str]) -> bool:
    """Tell whether a file in the folder of a dataset is data: other Arrow files are caches."""
    return format_of(name) is not Format.ARROW or name in named


def listed(folder: Path, leave_out: Path | None = None) -> tuple[list[str], int]:
    """Return the names of the files in *folder* that are read, in order, and how many an earlier run made of them.

    Those are left out. Raises `InputError` for a folder with nothing to read in it.
    """
    found = list(walk(folder, leave_out))
    made = made_of_others(folder, found)
    if not found:
        raise InputError(_nothing_to_read(), path=folder)
    return [name for name in found if name not in made], len(made)


def _nothing_to_read() -> str:
    known, packed = ", ".join(ENDINGS), ", ".join(CODECS)
    return f"has no readable files; in a folder these are read: {known}, packed too ({packed})"


def _source(path: Path, name: str, forced: Format | None, kind: str | None) -> Source:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    form = forced or format_of(name) or NAMED_ENDINGS.get(path.suffix.lower(), Format.TEXT)
    page = without_codec(name.lower()).endswith(PAGES)
    return Source(path, name, form, size, kind or (HTML if page else None))
