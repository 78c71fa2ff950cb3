"""A server from its first word to its orderly end."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from cleaner.errors import MissingExtra
from cleaner.loopback.guard import App, Guard, place_of

_CONNECTIONS = 256
"""More at a time are answered 503 in plain words by the server itself."""
_LEAVE = 5
"""Seconds that requests have to finish once the server is told to stop."""


def run(app: App, door: socket.socket, *, extra: str, ready: Callable[[], object]) -> None:
    """Serve *app* on *door* until Ctrl-C or SIGTERM, then finish what is being served and return.

    *ready* is called once requests are answered. Raises `MissingExtra` without uvicorn, which *extra* brings.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtra("serving", extra) from error
    from cleaner.loopback.orderly import OrderlyServer
    from cleaner.loopback.patience import PATIENCE, PatientProtocol

    _log_to_stderr()
    config = uvicorn.Config(
        Guard(app),
        http=PatientProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=int(PATIENCE) // 2,
        timeout_graceful_shutdown=_LEAVE,
    )
    OrderlyServer(config, ready).run([door])


class _Terse(logging.Formatter):
    """Log lines without tracebacks: messages of errors may quote what somebody sent."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        kind: tuple[type[BaseException], BaseException, TracebackType | None] = ei
        return place_of(kind[1])


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Terse("%(asctime)s %(levelname)s %(message)s"))
    for name, level in (("cleaner", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        logger.handlers = [handler]
