"""One timed run over a file in a process of its own: `python -m bench.corpus_runs NAME FILE [JOBS]`, JSON on stdout."""

from __future__ import annotations

import gc
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.workloads import peak_mb
from cleaner import Cleaner
from cleaner.corpus import Asked, Format, Reading, Settings, clean_corpus, documents, find, plan_run
from cleaner.document import Document
from cleaner.errors import MissingExtra
from cleaner.lab import peers

Work = Callable[[Path, Path], object]
"""Reads the file and writes into the folder."""


def _corpus(jobs: int, *, rules_only: bool = False) -> Work:
    engine = Cleaner(rules_only=rules_only)

    def work(path: Path, out: Path) -> None:
        # Of web archives JSON lines are made: they are not written as pages again.
        into = Format.JSONL if find([path])[0].format is Format.WARC else None
        target = out / f"{path.name.partition('.')[0]}.jsonl"
        clean_corpus(engine, plan_run([path], str(target), Asked(into=into)), Settings(jobs=jobs))

    return work


def _in_memory(_jobs: int) -> Work:
    """Clean pages that are in memory already, as the splitter and the model do; the first time reads them."""
    engine = Cleaner()
    held: dict[Path, list[Document]] = {}

    def work(path: Path, _out: Path) -> None:
        if path not in held:
            held[path] = [entry.document for entry in documents(find([path])[0], Reading()) if entry.document]
        for _ in engine.clean_many(held[path]):
            pass

    return work


def _datatrove(_jobs: int) -> Work:
    rules = peers.c4_filter(terminal_punct=True)
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from loguru import logger

    logger.remove()

    def work(path: Path, out: Path) -> None:
        reader = JsonlReader(str(path.parent), glob_pattern=path.name, compression=None)
        writer = JsonlWriter(str(out / "clean"), compression=None)
        LocalPipelineExecutor([reader, rules, writer], logging_dir=str(out / "logs")).run()

    return work


RUNS: dict[str, Callable[[int], Work]] = {
    "cleaner": _corpus,
    "cleaner, rules alone": lambda jobs: _corpus(jobs, rules_only=True),
    "datatrove": _datatrove,
    "in memory": _in_memory,
}


def run(name: str, path: Path, jobs: int = 1) -> dict[str, Any]:
    """Do one run twice, the second time with the clock on; seconds are those of the processor.

    Of *path* the size is told, of the processes how much memory each had at most.
    """
    gc.set_threshold(50_000)  # as the command line does
    work = RUNS[name](jobs)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        if jobs == 1:
            warm = path.with_name(f"warm-{path.name}")
            work(warm if warm.exists() and name != "in memory" else path, Path(folder) / "warm")
        with _watched() as workers:
            before, children, started = time.process_time(), _of_children(), time.perf_counter()
            work(path, Path(folder) / "out")
            wall_seconds = time.perf_counter() - started
            seconds, of_workers = time.process_time() - before, _of_children() - children
    return {
        "seconds": seconds,
        "worker_seconds": of_workers,
        "wall_seconds": wall_seconds,
        "peak_mb": peak_mb(),
        "worker_peak_mb": max(workers.values(), default=0.0),
    }


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _watched() -> Iterator[dict[int, float]]:
    """Note the most memory that each process begun meanwhile has had, in MB; it is asked for every tenth second."""
    found: dict[int, float] = {}
    done = threading.Event()

    def watch() -> None:
        import psutil

        me = psutil.Process()
        while not done.wait(0.1):
            for child in me.children():
                try:
                    status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii", errors="replace")
                except OSError:
                    continue
                rows = (row.split() for row in status.splitlines() if row.startswith("VmHWM:"))
                found[child.pid] = max([found.get(child.pid, 0.0), *(int(row[1]) / 1024 for row in rows)])

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    try:
        print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), int((*sys.argv, "1")[3]))))
    except MissingExtra as missing:
        print(json.dumps({"missing": str(missing)}))
