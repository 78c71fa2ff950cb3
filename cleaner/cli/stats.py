"""`cleaner stats`: totals over reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from cleaner.cli.options import PATH
from cleaner.cli.show import printable, safe
from cleaner.corpus import Tally, ranked, rows


@click.command()
@click.argument("reports", nargs=-1, required=True, type=PATH, metavar="REPORT...")
@click.option("--documents", is_flag=True, help="List what was removed from every document first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stats(*, reports: tuple[Path, ...], documents: bool, as_json: bool) -> None:
    """Sum up REPORTs: documents, characters, and what was removed by label and by source."""
    tally = Tally()
    for path in reports:
        for row in rows(path):
            tally.add(row.report)
            if documents and not as_json:
                click.echo("\n".join(safe(line) for line in row.report.as_text().split("\n")) + "\n")
    click.echo(json.dumps(tally.as_dict()) if as_json else "\n".join(_table(tally)))


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
