"""Rows in bounded memory: sorted runs, spilled to disk when they grow, and put together in slices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.sites.rows import DTYPES, EMPTY, NUMBERS, Rows, combine
from cleaner.stack import Hashes

BUDGET = 96_000_000
"""Bytes of rows in memory from which on they go to disk."""
_FAN = 48
"""So many runs on disk are put together into one."""
_SLICE = 1 << 17
"""About so many rows are put together at once."""
COLUMNS = (*NUMBERS, "text_end", "text")


Put = Callable[[Sequence[Rows]], Rows]
"""Puts sorted rows together."""


class Run(Protocol):
    """Sorted rows, in memory or elsewhere."""

    @property
    def rows(self) -> int:
        """How many there are."""

    def bounds(self, edges: Hashes) -> list[int]:
        """Return the first row whose key is not below each edge, and one more for the end."""

    def part(self, first: int, stop: int) -> Rows:
        """Return the rows from *first* to before *stop*."""


class StoredRows:
    """Sorted rows on disk; mapped, all of them would count as memory in the end, so they are read."""

    def __init__(self, places: Mapping[str, tuple[Path, int]], rows: int) -> None:
        """Read from *places*: for each column a file and the byte at which it begins there."""
        self._places = places
        self.rows = rows

    def bounds(self, edges: Hashes) -> list[int]:
        """Return the first row whose key is not below each edge, and one more for the end."""
        if not self.rows:
            return [0] * (len(edges) + 1)
        path, offset = self._places["key"]
        keys = np.memmap(path, DTYPES["key"], "r", offset, (self.rows,))
        return [*np.searchsorted(keys, edges).tolist(), self.rows]

    def part(self, first: int, stop: int) -> Rows:
        """Read some rows."""
        if first >= stop:
            return EMPTY
        numbers = [self.column(name, first, stop) for name in NUMBERS]
        before = int(self.column("text_end", first - 1, first)[0]) if first else 0
        ends = self.column("text_end", first, stop)
        path, offset = self._places["text"]
        with path.open("rb") as file:
            file.seek(offset + before)
            text = file.read(int(ends[-1]) - before)
        return Rows._make((*numbers, text, ends - np.uint64(before)))

    def column(self, name: str, first: int, stop: int) -> NDArray[Any]:
        """Read the numbers of some rows in one column."""
        kind, (path, offset) = DTYPES[name], self._places[name]
        return np.fromfile(path, kind, min(stop, self.rows) - first, offset=offset + first * kind.itemsize)


class RowFiles(StoredRows):
    """Sorted rows on their way to disk, one file a column, written slice by slice."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.paths = {name: folder / name for name in COLUMNS}
        super().__init__({name: (path, 0) for name, path in self.paths.items()}, 0)
        self._files: dict[str, BinaryIO] = {name: path.open("wb") for name, path in self.paths.items()}
        self._text = 0

    def add(self, rows: Rows) -> None:
        """Add rows that come after those before."""
        for name, column in zip(NUMBERS, rows.numbers, strict=True):
            self._files[name].write(np.ascontiguousarray(column).data)
        ends = np.asarray(rows.text_end) + np.uint64(self._text)
        self._files["text_end"].write(ends.astype(DTYPES["text_end"]).data)
        self._files["text"].write(rows.text)
        self._text += len(rows.text)
        self.rows += rows.rows

    def close(self) -> None:
        """Finish writing; only then can be read."""
        for file in self._files.values():
            file.close()

    def mapped(self) -> Rows:
        """Return all rows, read as they are looked up."""
        if not self.rows:
            return EMPTY
        text = np.memmap(self.paths["text"], np.uint8, "r").data if self._text else b""
        numbers = [np.memmap(self.paths[name], DTYPES[name], "r") for name in (*NUMBERS, "text_end")]
        return Rows._make((*numbers[:-1], text, numbers[-1]))

    def remove(self) -> None:
        """Delete the files."""
        for path in self.paths.values():
            path.unlink(missing_ok=True)


class Shelf:
    """Takes rows in any order and gives them back combined; what does not fit into memory lies in *folder*."""

    def __init__(self, folder: Path, budget: int = BUDGET) -> None:
        self._folder = folder
        self._budget = budget
        self._near: list[Rows] = []
        self._far: list[RowFiles] = []
        self._held = 0
        self._made = 0

    def add(self, rows: Rows) -> None:
        """Take combined rows."""
        self._near.append(rows)
        self._held += rows.size
        if self._held > self._budget:
            self._spill()

    def slices(
        self, sites: NDArray[np.uint32], more: Sequence[tuple[Run, NDArray[np.uint32]]] = (), put: Put = combine
    ) -> Iterator[Rows]:
        """Yield everything *put* together, sorted by key and site, no key in two slices.

        *sites* gives the sites new numbers; *more* are rows from elsewhere, each with the new numbers of its own.
        """
        held: list[Run] = [*self._near, *self._far]
        yield from sliced([*held, *(run for run, _ in more)], [*[sites] * len(held), *(of for _, of in more)], put)

    def _spill(self) -> None:
        self._write(self._near)
        self._near, self._held = [], 0
        if len(self._far) >= _FAN:
            old, self._far = self._far, []
            self._write(old)
            for files in old:
                files.remove()

    def _write(self, runs: Sequence[Run]) -> None:
        files = RowFiles(self._folder / f"run-{self._made}")
        self._made += 1
        for rows in sliced(runs, [None] * len(runs)):
            files.add(rows)
        files.close()
        self._far.append(files)


def sliced(runs: Sequence[Run], sites: Sequence[NDArray[np.uint32] | None], put: Put = combine) -> Iterator[Rows]:
    """Put together sorted runs in slices by their keys, which are hashes and so lie evenly."""
    count = max(1, sum(run.rows for run in runs) // _SLICE)
    bounds = [run.bounds(key_edges(count)) for run in runs]
    for number in range(count):
        parts = [run.part(*of_run[number : number + 2]) for run, of_run in zip(runs, bounds, strict=True)]
        yield put([part if of is None else part.moved(of) for part, of in zip(parts, sites, strict=True)])


def key_edges(count: int) -> Hashes:
    """Return where *count* equal stretches of keys begin."""
    return np.array([(number << 64) // count for number in range(count)], np.uint64)
