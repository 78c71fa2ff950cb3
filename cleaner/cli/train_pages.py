"""`cleaner train-pages`: pages and their gold texts in, a model for HTML out."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.options import PATH, seeded


@click.command("train-pages")
@click.argument("pages", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="Folder for the model.")
@click.option(
    "--labels",
    multiple=True,
    required=True,
    type=PATH,
    help="Labelled documents made of these pages: they say what the lines are.",
)
@click.option("--licence", default="not stated", help="What the model card says of the data's licence.")
@click.option("--name", default="pages", show_default=True, help="What the card and the reports call it.")
@seeded("Seed of folds and trees; the same seed, the same bytes.")
def train_pages(
    pages: tuple[Path, ...], output: Path, labels: tuple[Path, ...], licence: str, name: str, seed: int
) -> None:
    """Train a model for HTML pages on records with `html` and `text_gold` or snippets (JSON lines, plain or zstd).

    Prints how good the whole road is on sites left out. Needs the extra `train`; takes an hour for
    two thousand pages.
    """
    from cleaner.lab.page_training import train_pages as train
    from cleaner.lab.page_validation import table

    model = train(pages, labels, output, name=name, licence=licence, seed=seed)
    click.echo(f"{model.name} written to {output}", err=True)
    click.echo(table(model.card.scores["pages"]))
