"""`cleaner clean`: files, folders or standard input become clean text and a report."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cleaner import Cleaner
from cleaner.cli.options import PATH, judging, reading, standard_input
from cleaner.cli.show import before_and_after
from cleaner.cli.summary import of_document, of_run
from cleaner.corpus import (
    Entry,
    Format,
    Plan,
    Reading,
    Settings,
    WholeFile,
    clean_corpus,
    documents,
    find,
    json_line,
    output,
    plan_run,
    refuse_overwriting,
)


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
@click.option("-o", "--out", metavar="OUT", help="File or folder to write to.")
@click.option("--report", type=PATH, help="Where the removal report goes; beside the clean text by default.")
@click.option("--show", is_flag=True, help="Print one document before and after.")
@judging
@reading
@_running
def clean(
    *,
    paths: tuple[Path, ...],
    out: str | None,
    report: Path | None,
    show: bool,
    engine: Cleaner,
    settings: Settings,
    form: Format | None,
) -> None:
    """Strip boilerplate from PATHS: text files, JSONL files, or folders of them.

    One file goes to the file OUT; a folder or several files go to the folder OUT, their tree
    kept. Without PATHS one document is read from standard input. Without -o the clean text of
    one document goes to standard output.
    """
    if not paths or paths == (Path("-"),):
        if sys.stdin.isatty():
            click.echo("Reading from the terminal; end with Ctrl-D.", err=True)
        _clean_alone(engine, standard_input(settings.reading, form), out, report, show=show)
    elif out is None:
        refuse_overwriting([report] if report else [], paths)
        _clean_alone(engine, _only_entry(paths, settings.reading, form), out, report, show=show)
    else:
        plan = plan_run(paths, out, report=report, forced=form)
        with _orderly_end(), _progress(plan) as advance:
            outcome = clean_corpus(engine, plan, settings, advance)
        if show and outcome.sample:
            click.echo(before_and_after(*outcome.sample))
        click.echo(of_run(outcome, plan), err=True)
        if outcome.rejected:
            sys.exit(1)


def _only_entry(paths: tuple[Path, ...], how: Reading, form: Format | None) -> Entry:
    """Read the one text file that may go to standard output."""
    sources = find(paths, forced=form)
    if len(paths) > 1 or paths[0].is_dir() or sources[0].format is not Format.TEXT:
        raise click.UsageError("Name the file or folder to write to with -o.")
    return next(documents(sources[0], how))


def _clean_alone(engine: Cleaner, entry: Entry, out: str | None, report: Path | None, *, show: bool) -> None:
    """Clean one document; its text goes to standard output unless *out* names a file."""
    if entry.document is None:
        return
    if report is not None and out is not None and report.resolve() == Path(out).resolve():
        raise click.UsageError("-o and --report name the same file.")
    cleaned = engine.clean(entry.document.body, entry.document.id)
    raw, row = output(entry, cleaned, entry.document.id)
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
        click.echo(before_and_after(entry.document.body, cleaned), err=out is None)
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
