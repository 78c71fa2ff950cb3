"""What is written where, settled before the first byte is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cleaner.corpus.codecs import without_codec
from cleaner.corpus.conflicts import refuse_inputs_to_be, refuse_results
from cleaner.corpus.earlier import MANIFEST, left_over
from cleaner.corpus.endings import SELF_PACKED, Format, format_of
from cleaner.corpus.lengths import beside, fitting
from cleaner.corpus.names import clean_names
from cleaner.corpus.remote import is_remote
from cleaner.corpus.sources import STANDARD, Source, find, is_stream, listed, output_at, passed_over
from cleaner.corpus.tasks import PageRow, Plan, Task
from cleaner.errors import OutputError


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
        return visible_path(self.visible, without_codec(source.name), whole=source.whole)


def visible_path(folder: Path, name: str, *, whole: bool) -> Path:
    """Return the file in *folder* for the visible text of the file *name*, one page or many records."""
    if not whole and format_of(name) is Format.JSONL:
        return folder / name
    return beside(folder / name, ".txt" if whole else ".jsonl")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked of the files of a run."""

    forced: Format | None = None
    """Read every file as this."""
    into: Format | None = None
    """Write records as this; None for what they came as, or what the name of the one output says."""
    report: Path | None = None
    """One report for everything."""
    report_format: str = "jsonl"
    """`jsonl` or `parquet`: what reports are where nobody names one."""
    only: str = ""
    """`annotations`: reports alone, called so; `attributes`: dolma's attributes alone, as JSONL."""
    pages: PageFiles = field(default_factory=PageFiles)
    read_too: tuple[Path, ...] = ()
    """Files that the run reads beside its inputs, such as annotations and a site memory: none is overwritten."""


def plan_run(paths: Sequence[Path | str], out: str, asked: Asked = Asked()) -> Plan:
    """Pair inputs with outputs.

    One file goes to the file *out*, or into it if that is a folder or ends with a slash; a folder or
    several files go into the folder *out*, their tree kept. A file of records has its report beside
    it, files that are one document each share one. Raises `OutputError` when a file would be
    written twice or an input overwritten, or cannot become what was asked for.
    """
    target = output_at(out)
    asked = replace(asked, report=None if asked.report is None else output_at(asked.report))
    folders = [path for path in paths if isinstance(path, Path) and path.is_dir()]
    for read in folders:
        if asked.only != "annotations":
            refuse_results(read, target)
        refuse_inputs_to_be(read, target, asked.pages.visible, asked.report)
    sources = find(paths, forced=asked.forced, kind=asked.pages.kind, leave_out=target)
    single = len(paths) == 1 and not folders and len(sources) == 1 and _is_of(paths[0], sources[0])
    folder = None if single and not (target.is_dir() or out.endswith(os.sep)) else target
    targets = [target] if folder is None else _targets(sources, folder, asked)
    formats = [_format(source, path, asked) for source, path in zip(sources, targets, strict=True)]
    places = _Places(asked, None if single else folder, folder)
    tasks = tuple(map(places.task, sources, targets, formats))
    written = targets[0] if single else target
    if single and asked.only == "annotations" and folder is None and asked.report is None:
        _check_table(written, asked.report_format)
        tasks = (replace(tasks[0], report=written),)
    report = next((task.report for task in tasks if task.report is not None), None)
    plan = Plan(
        tasks,
        written,
        rejects=_rejects(written, report, shared=not single and asked.report is None),
        manifest=_manifest(written, single=single, alone=single and tasks[0].source.whole),
        extra=asked.report,
        only=asked.only,
        folder=folders[0] if len(paths) == 1 and folders else None,
        passed_over=sum(passed_over(path, target) for path in folders),
        earlier=sum(listed(path, target)[1] for path in folders),
    )
    _check(plan, asked.read_too)
    return replace(plan, left=_left(plan))


def _targets(sources: Sequence[Source], folder: Path, asked: Asked) -> list[Path]:
    """Return the files in *folder* for the clean texts; raises `OutputError` where that is a file itself."""
    if folder == STANDARD or (folder.exists() and not folder.is_dir()):
        raise OutputError("is a file; several documents need a folder to go to", path=folder)
    into = Format.JSONL if asked.only == "attributes" else asked.into
    return [folder / name for name in clean_names(sources, asked.pages.ending, into)]


def _check_table(report: Path, form: str) -> None:
    """Raise `OutputError` where the name of the one report says JSONL and a table is asked for."""
    if form == "parquet" and report.suffix != ".parquet":
        raise OutputError(f"does not say that it is a table, as --report-format asks; add .{form}", path=report)


def _is_of(path: Path | str, source: Source) -> bool:
    """Tell whether an address is that of the file itself, and not of a folder with nothing else in it."""
    return not is_remote(path) or str(path).rstrip("/").endswith(f"/{source.name}")


def _manifest(written: Path, *, single: bool, alone: bool) -> Path | None:
    if is_stream(written) or alone:
        return None
    return beside(written, ".manifest.json") if single else written / "manifest.json"


def _rejects(written: Path, report: Path | None, *, shared: bool) -> Path | None:
    if shared:
        return written / "rejects.jsonl"
    lying = (path for path in (report, written) if path is not None and not is_stream(path))
    return next(map(rejects_path, lying), None)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things lie, seen from each other."""

    asked: Asked
    shared: Path | None
    """Folder of the report that files with one document share; None for a single file."""
    folder: Path | None
    """Folder of the results; None if there is but one file."""

    def task(self, source: Source, target: Path, form: Format) -> Task:
        report, visible = self._report(source, target), self.asked.pages.visible_of(source)
        clean = "" if self.folder is None else target.relative_to(self.folder).as_posix()
        seen = "" if visible is None else Path(os.path.relpath(visible, (report or Path()).parent)).as_posix()
        to = "" if self.asked.pages.to == "text" else self.asked.pages.to
        row = PageRow("" if clean == source.name else clean, to, seen)
        return Task(source, None if self.asked.only == "annotations" else target, form, report, visible, row)

    def _report(self, source: Source, target: Path) -> Path | None:
        if self.asked.report is not None or is_stream(target) or self.asked.only == "attributes":
            return self.asked.report
        name = f"{self.asked.only or 'report'}.{self.asked.report_format}"
        if source.whole and self.shared is not None:
            return self.shared / name
        return beside(target, f".{name}")


def _format(source: Source, target: Path, asked: Asked) -> Format:
    """Return what the file *target* is to hold."""
    into = asked.into
    if asked.only == "attributes":
        return Format.JSONL
    named = into or format_of(target.name) or source.format
    # A file that is read as text, whatever it is called, may keep its name.
    kept = into is None and named in (Format.TEXT, format_of(source.name) if source.whole else None)
    form = source.format if kept else named
    if form not in (source.format, Format.JSONL):
        ways = " or ".join(dict.fromkeys((source.format.value, Format.JSONL.value)))
        reason = f"cannot be {form.value} made of {source.format.value}; write {ways}"
        raise OutputError(reason, path=target)
    return form


def rejects_path(report: Path) -> Path:
    """Return where the records go that could not be read: beside the report."""
    stem = report.name.removesuffix(".jsonl").removesuffix(".parquet")
    stem = stem.removesuffix(".report").removesuffix(".annotations")
    return report.with_name("rejects.jsonl" if stem in {"report", "annotations"} else fitting(stem, ".rejects.jsonl"))


def refuse_overwriting(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise `OutputError` if one of *outputs* is one of *inputs*."""
    read = {path.resolve() for path in inputs if path != STANDARD}
    for path in outputs:
        if path != STANDARD and path.resolve() in read:
            raise OutputError("is the input itself; choose another output", path=path)


def _check(plan: Plan, read_too: Sequence[Path]) -> None:
    inputs = (task.source.path for task in plan.tasks if not task.source.url)
    refuse_overwriting([path for path, _ in _outputs(plan)], [*inputs, *read_too])
    for task in plan.tasks:
        if task.format in SELF_PACKED and task.target is not None and is_stream(task.target):
            reason = f"is no file, as {task.format.value} needs; name one, or write jsonl"
            raise OutputError(reason, path="standard output" if task.target == STANDARD else task.target)
    seen: dict[Path, str] = {}
    for path, origin in _outputs(plan):
        other = seen.get(path.resolve())
        if other is not None and path != STANDARD:
            raise OutputError(f"would be written twice, from {other} and from {origin}; clean them apart", path=path)
        seen[path.resolve()] = origin


def _left(plan: Plan) -> tuple[Path, ...]:
    """Return what an earlier run left in the folder of results, and would be taken for results of this one."""
    if plan.manifest is None or plan.manifest.name != MANIFEST:
        return ()
    inputs = (task.source.path for task in plan.tasks if not task.source.url)
    return left_over(plan.manifest, [*(path for path, _ in _outputs(plan)), *inputs])


def _outputs(plan: Plan) -> Iterator[tuple[Path, str]]:
    for report in plan.reports:
        yield report, "the report (--report names another place)"
    for path, what in ((plan.rejects, "the rejects"), (plan.manifest, "the manifest")):
        if path is not None:
            yield path, f"{what} (--report names another place)"
    for task in plan.tasks:
        if task.target is not None:
            yield task.target, task.source.place
        if task.visible is not None:
            yield task.visible, f"the visible text of {task.source.place}"
