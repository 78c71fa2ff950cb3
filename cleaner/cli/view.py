"""`cleaner view`: reports as one page to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli.options import PATH, POSITIVE, with_text_field
from cleaner.cli.show import counted, printable
from cleaner.view import view_reports


@click.command()
@click.argument("reports", nargs=-1, required=True, type=PATH, metavar="REPORT...")
@click.option("-o", "--out", type=PATH, required=True, metavar="HTML", help="The page to write.")
@click.option(
    "--clean",
    type=PATH,
    multiple=True,
    metavar="PATH",
    help="File or folder of the clean texts, or of the originals; beside the report if not said. "
    "Once for all reports, or once for each.",
)
@with_text_field
@click.option(
    "--size",
    type=POSITIVE,
    default=8,
    show_default=True,
    metavar="N",
    help="Put at most N million characters of documents in; of more, a sample.",
)
@click.option(
    "--sites", type=PATH, metavar="FILE", help="Site memory, to show what it knows of lines that sites repeat."
)
def view(*, reports: tuple[Path, ...], out: Path, size: float, **how: Any) -> None:
    """Write a page that shows what REPORTs say was removed: totals, charts, and every document marked.

    A REPORT may be a folder with reports. The page is one file and opens from disk without network.
    Needs the extra view.
    """
    viewed = view_reports(reports, out, budget=int(size * 1_000_000), **how)
    shown = "all shown" if viewed.shown == viewed.documents else f"{viewed.shown} of them shown"
    click.echo(f"{counted(viewed.documents, 'document')}, {shown}: {out}", err=True)
    if viewed.without_text:
        click.echo(
            f"Warning: no text found for {counted(viewed.without_text, 'document')}; only what was removed is shown. "
            "--clean says where the clean texts are.",
            err=True,
        )
    for fault in viewed.faults:
        click.echo(f"Warning: {printable(fault, 300)}", err=True)
