"""`cleaner train`: labels in, a model out."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.options import PATH, seeded


@click.command()
@click.argument("labels", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="Folder for the model.")
@click.option(
    "--teach",
    multiple=True,
    type=PATH,
    help="More labelled documents to learn from; thresholds are measured on LABELS alone.",
)
@click.option(
    "--unlabelled", multiple=True, type=PATH, help="Texts to learn from without labels; see `cleaner unlabelled`."
)
@click.option("--licence", default="not stated", help="What the model card says of the data's licence.")
@click.option("--name", default="lines", show_default=True, help="What the card and the reports call it.")
@seeded("Seed of folds and trees; the same seed, the same bytes.")
def train(
    *,
    labels: tuple[Path, ...],
    output: Path,
    teach: tuple[Path, ...],
    unlabelled: tuple[Path, ...],
    licence: str,
    name: str,
    seed: int,
) -> None:
    """Train a line model on labelled documents (JSON lines, plain or zstd).

    Thresholds come from held-out sites. Needs the extra `train`.
    """
    from cleaner.lab.training import Files
    from cleaner.lab.training import train as train_model

    model = train_model(Files(labels, teach, unlabelled), output, name=name, licence=licence, seed=seed)
    click.echo(f"{model.name} written to {output}", err=True)
    for mode, threshold in model.card.thresholds["text"].items():
        click.echo(f"  {mode:<10} removes lines from {threshold:.4f} on", err=True)
