"""`cleaner apply`: annotated documents are cleaned at a threshold chosen afterwards."""

from __future__ import annotations

from math import inf
from pathlib import Path

import click

from cleaner.cli.ending import orderly_end
from cleaner.cli.options import PATH, TYPED, Finite, labels, reading
from cleaner.cli.summary import of_run
from cleaner.corpus import Applied, Asked, Decision, Format, Reading, Settings, clean_corpus, plan_run, reports_in
from cleaner.labels import Label


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option(
    "--annotations",
    multiple=True,
    required=True,
    type=PATH,
    metavar="PATH",
    help="What cleaner clean --annotate wrote about PATHS, or about more than these: files, or folders with them.",
)
@click.option("-o", "--out", required=True, type=TYPED, metavar="OUT", help="File or folder to write to.")
@click.option(
    "--report", type=PATH, metavar="FILE", help="One report for everything; beside the clean texts by default."
)
@click.option(
    "--threshold",
    type=Finite(0, 1),
    metavar="SCORE",
    help="Remove from this score on; as annotated by default.",
)
@click.option(
    "--keep", default="", metavar="LABELS", callback=labels, help="Leave lines with these labels in: caption,byline"
)
@reading
def apply(
    *,
    paths: tuple[Path, ...],
    annotations: tuple[Path, ...],
    out: str,
    report: Path | None,
    threshold: float | None,
    keep: tuple[Label, ...],
    how: Reading,
    form: Format | None,
) -> None:
    """Clean PATHS by what was written down about their lines, without asking the model again.

    The score decides alone: lines from the threshold on go, unless their label is to be kept.
    Without a threshold the outcome is that of cleaner clean with the settings of the annotation.
    """
    notes = tuple(reports_in(annotations, "annotations"))
    plan = plan_run(paths, out, Asked(form, report=report, read_too=notes))
    decision = Decision(threshold, frozenset(keep))
    engine = Applied(plan.tasks, notes, decision)
    # There is no --resume here, so nothing is kept to go on from.
    with orderly_end():
        outcome = clean_corpus(engine, plan, Settings(how, interval=inf))
    engine.refuse_rest()
    click.echo(of_run(outcome, plan), err=True)
    if outcome.rejected:
        raise SystemExit(1)
