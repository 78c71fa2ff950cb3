"""One peer timed over whole pages: `python -m bench.page_speed PEER PAGES.jsonl[.zst]`, JSON on stdout."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.workloads import peak_mb
from cleaner.errors import InputError, MissingExtra
from cleaner.lab.extractors import language
from cleaner.lab.page_peers import Extract, load, named
from cleaner.lab.records import read_records

WARMING = 5
"""Pages run before the clock starts; importing a peer is timed apart."""


def run(name: str, path: Path) -> dict[str, float]:
    """Time one peer over the pages of a file; a page on which it fails is timed until then.

    Seconds are those of the processor, all threads together, which is what one core would need;
    the clock on the wall also measures whatever else the machine has to do.
    """
    pages = list(_pages(path))
    before = peak_mb()
    started = time.perf_counter()
    extract = load(named(name))
    _failures(extract, pages[:WARMING])
    ready, cpu = time.perf_counter(), time.process_time()
    failed = _failures(extract, pages)
    seconds, wall_seconds = time.process_time() - cpu, time.perf_counter() - ready
    return {
        "documents": len(pages),
        "megabytes": sum(len(html.encode("utf-8", "surrogatepass")) for html, _ in pages) / 1e6,
        "failed": failed,
        "seconds": seconds,
        "wall_seconds": wall_seconds,
        "ready_seconds": ready - started,
        "pages_mb": before,
        "peak_mb": peak_mb(),
    }


def _pages(path: Path) -> Iterator[tuple[str, str]]:
    for place, record in read_records(path):
        html = record.get("html")
        if not isinstance(html, str):
            raise InputError("`html` must be a string", path=path, place=place)
        yield html, language(html, record.get("lang"))


def _failures(extract: Extract, pages: list[tuple[str, str]]) -> int:
    failed = 0
    for html, lang in pages:
        try:
            extract(html, lang)
        except Exception:  # noqa: BLE001 -- a tool may fail in any way; that is counted
            failed += 1
    return failed


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    # What a tool prints must not stand among the figures.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as out:
        os.dup2(2, 1)
        try:
            figures: dict[str, float] | dict[str, str] = run(sys.argv[1], Path(sys.argv[2]))
        except MissingExtra as missing:
            figures = {"missing": str(missing)}
        out.write(json.dumps(figures))
