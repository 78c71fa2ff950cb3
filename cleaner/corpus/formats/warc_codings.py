"""What the body of a response is packed with (`Content-Encoding`), undone as browsers undo it.

Heads of archives are often wrong: crawlers unpack bodies and keep the head, servers pack what they do not say.
So a body is what it unpacks to; or else what it is, if that reads as text; or else what comes before it breaks.
"""

from __future__ import annotations

import io
import re
import zlib
from importlib import import_module
from typing import NamedTuple

from cleaner.corpus.parts import too_big
from cleaner.errors import InputError
from cleaner.split.decoding import has_controls

_GZIP = b"\x1f\x8b"
# How zlib calls what may be meant: of deflate, RFC 9110 means the first, and some servers send the second.
_ZLIB = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
_READERS = {"br": "BrotliReader", "zstd": "ZstdReader"}

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,1000}<[a-zA-Z!?/]|\xff\xfe|\xfe\xff|<\0|\0<")

_PIECE = 64
"""Packed bytes unpacked at a time; of data that break off, the last piece is lost."""
_STEP = 512
"""Bytes that a reader of the library gives at a time; the same holds for them."""


class _Unpacked(NamedTuple):
    content: bytes
    whole: bool


def undone(body: bytes, codings: str, limit: int) -> bytes:
    """Return *body* without its *codings*, as a head names them, and without a gzip that none names.

    Raises `InputError` for data that are broken from the start, for a coding that is not read, and for
    what unpacks to more than *limit* bytes.
    """
    for name in reversed(codings.lower().split(",")):
        if name.strip() not in ("", "identity"):
            packed, body = body, _without(body, name.strip(), limit)
            if body is packed:
                # A text; what else the head names is undone as well.
                break
    return _without(body, "gzip", limit) if body.startswith(_GZIP) else body


def _without(body: bytes, name: str, limit: int) -> bytes:
    found = _unpacked(body, name, limit)
    if found.whole:
        return found.content
    if _is_text(body):
        return body
    if found.content:
        return found.content
    if name in _ZLIB or name in _READERS:
        raise InputError(f"the response is packed with {name}, and its data are broken; fetch the page again")
    remedy = "fetch the page again with the header Accept-Encoding: gzip"
    raise InputError(f"the response is packed with {name!r}, which is not read; {remedy}")


def _is_text(body: bytes) -> bool:
    """Tell whether a body is not packed at all, whatever its head says."""
    if _MARKUP.match(body):
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not has_controls(body)


def _unpacked(body: bytes, name: str, limit: int) -> _Unpacked:
    """Return what one coding hides, up to where it breaks off; nothing of a coding that is not known."""
    if name in _READERS:
        return _read(body, _READERS[name], limit)
    found = _Unpacked(b"", whole=False)
    for window in _ZLIB.get(name, ()):
        found = _inflated(body, window, limit)
        if found.content:
            break
    return found


def _inflated(body: bytes, window: int, limit: int) -> _Unpacked:
    """Unpack with zlib, all members of gzip; what stands behind them is no matter."""
    content, at, tool = bytearray(), 0, zlib.decompressobj(window)
    try:
        while at < len(body):
            piece = body[at : at + _PIECE]
            content += tool.decompress(piece)
            _refuse_over(content, limit)
            at += len(piece) - len(tool.unused_data)
            if tool.eof:
                if not (window == 31 and body.startswith(_GZIP, at)):
                    # Bare deflate has no head and no sum: a text may look like some, but not to its very end.
                    return _Unpacked(bytes(content), window > 0 or at == len(body))
                tool = zlib.decompressobj(window)
    except zlib.error:
        pass
    return _Unpacked(bytes(content), whole=False)


def _read(body: bytes, reader: str, limit: int) -> _Unpacked:
    stream = getattr(import_module("fastwarc.stream_io"), reader)(io.BytesIO(body))
    content = bytearray()
    try:
        while piece := stream.read(_STEP):
            content += piece
            _refuse_over(content, limit)
    except OSError:
        return _Unpacked(bytes(content), whole=False)
    return _Unpacked(bytes(content), whole=True)


def _refuse_over(content: bytearray, limit: int) -> None:
    if len(content) > limit:
        raise InputError(too_big("more than the limit once unpacked", limit))
