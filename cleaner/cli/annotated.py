"""`cleaner annotated`: annotations and the pages they speak of in, labelled documents out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cleaner.cli.options import PATH
from cleaner.corpus import ranked, refuse_overwriting


@click.command()
@click.argument("annotations", type=PATH)
@click.argument("pages", nargs=-1, required=True, type=PATH, metavar="PAGES...")
@click.option("-o", "--output", required=True, type=PATH, help="File to write, packed if it ends in .zst.")
def annotated(*, annotations: Path, pages: tuple[Path, ...], output: Path) -> None:
    """Extract PAGES as the annotators read them, and give every line the label in ANNOTATIONS.

    PAGES are files of JSON lines with `id` and `html` or `text`. What comes of it can be given
    to `cleaner train` and `cleaner evaluate`. Needs the extra `pages`.
    """
    from cleaner.lab.annotations import join

    refuse_overwriting([output], (annotations, *pages))
    with progress(pages) as advance:
        tally = join(annotations, pages, output, advance)
    for name, count in ranked(tally):
        click.echo(f"{count:>10,}  {name}", err=True)


@contextmanager
def progress(pages: tuple[Path, ...]) -> Iterator[Callable[[int], object]]:
    """Show how many of *pages* are done, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from cleaner.lab.records import read_records

    total = sum(1 for path in pages for _ in read_records(path))
    with click.progressbar(length=total, label="Extracting", file=sys.stderr) as bar:
        yield bar.update
