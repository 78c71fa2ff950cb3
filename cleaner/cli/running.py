"""What the commands that clean corpora share: options for what is written and for how a run goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cleaner import Cleaner
from cleaner.cli.options import PATH, with_options
from cleaner.corpus import Asked, Format, PageFiles, Reading, Settings, Writing
from cleaner.split import TEXT

_WRITING = (
    click.option("-o", "--out", metavar="OUT", help="File, folder or address to write to; - for standard output."),
    click.option(
        "--report", type=PATH, metavar="FILE", help="One report for everything; beside the clean texts by default."
    ),
    click.option(
        "--report-format",
        type=click.Choice(["jsonl", "parquet"]),
        help="What the reports are; if not said, what the name of --report says, or else jsonl.",
    ),
    click.option(
        "--out-format",
        "into",
        type=click.Choice([form.value for form in Format if form is not Format.TEXT]),
        help="Write records as this. All can become jsonl; else they stay what they came as, which is the default.",
    ),
)
_TELLING = (
    click.option(
        "--keep-original",
        is_flag=True,
        help="Records get a field with the text as it came in, such as text_original; one that is there stays.",
    ),
    click.option(
        "--line-scores",
        default="",
        metavar="FIELD",
        help="Records get a field with [start, end, score] of every line as it came in; high means boilerplate.",
    ),
    click.option(
        "--annotate",
        is_flag=True,
        help="Write no clean text, but what was made of every line, for cleaner apply.",
    ),
    click.option(
        "--dolma", default="", metavar="NAME", help="Write no clean text, but dolma's attribute files with this name."
    ),
)
_RENDERING = (
    click.option(
        "--to",
        type=click.Choice(["text", "markdown"]),
        default="text",
        show_default=True,
        help="What the kept lines of HTML become.",
    ),
    click.option("--links", is_flag=True, help="With --to markdown: keep the addresses of links."),
    click.option(
        "--visible",
        type=PATH,
        metavar="DIR",
        help="Save the visible text of HTML in this folder; reports give places in it.",
    ),
    click.option(
        "--metadata", is_flag=True, help="Put title, author, date, site and language of HTML into report and records."
    ),
)
_RUNNING = (
    click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Processes to use."),
    click.option("--resume", is_flag=True, help="Go on where an earlier run was broken off."),
    click.option("--strict", is_flag=True, help="Stop at the first thing that cannot be read."),
    click.option(
        "--max-rejects", type=click.IntRange(0), metavar="N", help="Stop when more than N things cannot be read."
    ),
)


def writing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what is written where, below `telling`; *command* gets them as `out` and `asked`."""

    @wraps(command)
    def call(*, report: Path | None, report_format: str | None, into: str | None, **rest: Any) -> None:
        form, pages, settings = rest.pop("form"), rest.pop("pages"), rest["settings"]
        how: Writing = settings.writing
        only = "annotations" if how.annotate else "attributes" if how.attributes else ""
        if report_format is not None:
            _refuse_format(report_format, report, only)
        sites: Path | None = rest["engine"].sites
        known = () if sites is None else (sites,)
        records = None if into is None else Format(into)
        asked = Asked(form, records, report, report_format or "jsonl", only, pages, known)
        command(asked=asked, **rest)

    return with_options(_WRITING, call)


def _refuse_format(report_format: str, report: Path | None, only: str) -> None:
    """Raise `UsageError` for a format of reports that the name of the one report denies, or that none will have."""
    if report is None:
        if only == "attributes":
            raise click.UsageError("--report-format is about reports, and --dolma writes none; name one with --report.")
    elif (report.suffix == ".parquet") != (report_format == "parquet"):
        wanted = "one that ends in .parquet" if report_format == "parquet" else "another than .parquet"
        raise click.UsageError(f"--report {report} is no {report_format} by its name; give it {wanted}.")


def telling(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what is told beside clean texts or in their place, below `rendering`.

    *command* gets them in the `writing` of its `settings`.
    """

    @wraps(command)
    def call(
        *, settings: Settings, keep_original: bool, line_scores: str, annotate: bool, dolma: str, **rest: Any
    ) -> None:
        if annotate and dolma:
            raise click.UsageError("--annotate and --dolma exclude each other.")
        if annotate or dolma:
            to = rest["pages"].to
            _refuse_clean("--annotate" if annotate else "--dolma", to, keep=keep_original, scores=bool(line_scores))
        original = f"{settings.reading.text_field}_original" if keep_original else ""
        how = Writing(original, line_scores, annotate, dolma, settings.writing.links)
        command(settings=replace(settings, writing=how), **rest)

    return with_options(_TELLING, call)


def _refuse_clean(option: str, to: str, *, keep: bool, scores: bool) -> None:
    """Raise `UsageError` for wishes about clean texts beside an *option* that writes none."""
    wishes = {"--keep-original": keep, "--line-scores": scores, "--to markdown": to == "markdown"}
    for wish, there in wishes.items():
        if there:
            raise click.UsageError(f"{option} writes no clean text, which {wish} is about; leave one of them out.")


def rendering(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what becomes of pages, below `running`.

    *command* gets them as `pages`, in the `writing` of its `settings` and in its `engine`.
    """

    @wraps(command)
    def call(
        *, engine: Cleaner, settings: Settings, to: str, links: bool, visible: Path | None, metadata: bool, **rest: Any
    ) -> None:
        kind = settings.reading.kind
        _refuse_idle(kind, engine.front, to, links=links)
        settings = replace(settings, writing=replace(settings.writing, links=links))
        engine = replace(engine, metadata=metadata)
        command(engine=engine, settings=settings, pages=PageFiles(kind, to, visible), **rest)

    return with_options(_RENDERING, call)


def _refuse_idle(kind: str | None, front: str | None, to: str, *, links: bool) -> None:
    """Raise `UsageError` for wishes about Markdown in a run that can have none."""
    if to != "markdown":
        if links:
            raise click.UsageError("--links is about Markdown; add --to markdown.")
    elif kind == TEXT:
        raise click.UsageError("--to markdown is about HTML, and --kind text says that there is none.")
    elif front is not None:
        raise click.UsageError(f"--to markdown needs the markup of pages, of which --front {front} leaves plain text.")


def running(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how a run goes; *command* gets them, and how files are read, as `settings`."""

    @wraps(command)
    def call(*, how: Reading, jobs: int, resume: bool, strict: bool, max_rejects: int | None, **rest: Any) -> None:
        settings = Settings(how, jobs=jobs, strict=strict, resume=resume, max_rejects=max_rejects)
        command(settings=settings, **rest)

    return with_options(_RUNNING, call)
