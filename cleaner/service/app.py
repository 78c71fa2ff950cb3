"""The paths of the service and their description."""

from __future__ import annotations

from importlib.metadata import version
from time import monotonic
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from cleaner.cleaning import Cleaner
from cleaner.loopback import Refusal, read_body, refuse_encoding
from cleaner.loopback.refusals import failure
from cleaner.service.job import Job
from cleaner.service.metrics import TYPE, Metrics
from cleaner.service.schema import Answer, Answers, Batch, ErrorAnswer, Health, Models, One
from cleaner.service.work import Work

_PORTION = 1 << 16
"""Bytes of an answer sent at a time, so that one who reads slowly keeps the place of the request."""
_TOLD = {
    400: "The body is not JSON in UTF-8.",
    408: "The body took too long.",
    413: "The body, the batch or the JSON is too large.",
    415: "The body is packed, or not declared as JSON.",
    422: "A field is wrong, or the document is no text.",
    503: "Too many requests at a time; ask again after the seconds in Retry-After.",
    504: "Cleaning took too long.",
}
_TOLD_ALWAYS = {
    403: "A page of another site asked.",
    405: "The path does not know the method.",
    421: "The Host header names another machine.",
}


class Portions(Response):
    """An answer sent piece by piece."""

    media_type = "application/json"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for at in range(0, len(self.body), _PORTION):
            await send({"type": "http.response.body", "body": self.body[at : at + _PORTION], "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def application(engine: Cleaner, work: Work, metrics: Metrics, models: Models) -> FastAPI:
    """Return the service: settings of *engine* where a request says nothing."""
    app = FastAPI(
        title="cleaner",
        summary="Strips boilerplate from article text, line by line, and says what it took out and why.",
        version=version("cleaner"),
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        responses=_refusals(_TOLD_ALWAYS),
        exception_handlers={HTTPException: _refused_path, Refusal: _refused, Exception: _failed},
    )
    _clean_with(app, Job(engine, One, 1), "/clean", Answer, work, metrics)
    _clean_with(app, Job(engine, Batch, work.limits.documents), "/clean-many", Answers, work, metrics)

    @app.get("/health", response_model=Health, summary="Tell whether the service answers.")
    async def health() -> Response:
        state = Health(status="ok", version=app.version, models=models, held=work.held, places=work.places)
        return Response(state.model_dump_json(), media_type="application/json")

    @app.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def numbers() -> Response:
        """Give counters in Prometheus' text format."""
        return Response(metrics.text(work.held, work.places), headers={"content-type": TYPE})

    app.openapi = lambda: _described(app)  # type: ignore[method-assign] # FastAPI's way to extend it
    return app


def _clean_with(app: FastAPI, job: Job, path: str, answer: Any, work: Work, metrics: Metrics) -> None:
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{job.sort.__name__}"}}}

    @app.post(
        path,
        name=path[1:],
        summary=f"Clean {'one document' if job.sort is One else 'a batch of documents'}.",
        response_model=answer,
        responses=_refusals(_TOLD),
        openapi_extra={"requestBody": {"required": True, "content": body}},
    )
    async def clean(request: Request) -> Response:
        refuse_encoding(request.headers)
        place = request.scope["place"]
        sent = await read_body(request.headers, request.receive, work.limits.body_bytes, work.limits.seconds)
        begun = monotonic()
        done = await work.do(job, sent, request.receive, place)
        metrics.cleaned(done.tally, monotonic() - begun)
        return Portions(done.body)


def _refusals(told: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ErrorAnswer, "description": text} for status, text in told.items()}


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the description; the bodies are read by us, so FastAPI has to be told of them."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        _, defined = models_json_schema(
            [(One, "validation"), (Batch, "validation")], ref_template="#/components/schemas/{model}"
        )
        found["components"]["schemas"].update(defined["$defs"])
        app.openapi_schema = found
    return app.openapi_schema


async def _refused(_: Request, refusal: Refusal) -> Response:
    return Response(refusal.body(), refusal.status, refusal.headers, "application/json")


async def _refused_path(request: Request, fault: HTTPException) -> Response:
    known = "POST /clean, POST /clean-many, GET /health, GET /metrics, GET /openapi.json"
    if fault.status_code == 405:
        refusal = Refusal(405, "wrong-method", f"this path does not know {request.method}", f"there are {known}")
    else:
        refusal = Refusal(fault.status_code, "no-such-path", "there is nothing at this path", f"there are {known}")
    refusal.headers.update(fault.headers or {})
    return await _refused(request, refusal)


async def _failed(request: Request, _: Exception) -> Response:
    return await _refused(request, failure())
