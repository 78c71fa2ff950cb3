"""`cleaner restore`: clean text and its report become the original again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cleaner.cli.options import PATH, with_text_field
from cleaner.cli.show import counted, printable
from cleaner.corpus import restore_files


@click.command()
@click.argument("clean", type=PATH)
@click.argument("reports", nargs=-1, required=True, type=PATH, metavar="REPORT...")
@click.option("-o", "--out", type=PATH, required=True, metavar="ORIGINAL", help="File or folder to write to.")
@with_text_field
def restore(*, clean: Path, reports: tuple[Path, ...], out: Path, text_field: str) -> None:
    """Rebuild ORIGINAL from CLEAN, a file or a folder that `cleaner clean` wrote, and its REPORTs.

    A REPORT may be a folder with reports. Text and JSONL come out as they were, to the byte,
    other records with the same values; packed files are packed anew. Of HTML pages the
    visible text comes back. What had been rejected is missing and is told. What cannot be restored
    is told too, and the rest goes on.
    """
    restored = restore_files(clean, reports, out, text_field=text_field)
    click.echo(
        f"restored {counted(restored.documents, 'document')} in {counted(restored.files, 'file')}: {out}", err=True
    )
    for name in restored.unknown:
        click.echo(f"Warning: {printable(name)} is in no report and was left alone", err=True)
    if restored.rejected.number:
        missing = counted(restored.rejected.number, "reject is", "rejects are")
        places = ", ".join(str(path) for path in restored.rejected.files)
        click.echo(f"Warning: {missing} missing from it: what could not be read is told in {places}", err=True)
    for reason in restored.failed:
        click.echo(f"Error: {printable(reason)}", err=True)
    if restored.failed:
        sys.exit(1)
