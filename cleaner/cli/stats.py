"""`cleaner stats`: totals over reports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from cleaner.cli.options import PATH
from cleaner.cli.show import printable, safe
from cleaner.corpus import OVER, REST, Groups, Tally, Totals, ranked, reports_in, rows

_ROWS, _ALL = 20, 1_000
"""Rows of a list: to look at, and for a program."""


def _shares(ctx: click.Context, param: click.Parameter, value: str) -> tuple[float, ...]:
    """Turn percentages with commas between them into shares."""
    try:
        shares = tuple(float(part) / 100 for part in value.split(",") if part.strip())
    except ValueError as error:
        raise click.BadParameter("give percentages: 10,50,90", ctx, param) from error
    if not all(0 <= share < 1 for share in shares):
        raise click.BadParameter("give percentages from 0 to below 100: 10,50,90", ctx, param)
    return shares


@click.command()
@click.argument("reports", nargs=-1, required=True, type=PATH, metavar="REPORT...")
@click.option("--documents", is_flag=True, help="List what was removed from every document first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table of numbers: table, key, measure, value.")
@click.option(
    "--over",
    default=",".join(f"{100 * share:g}" for share in OVER),
    show_default=True,
    metavar="PERCENT",
    callback=_shares,
    help="Count the documents that lost more than these shares of their characters.",
)
@click.option(
    "--top",
    type=click.IntRange(1),
    metavar="N",
    help=f"Rows of sites, languages, shards and removed lines each; {_ROWS}, or {_ALL} for --json and --csv.",
)
def stats(*, reports: tuple[Path, ...], over: tuple[float, ...], top: int | None, **forms: bool) -> None:
    """Sum up REPORTs, or the reports in folders: what was removed, by label, source, site, language and shard."""
    _refuse_both(forms)
    totals = Totals(over)
    for path in reports_in(reports):
        for row in rows(path):
            totals.add(row)
            if forms["documents"]:
                click.echo("\n".join(safe(line) for line in row.report.as_text().split("\n")) + "\n")
    if forms["as_json"]:
        click.echo(json.dumps(totals.as_dict(top or _ALL)))
    elif forms["as_csv"]:
        click.echo(_csv(totals, top or _ALL), nl=False)
    else:
        click.echo("\n".join([*_table(totals.tally), *_lists(totals, top or _ROWS)]))


def _refuse_both(forms: Mapping[str, bool]) -> None:
    """Raise `UsageError` where the output was to have two forms at once."""
    asked = [f"--{name.removeprefix('as_')}" for name, wanted in forms.items() if wanted]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(sorted(asked))} exclude each other.")


def _csv(totals: Totals, most: int) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["table", "key", "measure", "value"])
    write.writerows((table, printable(key), measure, value) for table, key, measure, value in totals.figures(most))
    return out.getvalue()


def _table(tally: Tally) -> Iterator[str]:
    yield f"documents   {tally.documents:>12,}"
    yield f"lines       {tally.lines:>12,}"
    yield f"characters  {tally.chars:>12,}"
    yield f"removed     {tally.chars - tally.kept_chars:>12,}  {tally.share_removed:.1%}"
    if tally.stretches:
        yield f"\n{'label':<28}{'stretches':>12}{'characters':>14}"
        for label, count in ranked(tally.stretches):
            yield f"{label.value:<28}{count:>12,}{tally.removed_chars[label]:>14,}"
        yield f"\n{'source':<28}{'stretches':>12}"
        for source, count in ranked(tally.sources):
            yield f"{printable(source):<28}{count:>12,}"
    if tally.notes:
        yield f"\n{'documents to look at':<28}{tally.notes.total():>12,}"
        for note, count in ranked(tally.notes):
            yield f"  {printable(note)}  ({count:,})"


def _lists(totals: Totals, most: int) -> Iterator[str]:
    if totals.tally.documents:
        yield f"\n{'documents that lost':<28}{'documents':>12}"
        for share, count in totals.losing.items():
            yield f"{f'over {100 * share:g} %':<28}{count:>12,}"
    for name, groups in totals.groups.items():
        # A single shard is what the totals are about.
        if groups.sums and (name != "shard" or len(groups.sums) > 1):
            yield from _groups(name, groups, most)
    if lines := totals.lines.top(most):
        yield f"\n{'removed most often':<60}{'label':<12}{'times':>12}"
        for line in lines:
            yield f"{printable(line.text, 58):<60}{line.label.value:<12}{line.times:>12,}"
        if totals.lines.short:
            yield f"(each may have come {totals.lines.short:,} times more: there were too many to tell all apart)"


def _groups(name: str, groups: Groups, most: int) -> Iterator[str]:
    top, rest = groups.top(most)
    yield f"\n{name:<40}{'documents':>12}{'characters':>16}{'removed':>10}"
    for key, one in [*top, (REST, rest)] if rest.documents else top:
        yield f"{printable(key, 38):<40}{one.documents:>12,}{one.chars:>16,}{one.share:>10.1%}"
