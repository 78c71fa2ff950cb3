"""Compressed files by the end of their name: one stream to read, one member at a time to write."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, BinaryIO, cast

from cleaner.errors import CleanerError, InputError, MissingExtra

CODECS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz"}
"""Endings of compressed files and what they are called."""

PIECE = 1 << 17
"""Bytes asked for at a time."""


def codec_of(name: str) -> str:
    """Return how a file of that name is compressed; nothing if it is not."""
    return next((codec for ending, codec in CODECS.items() if name.lower().endswith(ending)), "")


def without_codec(name: str) -> str:
    """Return *name* without the ending of a compressed file."""
    codec = codec_of(name)
    return name if not codec else name[: name.rindex(".")]


def unpacked(stream: BinaryIO, codec: str) -> BinaryIO:
    """Return what is in *stream* unpacked, all members one after the other.

    Raises `MissingExtra` where zstd needs a package. Reading raises one of `faults(codec)` at data
    that are broken or end too soon.
    """
    if not codec:
        return stream
    if codec == "gzip":
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    return cast("BinaryIO", _module(codec).open(stream, "rb"))


def packed(data: bytes, codec: str) -> bytes:
    """Return *data* as one member; members one after the other are a file."""
    if not codec:
        return data
    if codec == "gzip":
        # Neither time nor name in the head: the same text gives the same bytes.
        return gzip.compress(data, 6, mtime=0)
    if codec == "xz":
        return bytes(_module(codec).compress(data, preset=3))
    return bytes(_module(codec).compress(data))


def faults(codec: str) -> tuple[type[Exception], ...]:
    """Return the errors by which reading tells that packed data are broken, apart from `OSError`."""
    if codec == "gzip":
        return EOFError, import_module("zlib").error
    if codec == "xz":
        return EOFError, import_module("lzma").LZMAError
    if codec == "zstd":
        return EOFError, _module(codec).ZstdError
    return (EOFError,)


@contextmanager
def told(path: object, codec: str, where: Callable[[], str]) -> Iterator[None]:
    """Turn the faults of reading into an `InputError` that says how far it came."""
    try:
        yield
    except faults(codec) as error:
        raise _broken(path, codec, where(), error) from error
    except OSError as error:
        # Those of gzip and bzip2 for broken data have no number, those of the system do.
        if codec and error.errno is None:
            raise _broken(path, codec, where(), error) from error
        raise InputError.of(error, path=str(path)) from error


def _broken(path: object, codec: str, where: str, error: Exception) -> InputError:
    reason = f"the {codec} data are broken {where} ({error}); what came before was read, fetch the file again"
    return InputError(reason, path=str(path))


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is in *stream*, up to the very place where it breaks off."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    while piece := read(PIECE):
        yield piece


def zstandard() -> Any:
    """Return the module that knows zstd; raises `MissingExtra` where a package is needed."""
    return _module("zstd")


def _module(codec: str) -> Any:
    if codec == "bzip2":
        return import_module("bz2")
    if codec == "xz":
        return import_module("lzma")
    if codec != "zstd":
        raise CleanerError(f"no codec {codec!r}; there are {', '.join(CODECS.values())}")
    try:
        return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    except ImportError as error:
        raise MissingExtra("reading and writing zstd", "corpora") from error
