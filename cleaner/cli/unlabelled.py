"""`cleaner unlabelled`: pages in, texts out that nobody has labelled."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.annotated import progress
from cleaner.cli.options import PATH
from cleaner.corpus import ranked, refuse_overwriting


@click.command()
@click.argument("annotations", type=PATH)
@click.argument("pages", nargs=-1, required=True, type=PATH, metavar="PAGES...")
@click.option("-o", "--output", required=True, type=PATH, help="File to write, packed if it ends in .zst.")
def unlabelled(*, annotations: Path, pages: tuple[Path, ...], output: Path) -> None:
    """Extract PAGES by several extractors, and write down what ANNOTATIONS say nothing of.

    PAGES are files of JSON lines with `id`, `domain` or `url`, and `html` or `text`. What comes of it can be given to
    `cleaner train --unlabelled`. Needs the extra `pages`.
    """
    from cleaner.lab.unlabelled import leave

    refuse_overwriting([output], (annotations, *pages))
    with progress(pages) as advance:
        tally = leave(annotations, pages, output, advance)
    for name, count in ranked(tally):
        click.echo(f"{count:>10,}  {name}", err=True)
