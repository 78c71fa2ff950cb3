"""`cleaner weak`: pages with gold text in, weakly labelled documents out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cleaner.cli.options import PATH
from cleaner.corpus import ranked, refuse_overwriting


@click.command()
@click.argument("pages", nargs=-1, required=True, type=PATH, metavar="PAGES...")
@click.option("-o", "--output", required=True, type=PATH, help="File to write, packed if it ends in .zst.")
def weak(*, pages: tuple[Path, ...], output: Path) -> None:
    """Run several extractors over PAGES and hold every line that they left against the gold text.

    PAGES are files of JSON lines with `html` and `text_gold`, or `html`, `snippets_with` and
    `snippets_without`. The records that come of it have a state for every line: kept, foreign
    or unknown. Needs the extra `weak`.
    """
    from cleaner.lab.weak import write_weak

    refuse_overwriting([output], pages)
    with _progress(pages) as advance:
        tally = write_weak(pages, output, advance)
    for name, count in ranked(tally):
        click.echo(f"{count:>10,}  {name}", err=True)


@contextmanager
def _progress(pages: tuple[Path, ...]) -> Iterator[Callable[[int], object]]:
    """Show how many pages are done, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from cleaner.lab.records import read_records

    total = sum(1 for path in pages for _ in read_records(path))
    with click.progressbar(length=total, label="Extracting", file=sys.stderr) as bar:
        yield bar.update
