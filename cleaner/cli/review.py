"""`cleaner review`: correct what was decided about documents, in the browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from cleaner import Cleaner
from cleaner.cli.options import PATH, judging, listening, reading
from cleaner.cli.show import printable
from cleaner.corpus import Format, Reading
from cleaner.errors import InputError


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("-o", "--out", required=True, type=PATH, help="File of labels to write; an earlier review goes on.")
@listening(8378)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=1_000,
    show_default=True,
    metavar="N",
    help="Review so many documents at most, the most doubtful of those read.",
)
@click.option(
    "--read",
    type=click.IntRange(0),
    default=5_000,
    show_default=True,
    metavar="N",
    help="Read so many documents at most to choose from; 0 reads all.",
)
@click.option("--lang", default="und", show_default=True, help="Language for the records, where a page declares none.")
@click.option("--open", "shown", is_flag=True, help="Open the page in the browser.")
@judging
@reading
def review(
    *,
    paths: tuple[Path, ...],
    out: Path,
    where: tuple[str, int],
    limit: int,
    read: int,
    lang: str,
    shown: bool,
    engine: Cleaner,
    how: Reading,
    form: Format | None,
) -> None:
    """Go through the documents in PATHS in the browser and correct lines and spans, until Ctrl-C.

    The most doubtful documents come first. Every label is saved at once; started again with the
    same file, the review goes on. `cleaner train` takes the file. Needs the extra `review`.
    """
    from cleaner.loopback import listen, url_of
    from cleaner.review import Most, SavedLabels, alone, gather, review

    if out.resolve() in {path.resolve() for path in paths}:
        raise InputError("is one of the files to review; name another with -o", path=out)
    with alone(out), listen(*where) as door:
        saved = SavedLabels(out)
        if saved.cut:
            click.echo(f"{out}: an unfinished last line of {saved.cut} bytes was taken off", err=True)
        with _counting() as seen:
            pool = gather(engine, paths, how, form, most=Most(limit, read), seen=seen)
        _tell(pool.left_out, pool.choice())

        def ready() -> None:
            click.echo(f"Review on {url_of(door)}; end with Ctrl-C.", err=True)
            if shown:
                click.launch(url_of(door))

        review(pool, saved, door, lang=lang, ready=ready)


def _tell(left_out: Sequence[InputError], choice: str) -> None:
    """Say what was left out, and how the documents were chosen."""
    for fault in left_out:
        click.echo(f"left out: {printable(str(fault))}", err=True)
    if choice:
        click.echo(choice, err=True)


@contextmanager
def _counting() -> Iterator[Callable[[int], object]]:
    """Show how many documents were read, if a person is watching."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=0, label="Reading documents", show_pos=True, file=sys.stderr) as bar:
        yield bar.update
