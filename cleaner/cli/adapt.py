"""`cleaner adapt`: the shipped model and corrected documents in, a model adapted to them out."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.options import PATH, seeded


@click.command()
@click.argument("labels", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="Folder for the model.")
@click.option("--base", type=PATH, metavar="DIR", help="The model to start from; the shipped one if not said.")
@click.option("--licence", default="not stated", help="What the model card says of the labels' licence.")
@click.option("--name", default="adapted", show_default=True, help="What the card and the reports call it.")
@seeded("Seed of the folds; the same seed, the same bytes.")
def adapt(labels: tuple[Path, ...], output: Path, base: Path | None, licence: str, name: str, seed: int) -> None:
    """Adapt the shipped model to labelled documents (JSON lines, plain or zstd), in seconds.

    LABELS are what `cleaner review` saved; documents that were right count as well. The numbers
    are of documents held out in turn. What is adapted: which lines of text go, and what the model
    calls them. What is not: rules, parts of lines, and the model for pages. Needs the extra `train`.
    """
    from cleaner.lab.adapting import adapt as adapt_model
    from cleaner.lab.tables import aligned

    told = adapt_model(labels, output, base=base, name=name, licence=licence, seed=seed)
    model, before, after, names, corrections = told
    click.echo(
        f"lines labelled otherwise than `cleaner clean` does: {corrections.decided:,} in whether they go, "
        f"{corrections.named:,} only in what they are called",
        err=True,
    )
    if corrections.ruled:
        click.echo(f"  nothing changes for {corrections.ruled:,} of them, which rules decide", err=True)
    if model.correction is None:
        click.echo("no correction did better than none on documents held out; the weights stay as they were", err=True)
    if corrections.named and model.renaming is None:
        click.echo("no correction of names did better on documents held out; they stay as they were", err=True)
    rows = [(f"{float(at):.1%}", f"{before[at]:.1%}", f"{after[at]:.1%}") for at in before]
    click.echo(aligned(("cruft lines found at a loss of", "before", "after"), rows), err=True)
    if told.finds_less:
        click.echo("Warning: it finds less than before on documents held out; keep the shipped model.", err=True)
    if names.lines:
        shares = (f"{right / names.lines:.1%}" for right in (names.before, names.after))
        click.echo(aligned((f"of {names.lines:,} foreign lines called right", *shares), ()), err=True)
    click.echo(f"{model.name} written to {output}", err=True)
    for mode, threshold in model.card.thresholds["text"].items():
        click.echo(f"  {mode:<10} removes lines from {threshold:.4f} on", err=True)
