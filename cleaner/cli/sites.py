"""`cleaner sites`: what sites repeat is learned, merged and shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from cleaner.cli.ending import notes_told, orderly_end
from cleaner.cli.options import PATH, reading
from cleaner.cli.show import printable
from cleaner.corpus import Format, Lesson, Reading, WholeFile, find, learn_files
from cleaner.sites import Known, load_memory, merge, site_of_address

_OUT = click.option("-o", "--out", required=True, type=PATH, metavar="FILE", help="File of the site memory.")


@click.group()
def sites() -> None:
    """Site memory: the lines that a site repeats from document to document."""


@sites.command("learn", short_help="Count in how many documents each line of a site stands.")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@_OUT
@click.option("--update", is_flag=True, help="Add to what FILE knows already.")
@click.option("--whole", is_flag=True, help="Keep lines seen once too: then merging and updating lose nothing.")
@click.option("--resume", is_flag=True, help="Go on where an earlier run was broken off.")
@reading
def learn_(*, paths: tuple[Path, ...], out: Path, how: Reading, form: Format | None, **flags: bool) -> None:
    """Count in how many documents of PATHS each line of a site stands.

    A run that was broken off goes on with the same command and --resume, to the same file.
    """
    sources = find(paths, forced=form, kind=how.kind)
    _refuse(out, [source.path for source in sources])
    with notes_told(), orderly_end():
        learned, rejected, rejects, repeated = learn_files(sources, out, Lesson(how, **flags))
    if repeated:
        click.echo(f"{out} holds these documents already; to count them again, leave --resume out", err=True)
    click.echo(
        f"{learned.documents:,} documents learned from; {learned.lines:,} lines of {learned.sites:,} sites known",
        err=True,
    )
    if learned.unnamed:
        click.echo(f"{learned.unnamed:,} documents name no site and were left out (--site-field)", err=True)
    for reject in rejects:
        click.echo(str(reject.error()), err=True)
    if rejected:
        click.echo(f"{rejected:,} could not be read", err=True)
        sys.exit(1)


@sites.command("merge", short_help="Put site memories together.")
@click.argument("files", nargs=-1, required=True, type=PATH)
@_OUT
@click.option("--lean", is_flag=True, help="Leave out lines seen once.")
def merge_(*, files: tuple[Path, ...], out: Path, lean: bool) -> None:
    """Put the site memories FILES together; their order does not matter, and one that is named twice counts once."""
    _refuse(out, files)
    memories = [load_memory(path) for path in dict.fromkeys(path.resolve() for path in files)]
    with WholeFile(out) as file:
        merged = merge(memories, file.write, lean=lean)
    click.echo(f"{merged.rows.rows:,} lines of {len(merged.sites):,} sites known", err=True)


@sites.command("show", short_help="Show the lines that a site repeats most, or the sites.")
@click.argument("domain", required=False)
@click.option("--sites", "path", required=True, type=PATH, metavar="FILE", help="File of the site memory.")
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="Show so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def show(*, domain: str | None, path: Path, most: int, as_json: bool) -> None:
    """Show the lines that DOMAIN repeats most, or list the sites."""
    memory = load_memory(path)
    if domain is None:
        documents = zip(memory.sites, memory.documents.tolist(), strict=True)
        for name, count in sorted(documents, key=lambda site: (-site[1], site[0]))[:most]:
            click.echo(json.dumps({"site": name, "documents": count}) if as_json else f"{count:>9,}  {printable(name)}")
        return
    name = domain if domain in memory.sites else site_of_address(domain)
    if name not in memory.sites:
        raise click.UsageError(f"Nothing is known of {domain!r}; without a domain the sites are listed.")
    known = islice(memory.known(name), most)
    total = int(memory.documents[memory.sites[name]])
    for row in (
        (json.dumps({"site": name, "of": total, **line._asdict()}) for line in known)
        if as_json
        else _table(name, total, known)
    ):
        click.echo(row)


def _table(name: str, total: int, known: Iterator[Known]) -> Iterator[str]:
    yield f"{printable(name)}: {total:,} documents"
    yield f"{'documents':>9}{'share':>7}{'top':>6}{'end':>6}  line"
    for line in known:
        mark = "~" if line.varies else " "
        share = f"{line.documents / total:.1%}" if total else "-"
        yield f"{line.documents:>9,}{share:>7}{line.top:>6.0%}{line.end:>6.0%} {mark}{printable(line.text)}"


def _refuse(out: Path, inputs: list[Path] | tuple[Path, ...]) -> None:
    if out.resolve() in {path.resolve() for path in inputs}:
        raise click.UsageError(f"{out} is read; name another file to write.")
