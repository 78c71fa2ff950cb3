"""The review on its socket."""

from __future__ import annotations

import socket
from collections.abc import Callable

from cleaner.errors import MissingExtra
from cleaner.loopback import run
from cleaner.review.gathering import Pool
from cleaner.review.saved import SavedLabels
from cleaner.review.session import Session


def review(pool: Pool, saved: SavedLabels, door: socket.socket, *, lang: str, ready: Callable[[], object]) -> None:
    """Serve the page until Ctrl-C or SIGTERM; *ready* is called once it can be opened.

    Raises `MissingExtra` without Starlette and uvicorn.
    """
    try:
        from cleaner.review.app import application
    except ImportError as error:
        raise MissingExtra("reviewing", "review") from error
    run(application(Session(pool, saved, lang)), door, extra="review", ready=ready)
