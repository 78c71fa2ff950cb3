"""`cleaner clean`: files, folders or standard input become clean text and reports."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from cleaner import Cleaner
from cleaner.cli.ending import notes_told, orderly_end
from cleaner.cli.idle import idle
from cleaner.cli.options import PLACE, judging, reading
from cleaner.cli.running import rendering, running, telling, writing
from cleaner.cli.show import before_and_after, counted
from cleaner.cli.summary import of_run, progress
from cleaner.corpus import (
    STANDARD,
    Asked,
    Format,
    Outcome,
    Plan,
    Settings,
    beside,
    clean_corpus,
    find,
    fitting,
    is_remote,
    is_stream,
    plan_run,
    remove_results,
    upload,
)
from cleaner.corpus import learn_sites as known_sites


@click.command()
@click.argument("paths", nargs=-1, type=PLACE)
@click.option("--show", is_flag=True, help="Print one document before and after.")
@click.option(
    "--learn-sites",
    is_flag=True,
    help="Read PATHS twice: first learn what their sites repeat, into a file beside the results, then clean.",
)
@judging
@reading
@running
@rendering
@telling
@writing
def clean(
    *,
    paths: tuple[Path | str, ...],
    show: bool,
    learn_sites: bool,
    engine: Cleaner,
    settings: Settings,
    asked: Asked,
    out: str | None,
) -> None:
    """Strip boilerplate from PATHS: text files, HTML pages, files of records, or folders of them.

    One file goes to the file OUT; a folder or several files go to the folder OUT, their tree
    kept. Without PATHS standard input is read: one document, or records with --format. Without -o
    the clean text of one document, and what came from standard input, goes to standard output.
    """
    paths = paths or (STANDARD,)
    if paths == (STANDARD,) and settings.reading.html_field is not None and asked.forced is None:
        asked = replace(asked, forced=Format.JSONL)
    if paths == (STANDARD,) and sys.stdin.isatty():
        click.echo("Reading from the terminal; end with Ctrl-D.", err=True)
    if out is None:
        _refuse_many(paths, asked)
    place = out or str(STANDARD)
    stage = _stage(place) if is_remote(place) else None
    plan = plan_run(paths, place, asked) if stage is None else _staged(paths, stage, asked, again=not settings.resume)
    if learn_sites:
        with notes_told(), orderly_end():
            engine = _learned(engine, plan, settings)
    with notes_told(), orderly_end(), _progress(plan) as advance:
        outcome = clean_corpus(engine, plan, replace(settings, sample=show), advance)
    if show and outcome.sample:
        click.echo(before_and_after(*outcome.sample), err=plan.out == STANDARD)
    told = of_run(outcome, plan, str if stage is None else _sent(stage, place))
    click.echo("\n".join([told, *idle(outcome, plan, settings, engine)]), err=True)
    if stage is not None:
        click.echo(f"sent {counted(upload(stage, place), 'file')} to {place}", err=True)
        shutil.rmtree(stage)
    if outcome.rejected:
        sys.exit(1)


def _learned(engine: Cleaner, plan: Plan, settings: Settings) -> Cleaner:
    """Return the engine with what the inputs tell of their sites; a run that is taken up knows it already."""
    if engine.sites is not None:
        raise click.UsageError("--sites and --learn-sites exclude each other.")
    if is_stream(plan.out):
        raise click.UsageError("--learn-sites leaves a file beside the results; name them with -o.")
    several = plan.manifest is not None and plan.manifest.parent == plan.out
    path = plan.out / "known.sites" if several else beside(plan.out, ".sites")
    return replace(engine, sites=known_sites(plan, settings.reading, path, again=not settings.resume))


def _staged(paths: tuple[Path | str, ...], stage: Path, asked: Asked, *, again: bool) -> Plan:
    """Plan a run into the folder *stage*; *again* without what another run left there, which would be sent too."""
    plan = plan_run(paths, f"{stage}{os.sep}", asked)
    if again:
        remove_results(stage)
        return replace(plan, left=())
    return plan


def _stage(url: str) -> Path:
    """Return the folder where results for an address are made; a later run with --resume finds it again."""
    digest = hashlib.sha256(url.encode()).hexdigest()[:8]
    return Path(fitting(f".{url.rstrip('/').rpartition('/')[2]}", f".{digest}.cleaner-out"))


def _sent(stage: Path, url: str) -> Callable[[Path], str]:
    """Return what tells the address that a file of the folder *stage* is sent to."""

    def place(path: Path) -> str:
        if not path.is_relative_to(stage):
            return str(path)
        return "/".join((url.rstrip("/"), *path.relative_to(stage).parts))

    return place


def _refuse_many(paths: tuple[Path | str, ...], asked: Asked) -> None:
    """Raise `UsageError` for what does not go to standard output by itself."""
    if paths == (STANDARD,):
        return
    folder = isinstance(paths[0], Path) and paths[0].is_dir()
    if len(paths) > 1 or folder or not find(paths, forced=asked.forced)[0].whole:
        raise click.UsageError("Name the file or folder to write to with -o.")


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int, Outcome], object]]:
    """Show how far the run is, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    started = time.monotonic()
    total, done = sum(task.source.size for task in plan.tasks), 0
    with click.progressbar(
        length=total, label="Cleaning", file=sys.stderr, item_show_func=lambda told: told, show_pos=False
    ) as bar:

        def advance(moved: int, outcome: Outcome) -> None:
            nonlocal done
            done += moved
            bar.update(moved, progress(outcome, done, time.monotonic() - started))

        yield advance
