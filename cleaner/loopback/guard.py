"""The door of a server on loopback: who may come in, and what no answer goes out without."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from cleaner.loopback.address import PLACES, is_own_host
from cleaner.loopback.bodies import Receive
from cleaner.loopback.refusals import Refusal, failure

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("cleaner.loopback")
SAFE = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""Headers of every answer that does not set them itself. There are none that would let other sites read answers."""


class Guard:
    """An ASGI application around another: nothing of other hosts or sites gets in, no fault of ours gets out."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; HEAD is served as GET, whose body the server leaves out."""
        begun = False

        async def safely(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": _with_safe(message["headers"])}
            await send(message)

        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        try:
            refuse_strangers(scope["headers"])
            await self._app({**scope, "method": method}, receive, safely)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the outermost place: nothing may pass
            refusal = _answer_to(error)
            if refusal is not None and not begun:
                for message in refusal.messages():
                    await safely(message)


def _answer_to(error: BaseException) -> Refusal | None:
    """Return what to answer to a request that ended with an error; None where nobody is there any more."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ConnectionError):
        return None
    if isinstance(error, asyncio.CancelledError):
        remedy = "ask again once the server was started anew"
        return Refusal(503, "stopping", "the server is being stopped", remedy, headers={"Retry-After": "10"})
    LOG.error("fault: %s", place_of(error))  # its message may hold somebody's text
    return failure()


def refuse_strangers(headers: list[tuple[bytes, bytes]]) -> None:
    """Raise `Refusal` for a request that was meant for another host, or that a page of another site sends."""
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not is_own_host(hosts[0]):
        raise Refusal(
            421,
            "other-host",
            "the Host header does not name this machine, as when another site has its name point here",
            f"ask for {' or '.join(PLACES)}",
        )
    origins = [value.decode("latin-1").lower() for name, value in headers if name == b"origin"]
    if any(origin != f"http://{hosts[0].lower()}" for origin in origins):
        raise Refusal(403, "other-site", "pages of other sites are not served", "ask from a program, or from this site")


def place_of(error: BaseException) -> str:
    """Name the sort of an error and where it was raised, without its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{type(error).__name__} in {code.co_filename}, line {trace.tb_lineno}, {code.co_name}"


def _with_safe(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    missing = [(name.encode(), value.encode()) for name, value in SAFE.items() if name.encode() not in present]
    return [*headers, *missing]
