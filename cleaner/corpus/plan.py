"""What is written where, settled before the first byte is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.corpus.sources import Format, Source, find
from cleaner.errors import OutputError


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read and the file that its clean text goes to."""

    source: Source
    target: Path

    @property
    def packed(self) -> bool:
        """Whether the target is to be gzip, as its name says."""
        return self.source.format is Format.JSONL and self.target.name.lower().endswith(".gz")


@dataclass(frozen=True, slots=True)
class Plan:
    """All files of one run."""

    tasks: tuple[Task, ...]
    report: Path
    rejects: Path
    out: Path
    """Where to look for the result: a folder, or the one file that is written."""


def plan_run(paths: Sequence[Path], out: str, *, report: Path | None = None, forced: Format | None = None) -> Plan:
    """Pair inputs with outputs.

    One file goes to the file *out*, or into it if that is a folder or ends with a slash;
    a folder or several files go into the folder *out*, their tree kept. Raises `OutputError`
    when a file would be written twice or an input overwritten.
    """
    target = Path(out)
    single = len(paths) == 1 and not paths[0].is_dir()
    sources = find(paths, forced=forced, leave_out=target)
    if single and not (target.is_dir() or out.endswith(os.sep)):
        tasks: tuple[Task, ...] = (Task(sources[0], target),)
    else:
        if target.exists() and not target.is_dir():
            raise OutputError("is a file; several documents need a folder to go to", path=target)
        tasks = tuple(Task(source, target / source.name) for source in sources)
    written = tasks[0].target if single else target
    where = report or (_beside(written, ".report.jsonl") if single else target / "report.jsonl")
    plan = Plan(tasks, where, rejects_path(where), written)
    _check(plan)
    return plan


def rejects_path(report: Path) -> Path:
    """Return where the records go that could not be read: beside the report."""
    stem = report.name.removesuffix(".jsonl")
    return report.with_name(f"{stem}.rejects.jsonl")


def refuse_overwriting(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise `OutputError` if one of *outputs* is one of *inputs*."""
    read = {path.resolve() for path in inputs}
    for path in outputs:
        if path.resolve() in read:
            raise OutputError("is the input itself; choose another output", path=path)


def _check(plan: Plan) -> None:
    refuse_overwriting([path for path, _ in _outputs(plan)], [task.source.path for task in plan.tasks])
    seen: dict[Path, str] = {}
    for path, origin in _outputs(plan):
        other = seen.get(path.resolve())
        if other is not None:
            raise OutputError(f"would be written twice, from {other} and from {origin}; clean them apart", path=path)
        seen[path.resolve()] = origin


def _outputs(plan: Plan) -> Iterator[tuple[Path, str]]:
    yield plan.report, "the report (--report names another place)"
    yield plan.rejects, "the rejects (--report names another place)"
    for task in plan.tasks:
        yield task.target, f"{task.source.path}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
