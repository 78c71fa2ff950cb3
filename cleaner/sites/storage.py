"""The file of a site memory: columns of numbers behind a short JSON head, sealed with a digest.

Nothing in it is run or unpacked; every column is mapped where the head says, once head, size and
digest have been checked. docs/sites.md describes the format.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import ModelError
from cleaner.sites.memory import Memory
from cleaner.sites.rows import DTYPES, EMPTY, NUMBERS, Counts, Rows
from cleaner.sites.shelf import COLUMNS, RowFiles, StoredRows
from cleaner.sites.soundness import fault_in_names, fault_in_rows

MAGIC = b"cleaner site memory\n"
VERSION = 1
"""Of the format and of the keys: files of another version are refused."""
_ALIGN = 64
_SEAL = hashlib.sha256().digest_size
_HEAD = 1 << 14
_PIECE = 1 << 20

Write = Callable[[bytes], object]


def write_memory(
    write: Write, folder: Path, slices: Iterator[Rows], sites: Mapping[str, int], *, whole: bool
) -> Memory:
    """Write a memory of sorted *slices* of rows; *sites* gives the documents of each site, sorted by name.

    *folder* is room for what does not fit into memory.
    """
    files = RowFiles(folder / "columns")
    for rows in slices:
        files.add(rows)
    files.close()
    names = "\n".join(sites).encode()
    documents = np.fromiter(sites.values(), "<u4", len(sites)).tobytes()
    columns: list[tuple[str, int]] = [("names", len(names)), ("site_documents", len(documents))]
    columns += [(name, path.stat().st_size) for name, path in files.paths.items()]
    sealed = _Sealed(write)
    sealed.write(_head(columns, len(sites), files.rows, whole=whole))
    for raw in (names, documents):
        sealed.write(raw)
        sealed.fill()
    for path in files.paths.values():
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                sealed.write(piece)
        sealed.fill()
    write(sealed.digest.digest())
    return Memory(whole, {name: at for at, name in enumerate(sites)}, np.frombuffer(documents, "<u4"), files.mapped())


class _Sealed:
    """Writes, and keeps the digest of everything written."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._count = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self._write(data)
        self.digest.update(data)
        self._count += len(data)

    def fill(self) -> None:
        """Go on at a place where numbers may begin."""
        self.write(bytes(-self._count % _ALIGN))


def _head(columns: Sequence[tuple[str, int]], sites: int, rows: int, *, whole: bool) -> bytes:
    facts = {"version": VERSION, "whole": whole, "sites": sites, "rows": rows, "columns": dict(columns)}
    text = json.dumps(facts, separators=(",", ":")).encode()
    room = -(len(MAGIC) + 4 + len(text)) % _ALIGN
    return MAGIC + (len(text) + room).to_bytes(4, "little") + text + b" " * room


def load_memory(path: Path) -> Memory:
    """Check and map a memory, once per process as long as the file stays the same.

    Raises `ModelError` for what is no site memory, is damaged, or was made with other keys.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise ModelError(
            f"cannot be read: {error.strerror or error}; learn it: cleaner sites learn", path=path
        ) from error
    return _load(path, stat.st_mtime_ns, stat.st_size)


class Stored(NamedTuple):
    """A memory on disk that is about to be put together with others."""

    whole: bool
    sites: Mapping[str, int]
    documents: Counts
    rows: StoredRows


def stored_memory(path: Path) -> Stored:
    """Check a memory as `load_memory` does; its rows are read when they are asked for, so that they take no room."""
    return _checked(path)[0]


def _column(file: BinaryIO, start: int, stop: int) -> NDArray[np.uint8]:
    file.seek(start)
    return np.frombuffer(file.read(stop - start), np.uint8)


@lru_cache(maxsize=8)
def _load(path: Path, changed: int, size: int) -> Memory:  # noqa: ARG001 - the time of change is part of the key
    stored, places = _checked(path)
    raw = np.memmap(path, np.uint8, "r")
    parts = {name: raw[start:stop] for name, (start, stop) in places.items()}
    numbers = [parts[name].view(DTYPES[name]) for name in (*NUMBERS, "text_end")]
    rows = Rows._make((*numbers[:-1], parts["text"].data, numbers[-1])) if stored.rows.rows else EMPTY
    return Memory(stored.whole, stored.sites, stored.documents, rows)


def _checked(path: Path) -> tuple[Stored, dict[str, tuple[int, int]]]:
    """Return a memory and where its columns lie, once all of it has been checked."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            facts, begin = _read_head(file, path)
            places = _places(facts, begin, size, path)
            _check_seal(file, size, path)
            sites = _sites(facts["sites"], _column(file, *places["names"]), path)
            documents = _column(file, *places["site_documents"]).view("<u4")
        rows = StoredRows({name: (path, places[name][0]) for name in COLUMNS}, facts["rows"])
        begin, stop = places["text"]
        if fault := fault_in_rows(rows, documents, stop - begin):
            raise ModelError(f"{fault}; learn it anew", path=path)
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror or error}", path=path) from error
    return Stored(facts["whole"], sites, documents, rows), places


def _read_head(file: BinaryIO, path: Path) -> tuple[dict[str, Any], int]:
    if file.read(len(MAGIC)) != MAGIC:
        raise ModelError("is no site memory; cleaner sites learn makes one", path=path)
    length = int.from_bytes(file.read(4), "little")
    raw = file.read(length) if length <= _HEAD else b""
    try:
        facts = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ModelError("has a broken head; learn it anew", path=path) from error
    if not isinstance(facts, dict) or facts.get("version") != VERSION:
        raise ModelError("is of another version of cleaner; learn it anew", path=path)
    return facts, len(MAGIC) + 4 + length


def _places(facts: Mapping[str, Any], begin: int, size: int, path: Path) -> dict[str, tuple[int, int]]:
    """Return where each column lies; every one must have the length that the counts ask for, and all fill the file."""
    lengths, sites, rows = facts.get("columns"), facts.get("sites"), facts.get("rows")
    counts = [sites, rows, *lengths.values()] if isinstance(lengths, dict) else [None]
    sound = isinstance(facts.get("whole"), bool) and all(type(count) is int and count >= 0 for count in counts)
    if not isinstance(lengths, dict) or not sound:
        raise ModelError("has a broken head; learn it anew", path=path)
    asked = _lengths(int(sites or 0), int(rows or 0))
    if {*lengths} != {"names", "text", *asked} or any(lengths[name] != length for name, length in asked.items()):
        raise ModelError("has columns of the wrong length; learn it anew", path=path)
    places, at = {}, begin
    for name, length in lengths.items():
        places[name] = (at, at + length)
        at += length + -(at + length) % _ALIGN
    if at + _SEAL != size:
        raise ModelError(f"has {size} bytes where {at + _SEAL} are due: cut short or damaged; learn it anew", path=path)
    return places


def _lengths(sites: int, rows: int) -> dict[str, int]:
    """Return how many bytes the columns of numbers must have."""
    return {"site_documents": 4 * sites, **{name: DTYPES[name].itemsize * rows for name in (*NUMBERS, "text_end")}}


def digest_of(path: Path) -> str:
    """Return twelve digits of the seal of a site memory; raises `ModelError` for a file that is missing or damaged."""
    load_memory(path)
    with path.open("rb") as file:
        file.seek(-_SEAL, os.SEEK_END)
        return file.read(_SEAL).hex()[:12]


def _check_seal(file: BinaryIO, size: int, path: Path) -> None:
    file.seek(0)
    digest = hashlib.sha256()
    left = size - _SEAL
    while left:
        piece = file.read(min(_PIECE, left))
        if not piece:
            break
        digest.update(piece)
        left -= len(piece)
    if file.read(_SEAL) != digest.digest():
        raise ModelError("is damaged: its digest is another; learn it anew", path=path)


def _sites(count: int, raw: NDArray[np.uint8], path: Path) -> dict[str, int]:
    try:
        joined = raw.tobytes().decode()
    except UnicodeDecodeError as error:
        raise ModelError("has a broken list of sites; learn it anew", path=path) from error
    names = joined.split("\n") if count or joined else []
    if len(names) != count:
        raise ModelError("has a broken list of sites; learn it anew", path=path)
    if fault := fault_in_names(names):
        raise ModelError(f"{fault}; learn it anew", path=path)
    return {name: at for at, name in enumerate(names)}
