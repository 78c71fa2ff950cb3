"""What each front costs over plain `clean_many`, each in a fresh process: `python -m bench.pipelines`.

    python -m bench.pipelines [--only NAME …] [--documents 3000] [--repeats 3] [--engines 60000] [--json FILE]

Fronts of one process, and the service with its client, are compared by processor seconds: all threads
and processes together. Of several runs the fastest counts. Ray and Spark are compared by the clock, from Parquet to
Parquet, with `clean_many` in as many processes, on more documents. Their start (actors, model) is told apart, and so
is how many processors they had meanwhile: where those are fewer than the workers, the machine was
busy, and a second worker cannot show what it is worth. Reports are written by every front and so by plain
`clean_many` too in the rows that the others are compared with; what that costs is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import texts
from bench.pipeline_runs import ENGINES, FRONTS, TWO_PROCESSES, WITH_REPORTS
from bench.speed import fastest
from cleaner.lab.tables import markdown

Results = dict[str, dict[str, Any]]


def front_table(results: Results) -> str:
    """Lay out rates by processor seconds, and what each front costs over plain `clean_many`."""
    rows = []
    for name, result in results.items():
        if "missing" in result:
            rows.append([name, result["missing"], ""])
            continue
        rate = result["documents"] / result["seconds"]
        rows.append([name, f"{rate:,.0f}", _over(name, results, lambda one: float(one["seconds"]))])
    return markdown(["", "documents/s", f"time over {WITH_REPORTS}"], rows)


def engine_table(results: Results) -> str:
    """Lay out rates after the start, what each costs over as many processes of `clean_many`, and what the start takes.

    Costs are by the clock, and by processor seconds, which tell more on a busy machine.
    """
    rows = []
    for name, result in results.items():
        if "missing" in result:
            rows.append([name, result["missing"], *[""] * 4])
            continue
        rows.append(
            [
                name,
                f"{result['documents'] / _after_start(result, 'wall_seconds'):,.0f}",
                _over(name, results, lambda one: _after_start(one, "wall_seconds")),
                _over(name, results, lambda one: _after_start(one, "seconds")),
                f"{result['start_wall_seconds']:.1f}",
                f"{result['seconds'] / result['wall_seconds']:.1f}",
            ]
        )
    head = ["", "documents/s", "time over clean_many", "processor time over it", "start, s", "processors had"]
    return markdown(head, rows)


def _after_start(result: dict[str, Any], by: str) -> float:
    return max(float(result[by] - result[f"start_{by}"]), 0.001)


def _over(name: str, results: Results, cost: Callable[[dict[str, Any]], float]) -> str:
    """Return what a front costs over what it is compared with; nothing for that itself."""
    base = base_of(name)
    return "" if name == base else f"{cost(results[name]) / cost(results[base]) - 1:+.0%}"


def base_of(name: str) -> str:
    """Return what a front is compared with: `clean_many` in as many processes as clean."""
    return TWO_PROCESSES if name == TWO_PROCESSES or name.endswith("2 workers") else WITH_REPORTS


def chosen(fronts: Sequence[str], only: Sequence[str] | None) -> list[str]:
    """Return the names to be run, in the order of *fronts*: those asked for and what they are compared with."""
    asked = [name for name in fronts if only is None or name in only]
    return [name for name in fronts if name in asked or name in map(base_of, asked)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    options = _options(arguments)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, fronts, count, repeats in (
            ("fronts", FRONTS, options.documents, options.repeats),
            ("engines", ENGINES, options.engines, 1),
        ):
            names = chosen(list(fronts), options.only) if count else []
            if not names:
                continue
            sample = Path(folder) / f"{kind}.jsonl"
            texts.write(texts.texts_of(None, count), sample)
            found[kind] = fastest("bench.pipeline_runs", names, sample, repeats)
            told = "by processor seconds" if kind == "fronts" else "by the clock"
            table = front_table if kind == "fronts" else engine_table
            print(f"{count:,} articles, {told}\n\n{table(found[kind])}\n")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.pipelines", description=__doc__.partition("\n")[0] if __doc__ else None
    )
    names = [*FRONTS, *(name for name in ENGINES if name not in FRONTS)]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"run these alone: {'; '.join(names)}")
    parser.add_argument("--documents", type=int, default=3_000, help="articles for the fronts of one process")
    parser.add_argument("--engines", type=int, default=60_000, help="articles for Ray and Spark; 0 for none of them")
    parser.add_argument("--repeats", type=int, default=3, help="how often each front of one process is timed")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
