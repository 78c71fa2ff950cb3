"""What each front costs over plain `clean_many`, each in a fresh process: `python -m bench.pipelines`.

    python -m bench.pipelines [--documents 3000] [--repeats 3] [--engines 20000] [--json FILE]

Fronts of one process are compared by processor seconds, all threads together; Ray and Spark, whose work
is done by other processes, by the clock, with one and two workers, on more documents and without
their start. Of several runs the fastest counts. Reports are written by every front and so by plain
`clean_many` too in the row that the others are compared with; what that costs is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import texts
from bench.speed import fastest
from bench.workloads import WARMING
from cleaner import Cleaner
from cleaner.document import Document
from cleaner.errors import MissingExtra
from cleaner.lab.records import read_records
from cleaner.lab.tables import markdown

Run = Callable[[list[str]], int]
"""Cleans texts and returns how many came out."""
PLAIN, WITH_REPORTS = "clean_many alone", "clean_many with reports"


def _plain(*, reports: bool) -> Run:
    cleaner = Cleaner()

    def run(given: list[str]) -> int:
        documents = (Document(str(number), text) for number, text in enumerate(given))
        done = [
            (cleaned.text, json.dumps(cleaned.report.as_dict()) if reports else None)
            for cleaned in cleaner.clean_many(documents)
        ]
        return len(done)

    return run


def _sklearn() -> Run:
    from cleaner.adapters.sklearn import BoilerplateRemover

    return lambda given: len(BoilerplateRemover(reports=True).fit_transform(given))


def _datasets() -> Run:
    import datasets

    from cleaner.adapters.datasets import CleanColumns

    datasets.disable_progress_bars()
    return lambda given: len(datasets.Dataset.from_dict({"text": given}).map(CleanColumns(), batched=True))


def _polars() -> Run:
    import polars as pl

    from cleaner.adapters.polars import clean_frame

    return lambda given: len(clean_frame(pl.DataFrame({"text": given})))


def _pandas() -> Run:
    import pandas as pd

    from cleaner.adapters.pandas import clean_frame

    return lambda given: len(clean_frame(pd.DataFrame({"text": given})))


def _datatrove() -> Run:
    from datatrove.data import Document as Theirs

    from cleaner.adapters.datatrove import CleanDocuments

    def run(given: list[str]) -> int:
        step = CleanDocuments()
        documents = [Theirs(text, str(number)) for number, text in enumerate(given)]
        return sum(1 for _ in step.run(documents)) + step.stats["dropped"].total

    return run


def _ray(workers: int) -> Run:
    import ray
    import ray.data

    from cleaner.adapters.ray import CleanColumns

    ray.init("local", num_cpus=workers + 2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)

    def run(given: list[str]) -> int:
        rows = ray.data.from_items([{"text": text} for text in given], override_num_blocks=8 * workers)
        pool = ray.data.ActorPoolStrategy(size=workers)
        done = rows.map_batches(CleanColumns, batch_format="pyarrow", compute=pool)
        return int(done.materialize().count())

    return run


def _spark(workers: int) -> Run:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from cleaner.adapters.spark import clean_frame

    builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.driver.memory", "2g").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")

    def run(given: list[str]) -> int:
        with tempfile.TemporaryDirectory() as folder:
            rows = spark.createDataFrame([(text,) for text in given], "text string").repartition(4 * workers)
            rows.write.parquet(f"{folder}/raw")
            started = time.perf_counter()
            clean_frame(spark.read.parquet(f"{folder}/raw")).write.parquet(f"{folder}/clean")
            run.seconds = time.perf_counter() - started  # type: ignore[attr-defined]
            return int(spark.read.parquet(f"{folder}/clean").count())

    return run


FRONTS: dict[str, Callable[[], Run]] = {
    PLAIN: lambda: _plain(reports=False),
    WITH_REPORTS: lambda: _plain(reports=True),
    "scikit-learn": _sklearn,
    "datasets": _datasets,
    "datatrove": _datatrove,
    "Polars": _polars,
    "pandas": _pandas,
}
ENGINES: dict[str, Callable[[], Run]] = {
    WITH_REPORTS: FRONTS[WITH_REPORTS],
    "Ray, 1 worker": lambda: _ray(1),
    "Ray, 2 workers": lambda: _ray(2),
    "Spark, 1 worker": lambda: _spark(1),
    "Spark, 2 workers": lambda: _spark(2),
}


def measure(name: str, path: Path) -> dict[str, Any]:
    """Time one front over the texts of a file: seconds of this process's processors, and by the clock."""
    given = [record["text"] for _, record in read_records(path)]
    run = {**FRONTS, **ENGINES}[name]()
    run(given[:WARMING])
    started, cpu = time.perf_counter(), time.process_time()
    count = run(given)
    seconds, wall = time.process_time() - cpu, time.perf_counter() - started
    if count != len(given):
        raise RuntimeError(f"{name}: {count} of {len(given)} documents came out")
    return {"documents": count, "seconds": seconds, "wall_seconds": getattr(run, "seconds", wall)}


def table(results: dict[str, dict[str, Any]], by: str, base: str) -> str:
    """Lay out rates and what each front costs over the *base*, as a share of its time."""
    rows = []
    for name, result in results.items():
        if "missing" in result:
            rows.append([name, result["missing"], ""])
            continue
        over = result[by] / results[base][by] - 1
        rows.append([name, f"{result['documents'] / result[by]:,.0f}", "" if name == base else f"{over:+.0%}"])
    return markdown(["", "documents/s", f"time over {base}"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    options = _options(arguments)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for names, count, by, repeats in (
            (FRONTS, options.documents, "seconds", options.repeats),
            (ENGINES, options.engines, "wall_seconds", 1),
        ):
            sample = Path(folder) / f"{by}.jsonl"
            texts.write(texts.texts_of(None, count), sample)
            results = fastest("bench.pipelines", list(names), sample, repeats) if count else {}
            found[by] = results
            if results:
                print(f"{count:,} articles, by {by.replace('_', ' ')}\n\n{table(results, by, WITH_REPORTS)}\n")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.pipelines", description=__doc__.partition("\n")[0] if __doc__ else None
    )
    parser.add_argument("--documents", type=int, default=3_000, help="articles for the fronts of one process")
    parser.add_argument("--engines", type=int, default=20_000, help="articles for Ray and Spark")
    parser.add_argument("--repeats", type=int, default=3, help="how often each front of one process is timed")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args(arguments)


def _one(name: str, path: Path) -> None:
    try:
        print(json.dumps(measure(name, path)))
    except MissingExtra as missing:
        print(json.dumps({"missing": str(missing)}))


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in {**FRONTS, **ENGINES}:
        _one(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
