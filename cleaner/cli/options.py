"""Options that several commands share, turned into one value each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any

import click

from cleaner import Cleaner
from cleaner.corpus import Entry, Format, Reading, is_remote, stream_entry
from cleaner.labels import LABELS, Label


class Here(click.Path):
    """A path of this machine; an address would become one, in a folder called `s3:`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; an address is a usage error."""
        if is_remote(value):
            self.fail(f"{value!r} is an address; those are for the inputs and -o of `cleaner clean`.", param, ctx)
        return super().convert(value, param, ctx)


PATH = Here(path_type=Path)
"""A path as it was typed; whether it exists is for the library to say."""
TYPED = Here()
"""The same as a string, in which a slash at the end says that it is a folder."""


class Place(click.Path):
    """A path, or an address such as s3://bucket/shard.jsonl.gz, which stays as it was typed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a `Path`, or an address as a string."""
        return value if is_remote(value) else super().convert(value, param, ctx)


PLACE = Place(path_type=Path)


class Finite(click.FloatRange):
    """A number within bounds, and neither endless nor `nan`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a `float`."""
        number = super().convert(value, param, ctx)
        return number if isfinite(number) else self.fail(f"{value} is no number that can be counted to.", param, ctx)


POSITIVE = Finite(0, min_open=True)
_SEED = click.IntRange(0, 2**32 - 2)
"""scikit-learn takes 32 bits, and the inner folds are dealt by the number after the seed."""


def labels(ctx: click.Context, param: click.Parameter, value: str) -> tuple[Label, ...]:
    """Turn names with commas between them into labels."""
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    unknown = [name for name in names if name not in LABELS]
    if unknown:
        raise click.BadParameter(f"no such label: {', '.join(unknown)}. Labels: {', '.join(LABELS)}.", ctx, param)
    return tuple(Label(name) for name in names)


_JUDGING = (
    click.option(
        "--mode",
        type=click.Choice(["careful", "balanced", "thorough"]),
        default="balanced",
        show_default=True,
        help="How much of the articles may be lost to remove more of the boilerplate.",
    ),
    click.option(
        "--keep",
        default="",
        metavar="LABELS",
        callback=labels,
        help="Leave lines with these labels in: caption,byline",
    ),
    click.option(
        "--drop", default="", metavar="LABELS", callback=labels, help="Remove lines with these labels as well: headline"
    ),
    click.option(
        "--threshold",
        type=Finite(0, 1),
        metavar="SCORE",
        help="Remove from this score on, whatever the mode.",
    ),
    click.option("--model", type=PATH, metavar="DIR", help="Folder of another model."),
    click.option("--no-model", is_flag=True, help="Judge by the rules alone."),
    click.option(
        "--front",
        type=click.Choice(["trafilatura"]),
        help="Have this tool take the text out of HTML, and clean what it leaves.",
    ),
    click.option(
        "--sites",
        type=PATH,
        metavar="FILE",
        help="What cleaner sites learned: lines that a site repeats go more easily.",
    ),
)

with_text_field = click.option(
    "--text-field",
    default="text",
    show_default=True,
    metavar="F",
    help="Field or column of records that holds the text.",
)
"""Alone for commands that read results, among others for those that read documents."""

_READING = (
    with_text_field,
    click.option(
        "--html-field",
        metavar="F",
        help="Field or column of records that holds HTML; its clean text goes into the text field instead.",
    ),
    click.option(
        "--site-field",
        metavar="F",
        help="Field or column that names the site of a record, for site memory; the domain of its url if not said.",
    ),
    click.option(
        "--kind",
        type=click.Choice(["auto", "text", "html"]),
        default="auto",
        show_default=True,
        help="What the documents are; by name and looks if not said.",
    ),
    click.option(
        "--format",
        "form",
        type=click.Choice([form.value for form in Format]),
        help="Read every file as this, whatever its name says.",
    ),
    click.option(
        "--others",
        type=click.Choice(["carry", "skip"]),
        default="carry",
        show_default=True,
        help="What becomes of records of web archives that are no texts.",
    ),
    click.option(
        "--max-mb",
        type=POSITIVE,
        default=20,
        show_default=True,
        metavar="N",
        help="Refuse documents over this size.",
    ),
)


def listening(port: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options that say where a server listens, usually at *port*; the command gets them as `where`."""
    options = (
        click.option("--host", default="127.0.0.1", show_default=True, help="127.0.0.1, ::1 or localhost; no other."),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=port,
            show_default=True,
            metavar="N",
            help="Where to listen; 0 takes a free one.",
        ),
    )

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def call(*, host: str, port: int, **rest: Any) -> None:
            command(where=(host, port), **rest)

        return with_options(options, call)

    return add


def seeded(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the option `--seed`, with *what* it decides as its help."""
    return click.option("--seed", default=0, show_default=True, type=_SEED, metavar="N", help=what)


def judging(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how lines are judged; *command* gets them as `engine`."""

    @wraps(command)
    def call(*, model: Path | None, no_model: bool, **rest: Any) -> None:
        if model is not None and no_model:
            raise click.UsageError("--model and --no-model exclude each other.")
        settings = {name: rest.pop(name) for name in ("mode", "keep", "drop", "threshold", "front", "sites")}
        command(engine=Cleaner(model=model, rules_only=no_model, **settings), **rest)

    return with_options(_JUDGING, call)


def reading(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how files are read; *command* gets them as `how` and `form`."""

    @wraps(command)
    def call(
        *,
        text_field: str,
        html_field: str | None,
        site_field: str | None,
        kind: str,
        form: str | None,
        others: str,
        max_mb: float,
        **rest: Any,
    ) -> None:
        if html_field is not None and kind == "text":
            raise click.UsageError("--html-field says that the documents are HTML; leave --kind text out.")
        known_kind = None if kind == "auto" else kind
        how = Reading(text_field, int(max_mb * 1_000_000), known_kind, html_field, others, site_field)
        command(how=how, form=None if form is None else Format(form), **rest)

    return with_options(_READING, call)


def standard_input(how: Reading, form: Format | None) -> Entry:
    """Read the one text on standard input; records need a file that says where they come from."""
    if form not in (None, Format.TEXT) or how.html_field is not None:
        raise click.UsageError("Standard input is read as one text; name the file that holds the records.")
    return stream_entry(sys.stdin.buffer, how)


def with_options(
    options: tuple[Callable[[Callable[..., None]], Callable[..., None]], ...], call: Callable[..., None]
) -> Callable[..., None]:
    """Add *options* to a command, in their order."""
    for option in reversed(options):
        call = option(call)
    return call
