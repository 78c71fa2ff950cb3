"""Rows in bounded memory: sorted runs, spilled to disk when they grow, and put together in slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cleaner.sites.rows import DTYPES, EMPTY, NUMBERS, Rows, combine

BUDGET = 96_000_000
"""Bytes of rows in memory from which on they go to disk."""
_FAN = 48
"""So many runs on disk are put together into one."""
_SLICE = 1 << 17
"""About so many rows are put together at once."""
COLUMNS = (*NUMBERS, "text_end", "text")


class RowFiles:
    """Sorted rows on disk, one file a column, written slice by slice."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.paths = {name: folder / name for name in COLUMNS}
        self._files: dict[str, BinaryIO] = {name: path.open("wb") for name, path in self.paths.items()}
        self._text = 0
        self.count = 0

    def add(self, rows: Rows) -> None:
        """Add rows that come after those before."""
        for name, column in zip(NUMBERS, rows.numbers, strict=True):
            self._files[name].write(np.ascontiguousarray(column).data)
        ends = np.asarray(rows.text_end) + np.uint64(self._text)
        self._files["text_end"].write(ends.astype("<u8").data)
        self._files["text"].write(rows.text)
        self._text += len(rows.text)
        self.count += rows.rows

    def close(self) -> None:
        """Finish writing."""
        for file in self._files.values():
            file.close()

    def rows(self) -> Rows:
        """Close the files and read them as they are needed."""
        self.close()
        if not self.count:
            return EMPTY
        text = np.memmap(self.paths["text"], np.uint8, "r") if self._text else np.zeros(0, np.uint8)
        numbers = [np.memmap(self.paths[name], DTYPES[name], "r") for name in NUMBERS]
        return Rows._make((*numbers, text.data, np.memmap(self.paths["text_end"], "<u8", "r")))

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
        self._far: list[tuple[RowFiles, Rows]] = []
        self._held = 0
        self._made = 0

    def add(self, rows: Rows) -> None:
        """Take combined rows."""
        self._near.append(rows)
        self._held += rows.size
        if self._held > self._budget:
            self._spill()

    def slices(self, sites: NDArray[Any] | None = None, more: Sequence[Rows] = ()) -> Iterator[Rows]:
        """Yield everything combined, sorted by key and site, no key in two slices.

        *sites* gives the sites new numbers; *more* are rows from elsewhere, whose sites have theirs already.
        """
        held = [*self._near, *(rows for _, rows in self._far)]
        moved = (None if sites is None else sites.astype(np.uint32),) * len(held)
        yield from sliced([*held, *more], [*moved, *([None] * len(more))])

    def _spill(self) -> None:
        self._write(self._near)
        self._near, self._held = [], 0
        if len(self._far) >= _FAN:
            old, self._far = self._far, []
            self._write([rows for _, rows in old])
            for files, _ in old:
                files.remove()

    def _write(self, runs: Sequence[Rows]) -> None:
        files = RowFiles(self._folder / f"run-{self._made}")
        self._made += 1
        for rows in sliced(runs, [None] * len(runs)):
            files.add(rows)
        self._far.append((files, files.rows()))


def sliced(runs: Sequence[Rows], sites: Sequence[NDArray[np.uint32] | None]) -> Iterator[Rows]:
    """Combine sorted runs in slices by their keys, which are hashes and so lie evenly."""
    count = max(1, sum(run.rows for run in runs) // _SLICE)
    edges = np.array([(number << 64) // count for number in range(count)], np.uint64)
    bounds = [[*np.searchsorted(run.key, edges).tolist(), run.rows] for run in runs]
    for number in range(count):
        parts = [run.part(*of_run[number : number + 2]) for run, of_run in zip(runs, bounds, strict=True)]
        yield combine([part if of is None else part.moved(of) for part, of in zip(parts, sites, strict=True)])
