"""How a run ends that does not come to its end."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cleaner.errors import CleanerError


@contextmanager
def notes_told() -> Iterator[None]:
    """Tell what there is to know when something else than an error of ours ends a run, such as Ctrl-C."""
    try:
        yield
    except CleanerError:
        raise
    except BaseException as error:
        for note in getattr(error, "__notes__", ()):
            click.echo(f"\n{note}", err=True)
        raise


@contextmanager
def orderly_end() -> Iterator[None]:
    """Let a polite kill clean up as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
