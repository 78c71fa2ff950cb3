"""How learning site memory grows: speed, memory, disk and file at several sizes, each in a process of its own.

    python -m bench.sites [--lines 100000 1000000 10000000] [--corpus FILE.jsonl ...] [--json FILE]

The texts are made up: articles of new lines between lines that their site repeats, on sites of many sizes.
Rates count the processor's seconds of one core, reading included, of several runs the fastest; memory is the
most that the process held.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.speed import ONE_CORE, ROOT
from cleaner.corpus import Lesson, find, learn_files
from cleaner.lab.tables import markdown

_SYLLABLES = [a + b for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "ing")]
_ARTICLE = 18
"""New lines of an article; with those repeated it has 4 KB."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the growth; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", nargs="+", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--corpus", nargs="+", type=Path, default=[])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", metavar="FILE", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone:
        print(json.dumps(measure([options.alone])))
        return 0
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for lines in options.lines:
            path = Path(folder) / "made.jsonl"
            write(path, lines)
            rows.append({"corpus": f"made up, {lines:,} new lines", **_fastest(path, options.repeats)})
            path.unlink()
    rows += [{"corpus": path.name, **_fastest(path, options.repeats)} for path in options.corpus]
    head = ("", "MB", "documents", "lines known", "MB/s", "times a plain read", "most memory, MB", "file, MB")
    print(markdown(head, [_row(row) for row in rows]))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0


def write(path: Path, lines: int) -> None:
    """Write records with so many lines of their own, on sites of one document to thousands."""
    dice = random.Random(lines)  # noqa: S311 - the same texts each time
    pool = " ".join("".join(dice.choices(_SYLLABLES, k=2)) for _ in range(200_000))
    with path.open("w", encoding="utf-8") as file:
        for number in range(lines // _ARTICLE):
            site = int(dice.paretovariate(0.7))
            repeated = [f"{_word(site)} {pool[at : at + 60]}." for at in range(site % 1000, 12_000, 1_000)]
            body = []
            for row in range(_ARTICLE):
                at = dice.randrange(len(pool) - 300)
                body.append(f"{_word(number * _ARTICLE + row)} {pool[at : at + dice.randrange(40, 280)]}.")
            text = "\n".join([*repeated[:3], *body, *repeated[3:]])
            file.write(json.dumps({"id": str(number), "url": f"https://s{site}.example/{number}", "text": text}) + "\n")


def _word(number: int) -> str:
    """Write a number in letters, so that it counts as a word."""
    return "".join(_SYLLABLES[int(digit)] for digit in str(number))


def measure(paths: Sequence[Path]) -> dict[str, Any]:
    """Learn from files in this process."""
    from publicsuffixlist import PublicSuffixList

    PublicSuffixList()
    gc.set_threshold(50_000)  # as the command does
    read = _seconds_to_read(paths)
    before = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "known.sites"
        learned = learn_files(find(paths), out, Lesson()).learned
        size = out.stat().st_size
    seconds = time.process_time() - before
    megabytes = sum(path.stat().st_size for path in paths) / 1e6
    return {
        "megabytes": megabytes,
        "documents": learned.documents,
        "lines": learned.lines,
        "megabytes_per_second": megabytes / seconds,
        "times_a_plain_read": seconds / read,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "file": size / 1e6,
    }


def _seconds_to_read(paths: Sequence[Path]) -> float:
    before = time.process_time()
    for path in paths:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass
    return time.process_time() - before


def _fastest(path: Path, repeats: int) -> dict[str, Any]:
    """Learn several times: what slows a run down is the machine's other work."""
    return max((_alone(path) for _ in range(repeats)), key=lambda row: float(row["megabytes_per_second"]))


def _alone(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.sites", "--alone", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=_environment())
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def _environment() -> dict[str, str]:

    return {**os.environ, **ONE_CORE}


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["corpus"],
        f"{row['megabytes']:,.1f}",
        f"{row['documents']:,}",
        f"{row['lines']:,}",
        f"{row['megabytes_per_second']:.1f}",
        f"{row['times_a_plain_read']:.0f}",
        f"{row['memory']:,.0f}",
        f"{row['file']:,.1f}",
    )


if __name__ == "__main__":
    sys.exit(main())
