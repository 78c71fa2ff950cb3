"""What clients send: read within limits while it comes in, and parsed within limits."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from cleaner.loopback.refusals import Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_SKELETON = 1_000_000
"""Bytes of JSON outside of strings. A batch of a thousand documents has 60,000; a list of empty lists, three bytes
each, would take twenty times its size in memory."""
# One that does not end goes on to the end of the body: else each quote in it would be tried as a beginning.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


def refuse_encoding(headers: Mapping[str, str]) -> None:
    """Raise `Refusal` for a body that is not JSON as it stands, such as a packed one: a few bytes unpack to any size.

    Asking for the type also keeps out the forms of other sites' pages, which cannot name it without asking first.
    """
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "packed-body", "packed bodies are not read", "send the JSON without Content-Encoding")
    kind, _, rest = headers.get("content-type", "").partition(";")
    charset = rest.partition("charset=")[2].strip(" \"'").lower()
    if kind.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
        remedy = "send the header Content-Type: application/json"
        raise Refusal(415, "not-json", "the body is not declared as JSON in UTF-8", remedy)


async def read_body(headers: Mapping[str, str], receive: Receive, limit: int, seconds: float) -> bytearray:
    """Read a body of at most *limit* bytes; raises `Refusal` for a longer one, and for one that takes longer.

    Raises `ConnectionError` when the client goes away.
    """
    if headers.get("content-length", "").isdecimal() and int(headers["content-length"][:20]) > limit:
        raise _too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ConnectionError
                body += message.get("body", b"")
                if len(body) > limit:
                    raise _too_large(limit)
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        raise Refusal(
            408,
            "slow-body",
            f"the body was not whole after {seconds:g} seconds",
            "send it in one go, in smaller requests if need be",
            headers={"Connection": "close"},
        ) from None


def _too_large(limit: int) -> Refusal:
    reason = f"the body has more than {limit:,} bytes"
    return Refusal(413, "large-body", reason, "send fewer or shorter documents a request, or raise --max-mb")


def parse_json(body: bytes | bytearray) -> Any:
    """Parse JSON in UTF-8, with or without a byte order mark; raises `Refusal` for all else.

    `NaN` and `Infinity`, which Python writes and the standard does not know, are refused.
    """
    if len(body) > _SKELETON and len(_STRING.sub(b'""', body)) > _SKELETON:
        reason = f"the JSON has more than {_SKELETON:,} bytes outside of texts"
        raise Refusal(413, "many-values", reason, "send the documents in several requests")
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        reason = f"the body is not UTF-8: {error.reason} at byte {error.start}"
        raise Refusal(400, "not-utf8", reason, "encode the JSON as UTF-8") from None
    except RecursionError:
        raise Refusal(400, "deep-json", "the JSON is nested too deeply", "send the fields of the description") from None
    except ValueError as error:
        raise Refusal(400, "invalid-json", f"the body is not JSON: {error}", "send one JSON object") from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
