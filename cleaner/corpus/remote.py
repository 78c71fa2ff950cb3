"""Files that lie elsewhere: `s3://`, `gs://`, `hf://`, `https://` and whatever else fsspec reaches.

Which addresses work is up to the packages that are installed beside it, such as s3fs or gcsfs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from cleaner.errors import CleanerError, InputError, MissingExtra, OutputError


class RemoteFile(NamedTuple):
    """A file that an address leads to."""

    url: str
    name: str
    """Path below the folder that was given, or the bare file name; with forward slashes."""
    size: int
    """In bytes; 0 when unknown."""
    version: str
    """What changes when the file does, as far as its place tells."""


def is_remote(path: Path | str) -> bool:
    """Tell whether *path* is an address and no path of this machine."""
    return isinstance(path, str) and "://" in path


def listed(url: str) -> Iterator[RemoteFile]:
    """Yield the file at *url*, or all files below it in sorted order; raises `InputError` if there is none."""
    system, root = _system(url)
    try:
        if system.isfile(root):
            yield _file(system, root, root.rstrip("/").rpartition("/")[2])
            return
        found = sorted(system.find(root))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be reached: {error}", path=url) from error
    if not found:
        raise InputError("does not exist, or has no files in it; check the spelling", path=url)
    for path in found:
        yield _file(system, path, path.removeprefix(root.rstrip("/") + "/"))


def opened(url: str) -> BinaryIO:
    """Open the file at *url* for reading; raises `OSError`."""
    system, path = _system(url)
    return cast("BinaryIO", system.open(path, "rb"))


def upload(folder: Path, url: str) -> int:
    """Copy the results in *folder* to *url*; return how many files that were. Raises `OutputError`."""
    system, root = _system(url)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_passing(path.relative_to(folder)))
    try:
        for path in files:
            target = f"{root.rstrip('/')}/{path.relative_to(folder).as_posix()}"
            system.makedirs(target.rpartition("/")[0], exist_ok=True)
            system.put_file(str(path), target)
    except (OSError, ValueError) as error:
        reason = f"cannot be written: {error}; the results lie in {folder}, run again with --resume to send them"
        raise OutputError(reason, path=url) from error
    return len(files)


def _is_passing(path: Path) -> bool:
    """Tell whether this is an unfinished file or lies in a journal; a result may have a dot before its name, too."""
    return any(name.startswith(".") and name.endswith((".part", ".cleaner")) for name in path.parts)


def _file(system: Any, path: str, name: str) -> RemoteFile:
    return RemoteFile(system.unstrip_protocol(path), name, int(system.size(path) or 0), str(system.ukey(path)))


def _system(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtra("reading and writing at addresses", "corpora") from error
    try:
        system, path = fsspec.url_to_fs(url)
    except ImportError as error:
        raise CleanerError(f"{url}: {error}") from error
    except ValueError as error:
        raise InputError(f"is no address that fsspec knows: {error}", path=url) from error
    return system, path
