"""`cleaner evaluate`: how well sites are cleaned that the model never saw, and the gate."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from cleaner.cli.options import PATH, seeded

if TYPE_CHECKING:
    from cleaner.lab.evaluate import Evaluation
    from cleaner.lab.gold import GoldDocument
    from cleaner.lab.validation import Run

FELL = 3
"""Exit code of a gate that fell."""


class _Way(NamedTuple):
    """One of the things that the command does, and the parameters that belong to it."""

    does: str
    takes: frozenset[str]


_VALIDATING = _Way(
    "cross-validate", frozenset({"labels", "teach", "unlabelled", "reports", "publish", "peers", "errors", "seed"})
)
_COMPARING = _Way("compare models (--model)", frozenset({"labels", "models"}))
_CHECKING = _Way("check floors (--gate)", frozenset({"gate"}))
_SETTING = _Way("set floors (--set-floors)", frozenset({"gate", "set_floors", "lower_floors"}))


@click.command()
@click.argument("labels", nargs=-1, type=PATH)
@click.option("--teach", multiple=True, type=PATH, help="More labelled documents to train on, but not to measure on.")
@click.option("--unlabelled", multiple=True, type=PATH, help="Texts to train on without labels.")
@click.option("--reports", type=PATH, help="Write the reports of what was removed into this folder, one file a mode.")
@click.option("--publish", type=PATH, help="Write a dated table, all numbers and the curve into this folder.")
@click.option(
    "--peers", is_flag=True, help="Measure other tools, those of the extra `bench`, on the same documents too."
)
@click.option(
    "--errors",
    type=PATH,
    metavar="FILE",
    help="Write what the default mode got wrong, as JSON lines: body lost, most characters first, "
    "then cruft left, highest score first.",
)
@seeded("Seed of the division of sites.")
@click.option(
    "--model",
    "models",
    multiple=True,
    type=PATH,
    metavar="DIR",
    help="Compare this model, as it is, with the shipped one instead of training any.",
)
@click.option("--gate", type=PATH, metavar="FLOORS", help="Check that the shipped model reaches these floors instead.")
@click.option("--set-floors", type=PATH, metavar="SAMPLE", help="With --gate: set the floors on this sample.")
@click.option("--lower-floors", is_flag=True, help="With --set-floors: floors may become lower.")
@click.pass_context
def evaluate(
    context: click.Context,
    /,
    labels: tuple[Path, ...],
    models: tuple[Path, ...],
    gate: Path | None,
    set_floors: Path | None,
    *,
    lower_floors: bool,
    **options: Any,
) -> None:
    """Measure on labelled documents how well sites are cleaned that the model never saw.

    Models are trained on some of the sites in LABELS and clean the others in turn, in every mode and
    with the rules alone. Needs the extra `train`. Takes minutes.

    With --model the documents are cleaned by that model and by the shipped one: what changed, in
    seconds; documents that a model learned from flatter it. With --gate the shipped model must reach
    the floors, the least scores in a file, in seconds; exit code 3 says that it does not.
    """
    if gate is not None:
        _only(context, _CHECKING if set_floors is None else _SETTING)
        _gate(gate, set_floors, lower=lower_floors)
    elif not labels:
        raise click.UsageError("give labelled documents, or --gate FLOORS")
    elif models:
        _only(context, _COMPARING)
        _compare(labels, models)
    else:
        _only(context, _VALIDATING)
        _validate(labels, **options)


def _only(context: click.Context, way: _Way) -> None:
    """Refuse what was given and does not belong to this *way*: it would come to nothing, unseen."""
    for parameter in context.command.params:
        name = str(parameter.name)
        if name not in way.takes and _given(context, name):
            raise click.UsageError(f"{parameter.get_error_hint(context)} is of no use to {way.does}.")


def _given(context: click.Context, name: str) -> bool:
    # A list without entries counts as given for click before 8.2.
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE and context.params[name] != ()


def _gate(floors: Path, sample: Path | None, *, lower: bool) -> None:
    from cleaner.lab import gate

    if sample is not None:
        for fall in gate.set_floors(floors, sample, lower=lower):
            click.echo(f"lowered, {fall}", err=True)
        return
    falls = gate.check(floors)
    for fall in falls:
        click.echo(str(fall), err=True)
    if falls:
        sys.exit(FELL)
    click.echo("the gate holds", err=True)


def _compare(labels: Sequence[Path], models: Sequence[Path]) -> None:
    from cleaner.lab.comparing import compare
    from cleaner.lab.gold import read_gold

    click.echo(compare(models, [document for path in labels for document in read_gold(path)]))


def _validate(
    labels: Sequence[Path],
    teach: Sequence[Path],
    unlabelled: Sequence[Path],
    reports: Path | None,
    publish: Path | None,
    errors: Path | None,
    *,
    peers: bool,
    seed: int,
) -> None:
    from cleaner.lab.gold import read_gold
    from cleaner.lab.published import publish as write_record
    from cleaner.lab.unlabelled import read_unlabelled
    from cleaner.lab.validation import KINDS, summary, validate

    documents = tuple(document for path in labels for document in read_gold(path))
    runs = validate(
        documents,
        [document for path in teach for document in read_gold(path)],
        [text for path in unlabelled for text in read_unlabelled(path)],
        seed=seed,
    )
    scored = {
        (run.name, kind): run.evaluate(documents, kind)
        for kind in KINDS
        if any(document.kind == kind for document in documents)
        for run in runs
    }
    if peers:
        scored.update(_peers(documents))
    for (name, kind), evaluation in scored.items():
        click.echo(f"== {name}, {kind}\n{evaluation.table()}\n")
    click.echo(f"== summary\n{summary(scored)}")
    if reports is not None:
        _write_reports(reports, runs)
    if errors is not None:
        found = [mistake for run in runs for mistake in run.mistakes(documents)]
        _write_lines(errors, found)
    if publish is not None:
        data = [
            {"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest(), "taught only": path not in labels}
            for path in (*labels, *teach, *unlabelled)
        ]
        write_record(publish, f"{datetime.now(UTC):%Y-%m-%d}", scored, data)


def _peers(documents: Sequence[GoldDocument]) -> dict[tuple[str, str], Evaluation]:
    from cleaner.lab.evaluate import score
    from cleaner.lab.peers import run_peers
    from cleaner.lab.validation import KINDS

    scored = {}
    for kind in KINDS:
        of_kind = [document for document in documents if document.kind == kind]
        if of_kind:
            for name, removed in run_peers(of_kind, lambda fault: click.echo(fault, err=True)):
                scored[name, kind] = score(of_kind, removed)
    return scored


def _write_reports(folder: Path, runs: Sequence[Run]) -> None:
    for run in runs:
        name = f"{run.name.replace(' ', '-')}.jsonl"
        _write_lines(folder / name, [report.as_dict() for report in run.reports])


def _write_lines(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps(record, ensure_ascii=False) for record in records]
    # A lone surrogate cannot be written as UTF-8; its escape is the JSON spelling of it.
    path.write_text("\n".join([*rows, ""]), encoding="utf-8", errors="backslashreplace")
