"""The page of the review and what it asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cleaner.corpus import json_line
from cleaner.errors import InputError, OutputError
from cleaner.loopback import Refusal, parse_json, read_body, refuse_encoding
from cleaner.loopback.refusals import failure
from cleaner.review.session import Session

_MOST, _SECONDS = 20_000_000, 30.0
"""Bytes of a request, and seconds it may take to come in."""
_DIGITS = 100
"""Of the number of a document."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""Only our own files, and no text is ever taken for markup or a script."""
_FILES = {
    "/": ("index.html", "text/html"),
    "/review.css": ("review.css", "text/css"),
    "/review.js": ("review.js", "text/javascript"),
    "/lines.js": ("lines.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}


def application(session: Session) -> Starlette:
    """Return the review as an ASGI application; a change never waits in the middle, so none meets another."""

    async def state(_: Request) -> Response:
        return _json(session.state())

    async def document(request: Request) -> Response:
        return _json(session.document(_number(request)))

    def changing(act: Callable[[int, Any], None]) -> Callable[[Request], Awaitable[Response]]:
        async def change(request: Request) -> Response:
            number = _number(request)
            refuse_encoding(request.headers)
            body = await read_body(request.headers, request.receive, _MOST, _SECONDS)
            act(number, parse_json(body))
            return _json(session.state())

        return change

    def reopen(number: int, _: Any) -> None:
        session.reopen(number)

    one = "/api/documents/{number}"
    return Starlette(
        routes=[
            *(Route(path, _file(name, kind), methods=["GET"]) for path, (name, kind) in _FILES.items()),
            Route("/api/state", state, methods=["GET"]),
            Route(one, document, methods=["GET"]),
            Route(one, changing(session.draft), methods=["PUT"]),
            Route(f"{one}/accept", changing(session.accept), methods=["POST"]),
            Route(f"{one}/reopen", changing(reopen), methods=["POST"]),
        ],
        exception_handlers={
            HTTPException: _no_path,
            Refusal: _refused,
            InputError: _unfit,
            OutputError: _unwritten,
            Exception: _failed,
        },
    )


def _number(request: Request) -> int:
    told = request.path_params["number"]
    # Python reads no number of thousands of digits.
    if not (told.isascii() and told.isdigit() and len(told) <= _DIGITS):
        raise HTTPException(404)
    return int(told)


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def send(_: Request) -> Response:
        raw = files("cleaner.review").joinpath("page", name).read_bytes()
        return Response(raw, media_type=kind, headers={"content-security-policy": _POLICY})

    return send


def _json(value: dict[str, Any]) -> Response:
    return Response(json_line(value), media_type="application/json")


async def _refused(_: Request, refusal: Exception) -> Response:
    answer = refusal if isinstance(refusal, Refusal) else failure()
    return Response(answer.body(), answer.status, answer.headers, "application/json")


async def _unfit(request: Request, fault: Exception) -> Response:
    return await _refused(request, Refusal(422, "unfit", str(fault), "load the page anew"))


async def _unwritten(request: Request, fault: Exception) -> Response:
    remedy = "make room or mend the folder; the page tries again with the next key"
    return await _refused(request, Refusal(507, "unwritten", str(fault), remedy))


async def _no_path(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 404
    return await _refused(
        request, Refusal(status, "no-such-path", "there is nothing at this path", "open the page at /")
    )


async def _failed(request: Request, _: Exception) -> Response:
    return await _refused(request, failure())
