"""Memories cut by the keys of their lines, so that none need be put together in one place."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cleaner.sites.rows import ANYWHERE, Rows
from cleaner.sites.shelf import key_edges
from cleaner.sites.storage import Stored, write_memory


def cut(memory: Stored, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield up to *count* pieces with their numbers, each a memory by itself; empty ones are left out.

    Every line is in the piece of one number, in whatever memory it stands. So pieces of whole memories
    lose nothing when those of a number are merged lean, nor do the results when they are merged with each
    other. How many documents the sites have, the first piece says alone.
    """
    bounds = memory.rows.bounds(key_edges(count))
    for number in range(count):
        rows = memory.rows.part(*bounds[number : number + 2])
        if number == 0:
            sites = dict(zip(memory.sites, memory.documents.tolist(), strict=True))
            yield number, _written(rows, sites, whole=memory.whole)
        elif rows.rows:
            yield number, _written(*_its_sites(rows, list(memory.sites)), whole=memory.whole)


def _its_sites(rows: Rows, names: list[str]) -> tuple[Rows, dict[str, int]]:
    """Return rows with numbers for their own sites alone, and these sites, without documents."""
    used = np.unique(rows.site[rows.site != ANYWHERE])
    numbers = np.zeros(len(names), np.uint32)
    numbers[used] = np.arange(len(used))
    return rows.moved(numbers), {names[at]: 0 for at in used.tolist()}


def _written(rows: Rows, sites: dict[str, int], *, whole: bool) -> bytes:
    held = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="cleaner-sites-") as room:
        write_memory(held.write, Path(room), iter([rows]), sites, whole=whole)
    return held.getvalue()
