"""The service on its socket: admission, counting, a line in the log for each request, an orderly end."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, MutableMapping
from contextlib import ExitStack
from time import monotonic
from typing import Any

from cleaner.cleaning import Cleaner
from cleaner.errors import MissingExtra
from cleaner.loopback import Refusal, run
from cleaner.loopback.bodies import Receive
from cleaner.loopback.guard import App, Scope, Send
from cleaner.service.limits import Limits

LOG = logging.getLogger("cleaner.service")
_CLEANING = ("/clean", "/clean-many")
_PATHS = frozenset((*_CLEANING, "/health", "/metrics", "/openapi.json"))


def serve(engine: Cleaner, door: socket.socket, limits: Limits, ready: Callable[[], object]) -> None:
    """Serve until Ctrl-C or SIGTERM; *ready* is called once requests are answered.

    Models and rules are loaded before. Raises `MissingExtra` without FastAPI and uvicorn,
    `ModelError` for a damaged model.
    """
    try:
        from cleaner.service.app import application
        from cleaner.service.job import probe
        from cleaner.service.metrics import Metrics
        from cleaner.service.work import Work
    except ImportError as error:
        raise MissingExtra("serving", "serve") from error
    work, metrics = Work(limits), Metrics()
    app = application(engine, work, metrics, probe(engine))
    try:
        run(Admission(app, work, metrics), door, extra="serve", ready=ready)
    finally:
        work.stop()


class Admission:
    """An ASGI application around another: gives requests to clean a place, counts and logs all of them."""

    def __init__(self, app: App, work: Any, metrics: Any) -> None:
        self._app, self._work, self._metrics = app, work, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun, status = monotonic(), 499  # as proxies note a client that went away

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        # A path that is not ours may hold anything; it is not written down.
        path = scope["path"] if scope["path"] in _PATHS else "other"
        try:
            with ExitStack() as stack:
                try:
                    if path in _CLEANING and scope["method"] == "POST":
                        scope["place"] = stack.enter_context(self._work.place())
                    await self._app(scope, receive, noting)
                except Refusal as refusal:
                    for message in refusal.messages():
                        await noting(message)
        finally:
            self._metrics.request(path, status)
            LOG.info("%s %s %d %.0f ms", _method(scope), path, status, 1_000 * (monotonic() - begun))


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH") else "other"
