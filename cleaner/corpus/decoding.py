"""Bytes become text once, at the door, and the same bytes again on the way out.

UTF-8 with `surrogateescape`: a byte that is no UTF-8 travels as a lone surrogate and comes out
as itself. The one trap is a removal between two such bytes that together spell a character:
read again, they are one. `joints` finds those places and `take_apart` undoes them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import InputError
from cleaner.split.decoding import binary_of

_STRAY = re.compile(r"[\udc80-\udcff]")
# UTF-32 stands before UTF-16: its little-endian mark begins with that of UTF-16.
_WIDE = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"))
_MARKS = (*_WIDE, (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


class Decoded(NamedTuple):
    """Text and the number of bytes in it that were not UTF-8."""

    text: str
    stray: int


def decode(raw: bytes, path: str | Path | None = None) -> Decoded:
    """Decode a whole file; raises `InputError` for UTF-16, UTF-32 and binary data."""
    refuse_marked(raw, path)
    at = raw.find(b"\0")
    if (at >= 0 or raw.startswith(b"%PDF-")) and (what := binary_of(raw)):
        raise InputError(f"is {what}", path=path)
    if at >= 0:
        reason = "holds NUL bytes, so it is not plain text; unpack it or convert it to UTF-8 text first"
        raise InputError(reason, path=path, place=f"byte {at}")
    return decode_loosely(raw)


def decode_loosely(raw: bytes) -> Decoded:
    """Decode bytes that are known not to be another encoding, such as one line of a file."""
    try:
        return Decoded(raw.decode("utf-8"), 0)
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "surrogateescape")
        return Decoded(text, len(_STRAY.findall(text)))


def encode(text: str) -> bytes:
    """Undo `decode`, to the byte."""
    return text.encode("utf-8", "surrogateescape")


def refuse_marked(raw: bytes, path: str | Path | None = None) -> None:
    """Raise `InputError` when *raw* begins with the mark of UTF-16 or UTF-32."""
    _refuse(raw, path, _MARKS)


def refuse_wide(raw: bytes, path: str | Path | None = None) -> None:
    """Raise `InputError` when *raw* begins with the mark of UTF-32, which no browser reads either."""
    _refuse(raw, path, _WIDE)


def _refuse(raw: bytes, path: str | Path | None, marks: Iterable[tuple[bytes, str]]) -> None:
    for mark, name in marks:
        if raw.startswith(mark):
            raise InputError(f"is {name} text; convert it first: iconv -f {name} -t UTF-8 OLD > NEW", path=path)


def as_bytes(char: str) -> str:
    """Return *char* as the stray bytes that spell it, for text that went through a file."""
    return "".join(chr(0xDC00 + byte) for byte in char.encode("utf-8"))


def as_pair(char: str) -> str:
    """Return *char* as its two surrogates, for text that went through JSON."""
    offset = ord(char) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def joints(meant: str, read: str, apart: Callable[[str], str]) -> tuple[int, ...]:
    """Return the places in *read* where one character stands for several of *meant*."""
    if meant == read:
        return ()
    found, at = [], 0
    for place, char in enumerate(read):
        if meant[at] == char:
            at += 1
        else:
            found.append(place)
            at += len(apart(char))
    return tuple(found)


def take_apart(read: str, places: Collection[int], apart: Callable[[str], str]) -> str:
    """Undo what `joints` found."""
    if not places:
        return read
    return "".join(apart(char) if place in places else char for place, char in enumerate(read))
