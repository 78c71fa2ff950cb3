"""`cleaner evaluate`: how good the road is on sites that its model never saw."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("labels", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write all numbers as JSON to this file.")
@click.option("--seed", default=0, show_default=True, help="Seed of the folds.")
def evaluate(labels: tuple[Path, ...], target: Path | None, seed: int) -> None:
    """Cross-validate on labelled documents, folds by site, in every mode and with the rules alone.

    Every document is cleaned by a model, and by thresholds, of other sites. Needs the extra
    `train`. Takes minutes.
    """
    from cleaner.lab.gold import read_gold
    from cleaner.lab.validation import KINDS, validate

    documents = tuple(document for path in labels for document in read_gold(path))
    record: dict[str, object] = {}
    for run in validate(documents, seed=seed):
        for kind in KINDS:
            if any(document.kind == kind for document in documents):
                scored = run.evaluate(documents, kind)
                record[f"{run.name}, {kind}"] = scored.as_dict()
                click.echo(f"== {run.name}, {kind}\n{scored.table()}\n")
    if target is not None:
        target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
