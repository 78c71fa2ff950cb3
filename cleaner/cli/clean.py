"""`cleaner clean`: files, folders or standard input become clean text and a report."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from cleaner import Cleaner
from cleaner.cli.options import PATH, judging, reading, standard_input
from cleaner.cli.show import before_and_after
from cleaner.cli.summary import of_document, of_run
from cleaner.corpus import (
    Entry,
    Format,
    PageFiles,
    PageRow,
    Plan,
    Reading,
    Settings,
    VisibleFile,
    WholeFile,
    clean_corpus,
    documents,
    find,
    given_text,
    json_line,
    output,
    plan_run,
    refuse_overwriting,
    visible_path,
)
from cleaner.document import Document


def _writing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what is written and where; *command* gets them as `places`, and the engine that fits."""

    @click.option("-o", "--out", metavar="OUT", help="File or folder to write to.")
    @click.option("--report", type=PATH, help="Where the removal report goes; beside the clean text by default.")
    @click.option(
        "--to",
        type=click.Choice(["text", "markdown"]),
        default="text",
        show_default=True,
        help="What the kept lines of HTML become.",
    )
    @click.option(
        "--visible",
        type=PATH,
        metavar="DIR",
        help="Save the visible text of HTML in this folder; reports give places in it.",
    )
    @click.option(
        "--metadata", is_flag=True, help="Put title, author, date, site and language of HTML into report and records."
    )
    @wraps(command)
    def call(
        *, out: str | None, report: Path | None, to: str, visible: Path | None, metadata: bool, **rest: Any
    ) -> None:
        settings: Settings = rest["settings"]
        engine: Cleaner = rest.pop("engine")
        places = _Places(out, report, PageFiles(settings.reading.kind, to, visible))
        command(places=places, engine=replace(engine, metadata=metadata), **rest)

    return call


def _running(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how a run goes; *command* gets them, and how files are read, as `settings`."""

    @click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Processes to use.")
    @click.option("--strict", is_flag=True, help="Stop at the first thing that cannot be read.")
    @wraps(command)
    def call(*, how: Reading, jobs: int, strict: bool, **rest: Any) -> None:
        command(settings=Settings(how, jobs, strict), **rest)

    return call


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--show", is_flag=True, help="Print one document before and after.")
@judging
@reading
@_running
@_writing
def clean(
    *,
    paths: tuple[Path, ...],
    show: bool,
    engine: Cleaner,
    settings: Settings,
    form: Format | None,
    places: _Places,
) -> None:
    """Strip boilerplate from PATHS: text files, HTML pages, JSONL files, or folders of them.

    One file goes to the file OUT; a folder or several files go to the folder OUT, their tree
    kept. Without PATHS one document is read from standard input. Without -o the clean text of
    one document goes to standard output.
    """
    if not paths or paths == (Path("-"),):
        if sys.stdin.isatty():
            click.echo("Reading from the terminal; end with Ctrl-D.", err=True)
        _clean_alone(engine, standard_input(settings.reading, form), places, show=show)
    elif places.out is None:
        refuse_overwriting([places.report] if places.report else [], paths)
        _clean_alone(engine, _only_entry(paths, settings.reading, form), places, show=show)
    else:
        plan = plan_run(paths, places.out, report=places.report, forced=form, pages=places.pages)
        _clean_corpus(engine, plan, settings, show=show)


def _clean_corpus(engine: Cleaner, plan: Plan, settings: Settings, *, show: bool) -> None:
    with _orderly_end(), _progress(plan) as advance:
        outcome = clean_corpus(engine, plan, settings, advance)
    if show and outcome.sample:
        click.echo(before_and_after(*outcome.sample))
    click.echo(of_run(outcome, plan), err=True)
    if outcome.rejected:
        sys.exit(1)


def _only_entry(paths: tuple[Path, ...], how: Reading, form: Format | None) -> Entry:
    """Read the one text file that may go to standard output."""
    sources = find(paths, forced=form, kind=how.kind)
    if len(paths) > 1 or paths[0].is_dir() or sources[0].format is not Format.TEXT:
        raise click.UsageError("Name the file or folder to write to with -o.")
    return next(documents(sources[0], how))


class _Places(NamedTuple):
    """Where one document goes."""

    out: str | None
    report: Path | None
    pages: PageFiles

    def visible(self, document: Document) -> Path | None:
        """Return the file for the visible text of a page."""
        folder = self.pages.visible
        return None if folder is None else visible_path(folder, document.id, whole=True)

    def page_row(self, document: Document) -> PageRow:
        """Return what the report says of a page beside its removals."""
        visible = self.visible(document)
        beside = "" if visible is None else Path(os.path.relpath(visible, (self.report or Path()).parent)).as_posix()
        return PageRow(to="" if self.pages.to == "text" else self.pages.to, visible=beside)


def _clean_alone(engine: Cleaner, entry: Entry, places: _Places, *, show: bool) -> None:
    """Clean one document; its text goes to standard output unless *places* name a file."""
    document, (out, report, _) = entry.document, places
    if document is None:
        return
    if report is not None and out is not None and report.resolve() == Path(out).resolve():
        raise click.UsageError("-o and --report name the same file.")
    visible = places.visible(document)
    if visible is not None and visible.resolve() in {path.resolve() for path in (report, out and Path(out)) if path}:
        raise click.UsageError("--visible names the same file as -o or --report.")
    (cleaned,) = engine.clean_many([document])
    raw, row = output(entry, cleaned, document.id, places.page_row(document))
    with VisibleFile(visible) as visible_file:
        visible_file.add(entry, cleaned)
    if report is not None:
        with WholeFile(report) as file:
            file.write(json_line(row.as_dict()))
    if out is None or out == "-":
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    else:
        with WholeFile(Path(out)) as file:
            file.write(raw)
    if show:
        click.echo(before_and_after(given_text(document, cleaned), cleaned), err=out is None)
    click.echo(of_document(entry, cleaned), err=True)


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Let a polite kill clean up as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int], object]]:
    """Show how many bytes are done, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    total = sum(task.source.size for task in plan.tasks)
    with click.progressbar(length=total, label="Cleaning", file=sys.stderr) as bar:
        yield bar.update
