"""`cleaner serve`: cleaning as a service on this machine."""

from __future__ import annotations

import click

from cleaner import Cleaner
from cleaner.cli.options import POSITIVE, judging, listening

_MEGABYTE = 1_000_000


@click.command()
@listening(8377)
@click.option(
    "--max-mb",
    type=POSITIVE,
    default=5,
    show_default=True,
    metavar="N",
    help="Refuse requests over this size.",
)
@click.option(
    "--documents", type=click.IntRange(1), default=1_000, show_default=True, metavar="N", help="In one batch at most."
)
@click.option(
    "--seconds",
    type=POSITIVE,
    default=60,
    show_default=True,
    metavar="N",
    help="Time for one request.",
)
@click.option(
    "--threads", type=click.IntRange(1), default=2, show_default=True, metavar="N", help="Requests cleaned at a time."
)
@click.option(
    "--waiting",
    type=click.IntRange(0),
    default=16,
    show_default=True,
    metavar="N",
    help="Requests that may wait; more are told to come back.",
)
@judging
def serve(
    *,
    engine: Cleaner,
    where: tuple[str, int],
    max_mb: float,
    documents: int,
    seconds: float,
    threads: int,
    waiting: int,
) -> None:
    """Clean what programs on this machine send by HTTP, until Ctrl-C.

    POST /clean takes one document, POST /clean-many a batch; GET /openapi.json describes both.
    The settings given here hold where a request says nothing. Needs the extra `serve`.
    """
    from cleaner.loopback import listen, url_of
    from cleaner.service import Limits, serve

    limits = Limits(int(max_mb * _MEGABYTE), documents, seconds, threads, waiting)
    with listen(*where) as door:
        serve(engine, door, limits, lambda: click.echo(f"Serving on {url_of(door)}; end with Ctrl-C.", err=True))
