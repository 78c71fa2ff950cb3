"""One front timed in a process of its own: `python -m bench.pipeline_runs NAME TEXTS.jsonl`, JSON on stdout."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from bench.workloads import WARMING
from cleaner import Cleaner
from cleaner.document import Document
from cleaner.lab.records import read_records

PLAIN, WITH_REPORTS, TWO_PROCESSES = "clean_many alone", "clean_many with reports", "clean_many in two processes"
BATCH = 500
"""Documents in a request to the service."""
_BLOCK_ROWS = 1_000
_BLOCKS = 4
"""Pieces of the corpus a worker, so that none waits long for another."""


class Front(NamedTuple):
    """A way to clean texts."""

    clean: Callable[[Any], int]
    """Cleans what `lay` returned and tells how many came out."""
    lay: Callable[[list[str]], Any] = list
    """Puts texts where they come from in such a pipeline; not timed."""


def _plain(*, reports: bool) -> Front:
    return Front(partial(_clean, Cleaner(), reports=reports))


def _clean(cleaner: Cleaner, given: Sequence[str], *, reports: bool = True) -> int:
    documents = (Document(str(number), text) for number, text in enumerate(given))
    done = [
        (cleaned.text, json.dumps(cleaned.report.as_dict()) if reports else None)
        for cleaned in cleaner.clean_many(documents)
    ]
    return len(done)


def _one_by_one() -> Front:
    cleaner = Cleaner()
    return Front(lambda given: sum(_clean(cleaner, [text]) for text in given))


def _processes(workers: int) -> Front:
    pool = ProcessPoolExecutor(workers)

    def pieces(given: list[str]) -> list[list[str]]:
        return [given[at :: _BLOCKS * workers] for at in range(_BLOCKS * workers)]

    return Front(lambda parts: sum(pool.map(partial(_clean, Cleaner()), parts)), pieces)


def _sklearn() -> Front:
    from cleaner.adapters.sklearn import BoilerplateRemover

    return Front(lambda given: len(BoilerplateRemover(reports=True).fit_transform(given)))


def _datasets() -> Front:
    import datasets

    from cleaner.adapters.datasets import CleanColumns

    datasets.disable_progress_bars()
    return Front(lambda given: len(datasets.Dataset.from_dict({"text": given}).map(CleanColumns(), batched=True)))


def _polars() -> Front:
    import polars as pl

    from cleaner.adapters.polars import clean_frame

    return Front(lambda given: len(clean_frame(pl.DataFrame({"text": given}))))


def _pandas() -> Front:
    import pandas as pd

    from cleaner.adapters.pandas import clean_frame

    return Front(lambda given: len(clean_frame(pd.DataFrame({"text": given}))))


def _datatrove() -> Front:
    from datatrove.data import Document as Theirs

    from cleaner.adapters.datatrove import CleanDocuments

    def clean(given: list[str]) -> int:
        step = CleanDocuments()
        documents = [Theirs(text, str(number)) for number, text in enumerate(given)]
        return sum(1 for _ in step.run(documents)) + step.stats["dropped"].total

    return Front(clean)


def _service(batch: int) -> Front:
    """Ask a server in a process of its own, one request after the other, *batch* documents in each; 0 for `/clean`."""
    line = HTTPConnection("127.0.0.1", _served(), timeout=600)

    def ask(path: str, value: Any) -> Any:
        line.request("POST", path, json.dumps(value).encode(), {"Content-Type": "application/json"})
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(body.decode())
        return json.loads(body)

    def clean(given: list[str]) -> int:
        items = [{"id": str(number), "text": text} for number, text in enumerate(given)]
        if not batch:
            return sum("text" in ask("/clean", item) for item in items)
        requests = (items[first : first + batch] for first in range(0, len(items), batch))
        return sum(len(ask("/clean-many", {"documents": some})["documents"]) for some in requests)

    return Front(clean)


def _served() -> int:
    """Start `cleaner serve` and return its port; it ends with this process."""
    for package in ("fastapi", "uvicorn"):
        import_module(package)
    # Its words go to a file, since a pipe that nobody reads would stop it.
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([sys.executable, "-m", "cleaner", "serve", "--port", "0"], stderr=log)
        atexit.register(server.terminate)
        while server.poll() is None:
            if found := re.search(rb"Serving on http://127\.0\.0\.1:([0-9]+)", os.pread(log.fileno(), 10_000, 0)):
                return int(found[1])
            time.sleep(0.05)
        raise RuntimeError(os.pread(log.fileno(), 10_000, 0).decode())


class _Shards:
    """Folders of Parquet files, and one for the clean copy of each."""

    def __init__(self, room: Path, files: int) -> None:
        self._room = room
        self._files = files
        self._laid = 0

    def lay(self, given: list[str]) -> tuple[str, str]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._laid += 1
        raw, clean = (self._room / f"{name}-{self._laid}" for name in ("raw", "clean"))
        raw.mkdir()
        for at in range(self._files):
            pq.write_table(pa.table({"text": pa.array(given[at :: self._files], pa.string())}), raw / f"{at}.parquet")
        return str(raw), str(clean)


def _room() -> Path:
    """Make a folder that goes when this process ends."""
    room = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, room, ignore_errors=True)
    return Path(room)


def _rows(folder: str) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in Path(folder).glob("*.parquet"))


def _ray(workers: int) -> Front:
    import ray
    import ray.data

    from cleaner.adapters.ray import CleanColumns

    ray.init("local", num_cpus=workers + 2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)

    def clean(folders: tuple[str, str]) -> int:
        raw, done = folders
        pool = ray.data.ActorPoolStrategy(size=workers)
        # Ray makes one block of small files, which one actor would clean while the other looks on.
        rows = ray.data.read_parquet(raw).repartition(target_num_rows_per_block=_BLOCK_ROWS)
        rows.map_batches(CleanColumns, batch_format="pyarrow", compute=pool).write_parquet(done)
        return _rows(done)

    return Front(clean, _Shards(_room(), _BLOCKS * workers).lay)


def _spark(workers: int) -> Front:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from cleaner.adapters.spark import clean_frame

    builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    # Some partitions a core, since Spark packs files so that the last one may be left to one core alone.
    builder = builder.config("spark.sql.files.minPartitionNum", str(_BLOCKS * workers))
    spark = builder.config("spark.driver.memory", "2g").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")

    def clean(folders: tuple[str, str]) -> int:
        raw, done = folders
        clean_frame(spark.read.parquet(raw)).write.parquet(done)
        return _rows(done)

    return Front(clean, _Shards(_room(), _BLOCKS * workers).lay)


FRONTS: dict[str, Callable[[], Front]] = {
    PLAIN: lambda: _plain(reports=False),
    WITH_REPORTS: lambda: _plain(reports=True),
    "clean, one document a call": _one_by_one,
    "scikit-learn": _sklearn,
    "datasets": _datasets,
    "datatrove": _datatrove,
    "Polars": _polars,
    "pandas": _pandas,
    f"service, {BATCH} documents a request": lambda: _service(BATCH),
    "service, one document a request": lambda: _service(0),
}
ENGINES: dict[str, Callable[[], Front]] = {
    WITH_REPORTS: FRONTS[WITH_REPORTS],
    "Ray, 1 worker": lambda: _ray(1),
    "Spark, 1 worker": lambda: _spark(1),
    TWO_PROCESSES: lambda: _processes(2),
    "Ray, 2 workers": lambda: _ray(2),
    "Spark, 2 workers": lambda: _spark(2),
}


def measure(name: str, path: Path) -> dict[str, Any]:
    """Time one front over the texts of a file.

    `seconds` are those of the processors, in this process and in all that it started, and `wall_seconds`
    those by the clock; `start_` are the same of a run over hardly any texts, when all is loaded.
    """
    given = [record["text"] for _, record in read_records(path)]
    front = {**FRONTS, **ENGINES}[name]()
    front.clean(front.lay(given[:WARMING]))
    _, start_wall, start = _timed(front, given[:WARMING])
    count, wall, seconds = _timed(front, given)
    if count != len(given):
        raise RuntimeError(f"{name}: {count} of {len(given)} documents came out")
    return {
        "documents": count,
        "seconds": seconds,
        "wall_seconds": wall,
        "start_seconds": start,
        "start_wall_seconds": start_wall,
    }


def _timed(front: Front, given: list[str]) -> tuple[int, float, float]:
    laid = front.lay(given)
    before, started = processor_seconds(), time.perf_counter()
    count = front.clean(laid)
    return count, time.perf_counter() - started, processor_seconds() - before


def processor_seconds() -> float:
    """Return what this process and those that it started have had of the processors so far."""
    import psutil

    # The first four are its own, of user and system, and those of its children that ended.
    children = (sum(child.cpu_times()[:4]) for child in psutil.Process().children(recursive=True))
    return time.process_time() + sum(children)


def figures(name: str, path: Path) -> dict[str, Any]:
    """Return the figures of a front, or what it needs that is not installed."""
    try:
        return measure(name, path)
    except ImportError as missing:
        return {"missing": str(missing)}


if __name__ == "__main__":
    # Engines print there too, and so do the processes that they start.
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps(figures(sys.argv[1], Path(sys.argv[2]))), file=told, flush=True)
