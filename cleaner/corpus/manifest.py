"""What a run was: versions, settings, model, inputs with their digests, counts and times."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cleaner.corpus.earlier import relation
from cleaner.corpus.endings import is_own
from cleaner.corpus.job import Job
from cleaner.corpus.outcome import FileSum, Outcome
from cleaner.corpus.sources import STANDARD, Source
from cleaner.corpus.tasks import Plan, Task
from cleaner.errors import InputError
from cleaner.labels import Label


def about(plan: Plan, job: Job) -> dict[str, Any]:
    """Return everything that the results depend on, without reading an input."""
    described = getattr(job.engine, "described", None)
    return {
        "cleaner": version("cleaner"),
        "settings": described() if described else {"engine": repr(job.engine)},
        "reading": asdict(job.reading),
        "writing": asdict(job.writing),
        "outputs": _outputs(plan),
        "inputs": inputs_digest(plan.tasks),
    }


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Name what differs between two runs; nothing if they are about the same."""
    for name, value in new.items():
        if isinstance(value, Mapping) and isinstance(old.get(name), Mapping):
            if inner := difference(old[name], value):
                return f"{name}: {inner}"
        elif old.get(name) != value:
            return f"{name} was {old.get(name)!r} and is {value!r}"
    return ""


def inputs_digest(tasks: Sequence[Task]) -> dict[str, Any]:
    """Return number and size of the inputs, and a digest over what tells whether one was changed."""
    told = hashlib.sha256()
    for task in tasks:
        state = [task.source.name, str(task.target), str(task.report), str(task.visible), *_state(task.source)]
        told.update(json.dumps(state).encode("ascii") + b"\n")
    size = sum(task.source.size for task in tasks)
    return {"files": len(tasks), "bytes": size, "sizes and times": told.hexdigest()}


def _outputs(plan: Plan) -> dict[str, Any]:
    """Return what the files become, which their names do not always tell."""
    return {
        "formats": sorted({f"{task.source.format.value} to {task.format.value}" for task in plan.tasks}),
        "to": sorted({task.page.to or "text" for task in plan.tasks}),
        "visible": any(task.visible is not None for task in plan.tasks),
    }


def _state(source: Source) -> list[int | str]:
    if source.url:
        return [source.size, source.version]
    try:
        told = source.path.stat()
    except OSError:
        return [-1, -1]
    return [told.st_size, told.st_mtime_ns]


def input_line(task: Task, results: Path) -> bytes:
    """Return one line of the list of inputs, for a manifest in the folder *results*.

    Raises `InputError` when the file was changed since it was listed.
    """
    path, size = task.source.path, task.source.size
    if path == STANDARD:
        return b""
    row: dict[str, Any] = {"name": task.source.name, "bytes": size, "sha256": None}
    if task.source.url:
        row |= {"url": task.source.url, "version": task.source.version}
        return json.dumps(row).encode("ascii") + b"\n"
    report = None if task.report is None or is_own(task.report.name) else task.report
    made = [path for path in (task.target, task.visible, report) if path is not None]
    row |= relation(path, results, made)
    try:
        if path.is_file():
            if path.stat().st_size != size:
                raise InputError("was changed while it was read; clean it again", path=path)
            with path.open("rb") as file:
                row["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        row["error"] = error.strerror or str(error)
    return json.dumps(row).encode("ascii") + b"\n"


def manifest(told: Mapping[str, Any], outcome: Outcome, started: float, inputs: Path) -> Iterator[bytes]:
    """Yield the manifest as JSON, in pieces: *inputs* lists a line a file and may be long.

    *started* is in seconds since 1970.
    """
    head = {
        **told,
        "python": platform.python_version(),
        "started": _stamp(started),
        "ended": _stamp(time.time()),
        "documents": outcome.total.documents,
        "rejected": outcome.rejected,
        "repeated_ids": outcome.repeated.total(),
        "lines": outcome.total.lines,
        "chars": outcome.chars,
        "kept_chars": outcome.kept_chars,
        "removed_lines": {label.value: count for label, count in sorted(outcome.total.removed.items())},
        "removed_inside": outcome.total.inside,
        "to_look_at": outcome.total.notes,
    }
    yield _as_json(head)[:-2] + b',\n "files": ['
    with inputs.open("rb") as file:
        for number, line in enumerate(file):
            yield (b",\n  " if number else b"\n  ") + line.rstrip()
    yield b"\n ]\n}\n"


def _as_json(head: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(head, indent=1, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        # The name of a field need not be UTF-8.
        return json.dumps(head, indent=1).encode("ascii")


def finished(plan: Plan, told: Mapping[str, Any]) -> Outcome | None:
    """Return what became of a run with these inputs and settings that is complete already, if one is."""
    if plan.manifest is None:
        return None
    try:
        record = json.loads(plan.manifest.read_bytes())
        if difference(record, told) or _results_gone(plan):
            return None
        removed = {Label(name): int(count) for name, count in record["removed_lines"].items()}
        counts = Counter(removed)
        total = FileSum(
            "all", record["documents"], record["lines"], counts, record["removed_inside"], record["to_look_at"]
        )
        return Outcome(total, chars=record["chars"], kept_chars=record["kept_chars"], rejected=record["rejected"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _results_gone(plan: Plan) -> bool:
    """Tell whether anything is missing that the run wrote; of a file that could not be read there is nothing."""
    there = {path for path in plan.reports if path.exists()}
    gone = {
        task.source.place
        for task in plan.tasks
        if (task.target is not None and not task.target.exists())
        or (task.report is not None and task.report not in there)
    }
    if gone and plan.rejects is not None and plan.rejects.exists():
        with plan.rejects.open("rb") as stream:
            gone -= {reject["file"] for reject in map(json.loads, stream) if reject["line"] is None}
    return bool(gone)


def _stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
