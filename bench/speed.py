"""Speed, memory and start-up beside two peers, each measured in a fresh process on one core.

    python -m bench.speed [TEXTS.jsonl[.zst]] [--documents 3000] [--repeats 3] [--json FILE]

Without a file the texts are written out of the seeds. Rates count the processor's seconds, and of several
runs the fastest, because what slows a run down is the machine's other work; starts are medians by the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import texts
from bench.workloads import WORKLOADS
from cleaner.errors import CleanerError
from cleaner.lab.tables import markdown

ROOT = Path(__file__).parents[1]
OURS = "cleaner"
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB", "BLIS")
ONE_CORE = {f"{library}_NUM_THREADS": "1" for library in _THREADS} | {"PYTHONHASHSEED": "0"}
HEAVY = ("sklearn", "scipy", "pandas", "pyarrow", "click")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return an exit code."""
    options = _options(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            sample = Path(folder) / "texts.jsonl"
            texts.write(texts.texts_of(options.texts, options.documents), sample)
            rates = throughput(sample, options.repeats)
            starts = {"import": import_time(), "command": command_time(Path(folder))}
    except (CleanerError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    print(_rate_table(rates), _start_table(starts), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps({"throughput": rates, "start": starts}, indent=2) + "\n", encoding="utf-8")
    return 0


def throughput(sample: Path, repeats: int) -> dict[str, dict[str, Any]]:
    """Time every workload, in turns, and keep the fastest run of each."""
    return fastest("bench.workloads", list(WORKLOADS), sample, repeats)


def fastest(module: str, names: Sequence[str], sample: Path, repeats: int) -> dict[str, dict[str, Any]]:
    """Run *module* once a name and round in a process of its own, and keep the fastest run of each name."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(repeats):
        for name in names:
            result = json.loads(python("-m", module, name, str(sample)))
            if name not in best or result.get("seconds", 0) < best[name].get("seconds", 0):
                best[name] = result
    return best


def import_time(rounds: int = 7) -> dict[str, Any]:
    """Time `import cleaner` over a bare Python, and name the heavy packages it loads."""
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(_timed("-c", "pass"))
        ours.append(_timed("-c", "import cleaner"))
    loaded = python("-c", f"import sys, cleaner; print(*(name for name in {HEAVY!r} if name in sys.modules))")
    return {
        "bare_seconds": statistics.median(bare),
        "seconds": statistics.median(ours),
        "over_bare_seconds": statistics.median(ours) - statistics.median(bare),
        "heavy": loaded.split(),
    }


def command_time(folder: Path, rounds: int = 5) -> dict[str, Any]:
    """Time `cleaner clean` on one seed, from the start of the process to its end."""
    article = min(sorted((ROOT / "seeds").glob("*.txt")))
    outputs = (folder / f"clean-{number}.txt" for number in range(rounds))
    taken = [_timed("-m", "cleaner", "clean", str(article), "-o", str(output)) for output in outputs]
    return {"seconds": statistics.median(taken)}


def _timed(*arguments: str) -> float:
    started = time.perf_counter()
    python(*arguments)
    return time.perf_counter() - started


def python(*arguments: str) -> str:
    """Run Python in a process of its own with one thread a library, and return what it prints."""
    environment = {**os.environ, **ONE_CORE}
    # An installed package has its bytecode; a run in which it may not be kept would time the compiler.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _rate_table(rates: dict[str, dict[str, Any]]) -> str:
    head = [
        "",
        "docs/s",
        "MB/s",
        "ours is faster by",
        "memory, MB",
        "over the texts, MB",
        "ready after, s",
        "cores had",
    ]
    ours = rates[OURS]
    rows = []
    for name, result in rates.items():
        if "missing" in result:
            rows.append([name, result["missing"], *[""] * (len(head) - 2)])
            continue
        ratio = _rate(ours, "megabytes") / _rate(result, "megabytes")
        rows.append(
            [
                name,
                f"{_rate(result, 'documents'):,.0f}",
                f"{_rate(result, 'megabytes'):.2f}",
                f"{ratio:.2f}x",
                f"{result['peak_mb']:.0f}",
                f"{result['peak_mb'] - result['texts_mb']:.0f}",
                f"{result['ready_seconds']:.2f}",
                f"{result['seconds'] / result['wall_seconds']:.2f}",
            ]
        )
    size = 1e3 * ours["megabytes"] / ours["documents"]
    return f"{ours['documents']:,} articles of {size:.1f} KB on one core\n\n{markdown(head, rows)}"


def _rate(result: dict[str, Any], unit: str) -> float:
    return float(result[unit] / result["seconds"])


def _start_table(starts: dict[str, dict[str, Any]]) -> str:
    imported, command = starts["import"], starts["command"]
    rows = [
        ["bare Python", f"{1e3 * imported['bare_seconds']:.0f}"],
        ["`import cleaner` over bare Python", f"{1e3 * imported['over_bare_seconds']:.0f}"],
        ["`cleaner clean` on one small file", f"{1e3 * command['seconds']:.0f}"],
    ]
    heavy = ", ".join(imported["heavy"]) or "none"
    return f"{markdown(['start', 'ms'], rows)}\n\nHeavy packages loaded by `import cleaner`: {heavy}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.speed", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("texts", nargs="?", type=Path, help="JSONL with a `text` field; synthesised by default")
    parser.add_argument("--documents", type=int, default=3_000, help="how many texts at most")
    parser.add_argument("--repeats", type=int, default=3, help="how often each workload is timed")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
