"""`cleaner evaluate`: how good the road is on sites that its model never saw."""

from __future__ import annotations

import json
from pathlib import Path

import click

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("labels", nargs=-1, required=True, type=PATH)
@click.option("--teach", multiple=True, type=PATH, help="More labelled documents to train on, but not to measure on.")
@click.option("--json", "target", type=PATH, help="Write all numbers as JSON to this file.")
@click.option("--reports", type=PATH, help="Write the held-out removal reports into this folder, one file a mode.")
@click.option("--seed", default=0, show_default=True, help="Seed of the folds.")
def evaluate(
    labels: tuple[Path, ...], teach: tuple[Path, ...], target: Path | None, reports: Path | None, seed: int
) -> None:
    """Cross-validate on labelled documents, folds by site, in every mode and with the rules alone.

    Every document is cleaned by a model, and by thresholds, of other sites. Needs the extra
    `train`. Takes minutes.
    """
    from cleaner.lab.gold import read_gold
    from cleaner.lab.validation import KINDS, summary, validate

    documents = tuple(document for path in labels for document in read_gold(path))
    runs = validate(documents, [document for path in teach for document in read_gold(path)], seed=seed)
    scored = {
        (run.name, kind): run.evaluate(documents, kind)
        for kind in KINDS
        if any(document.kind == kind for document in documents)
        for run in runs
    }
    for (name, kind), evaluation in scored.items():
        click.echo(f"== {name}, {kind}\n{evaluation.table()}\n")
    click.echo(f"== summary\n{summary(scored)}")
    if target is not None:
        record = {f"{name}, {kind}": evaluation.as_dict() for (name, kind), evaluation in scored.items()}
        target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if reports is not None:
        reports.mkdir(parents=True, exist_ok=True)
        for run in runs:
            rows = [json.dumps(report.as_dict()) for report in run.reports]
            (reports / f"{run.name.replace(' ', '-')}.jsonl").write_text("\n".join([*rows, ""]), encoding="utf-8")
