"""One timed job in a process of its own: `python -m bench.workloads NAME TEXTS.jsonl`, JSON on stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cleaner import Cleaner
from cleaner.document import Document
from cleaner.errors import MissingExtra
from cleaner.lab import peers
from cleaner.lab.records import read_records

WARMING = 20
"""Texts run before the clock starts; loading a model is timed apart."""


def _cleaner(*, rules_only: bool) -> Callable[[Iterable[str]], None]:
    cleaner = Cleaner(rules_only=rules_only)

    def run(texts: Iterable[str]) -> None:
        for _ in cleaner.clean_many(Document(str(number), text) for number, text in enumerate(texts)):
            pass

    return run


def _with_model() -> Callable[[Iterable[str]], None]:
    return _cleaner(rules_only=False)


def _rules_alone() -> Callable[[Iterable[str]], None]:
    return _cleaner(rules_only=True)


def _datatrove() -> Callable[[Iterable[str]], None]:
    rules = peers.c4_filter(terminal_punct=True)
    from datatrove.data import Document as Theirs

    def run(texts: Iterable[str]) -> None:
        for text in texts:
            rules.filter(Theirs(text=text, id=""))

    return run


def _justext() -> Callable[[Iterable[str]], None]:
    def run(texts: Iterable[str]) -> None:
        for text in texts:
            peers.justext(text, "en")

    return run


WORKLOADS: dict[str, tuple[Callable[[], Callable[[Iterable[str]], None]], float]] = {
    "cleaner": (_with_model, 1.0),
    "cleaner, rules alone": (_rules_alone, 1.0),
    "datatrove C4 line filter": (_datatrove, 1.0),
    "jusText": (_justext, 0.1),
}
"""What is timed, and on which share of the texts; a slow peer needs fewer to show its speed."""


def run(name: str, path: Path) -> dict[str, float]:
    """Time one workload over the texts of a file.

    Seconds are those of the processor, all threads together, which is what one core would need;
    the clock on the wall also measures whatever else the machine has to do.
    """
    prepare, share = WORKLOADS[name]
    texts = [record["text"] for _, record in read_records(path)]
    texts = texts[: max(1, int(share * len(texts)))]
    before = peak_mb()
    started = time.perf_counter()
    work = prepare()
    work(texts[:WARMING])
    ready, cpu = time.perf_counter(), time.process_time()
    work(texts)
    seconds, wall_seconds = time.process_time() - cpu, time.perf_counter() - ready
    return {
        "documents": len(texts),
        "megabytes": sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6,
        "seconds": seconds,
        "wall_seconds": wall_seconds,
        "ready_seconds": ready - started,
        "texts_mb": before,
        "peak_mb": peak_mb(),
    }


def peak_mb() -> float:
    """Return the most memory this process has had.

    On Linux `ru_maxrss` of a fresh process begins at what its parent had, so the kernel's own
    count for the program is preferred where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


if __name__ == "__main__":
    try:
        print(json.dumps(run(sys.argv[1], Path(sys.argv[2]))))
    except MissingExtra as missing:
        print(json.dumps({"missing": str(missing)}))
