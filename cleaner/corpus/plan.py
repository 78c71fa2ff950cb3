"""What is written where, settled before the first byte is read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.corpus.reports import PageRow
from cleaner.corpus.sources import PAGES, Format, Source, find
from cleaner.errors import OutputError
from cleaner.split import HTML


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read and the file that its clean text goes to."""

    source: Source
    target: Path
    visible: Path | None = None
    """Where the visible text of its pages goes, if it is wanted."""

    @property
    def packed(self) -> bool:
        """Whether the target is to be gzip, as its name says."""
        return self.source.format is Format.JSONL and self.target.name.lower().endswith(".gz")


@dataclass(frozen=True, slots=True)
class PageFiles:
    """How the pages among the inputs are known and written."""

    kind: str | None = None
    """Kind of all inputs, `text` or `html`; None to tell by name or looks."""
    to: str = "text"
    """`text` or `markdown`: what kept lines become."""
    visible: Path | None = None
    """Folder for the visible text of pages."""

    @property
    def ending(self) -> str:
        """Return the ending of files with clean text."""
        return ".md" if self.to == "markdown" else ".txt"

    def visible_of(self, source: Source) -> Path | None:
        """Return where the visible text of a file goes: of records, one record a page."""
        if self.visible is None:
            return None
        return visible_path(self.visible, source.name.removesuffix(".gz"), whole=source.format is Format.TEXT)


def visible_path(folder: Path, name: str, *, whole: bool) -> Path:
    """Return the file in *folder* for the visible text of the file *name*, one page or many records."""
    return folder / (f"{name}.txt" if whole else name)


@dataclass(frozen=True, slots=True)
class Plan:
    """All files of one run."""

    tasks: tuple[Task, ...]
    report: Path
    rejects: Path
    out: Path
    """Where to look for the result: a folder, or the one file that is written."""
    pages: PageFiles = field(default_factory=PageFiles)

    def page_row(self, task: Task) -> PageRow:
        """Return what the report says of each page of a file beside its removals."""
        clean = "" if task.target == self.out else task.target.relative_to(self.out).as_posix()
        visible = "" if task.visible is None else Path(os.path.relpath(task.visible, self.report.parent)).as_posix()
        to = "" if self.pages.to == "text" else self.pages.to
        return PageRow("" if clean == task.source.name else clean, to, visible)


def plan_run(
    paths: Sequence[Path],
    out: str,
    *,
    report: Path | None = None,
    forced: Format | None = None,
    pages: PageFiles | None = None,
) -> Plan:
    """Pair inputs with outputs.

    One file goes to the file *out*, or into it if that is a folder or ends with a slash;
    a folder or several files go into the folder *out*, their tree kept. Raises `OutputError`
    when a file would be written twice or an input overwritten.
    """
    pages = pages or PageFiles()
    target = Path(out)
    single = len(paths) == 1 and not paths[0].is_dir()
    sources = find(paths, forced=forced, kind=pages.kind, leave_out=target)
    if single and not (target.is_dir() or out.endswith(os.sep)):
        targets = [target]
    else:
        if target.exists() and not target.is_dir():
            raise OutputError("is a file; several documents need a folder to go to", path=target)
        targets = [target / name for name in _names(sources, pages.ending)]
    tasks = tuple(Task(source, path, pages.visible_of(source)) for source, path in zip(sources, targets, strict=True))
    written = tasks[0].target if single else target
    where = report or (_beside(written, ".report.jsonl") if single else target / "report.jsonl")
    plan = Plan(tasks, where, rejects_path(where), written, pages)
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
        if task.visible is not None:
            yield task.visible, f"the visible text of {task.source.path}"


def _names(sources: Sequence[Source], ending: str) -> list[str]:
    """Name the clean files: `a.html` becomes `a.txt`, or `a.html.txt` if another wants that name."""
    short = [
        _stem(source.name) + ending if source.kind == HTML and source.format is Format.TEXT else source.name
        for source in sources
    ]
    wanted = Counter(short)
    return [
        name if wanted[name] == 1 or name == source.name else source.name + ending
        for name, source in zip(short, sources, strict=True)
    ]


def _stem(name: str) -> str:
    """Return *name* without the ending of a text or page; other dots belong to the name."""
    return next((name[: -len(end)] for end in (".txt", *PAGES) if name.lower().endswith(end)), name)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
