"""The records of a web archive cut from its data by their lengths, without a look at what they hold.

After ISO 28500 (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/): a
line `WARC/1.0`, named fields, a blank line, as many bytes as `Content-Length` says, two line ends. Where that
fails, the next record is sought by its first two lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from cleaner.corpus.codecs import pieces
from cleaner.corpus.formats.members import Broken, unpacked_members
from cleaner.corpus.parts import MEGABYTE, too_big

HEADER = 1 << 16
"""Bytes that the header of a record may have."""

_BEGIN = b"WARC/"
_FIRST = re.compile(rb"[\r\n]{0,16}WARC/[0-9]\.[0-9]{1,2}[ \t]{0,8}\r?\n")
_BORDER = re.compile(rb"WARC/[0-9]\.[0-9]{1,2}\r?\n(?=(?i:WARC-|Content-))")
_LONGEST_BORDER = 32
_BLANK = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"^content-length[ \t]{0,8}:[ \t]{0,8}([0-9]{1,18})[ \t]{0,8}\r?$", re.IGNORECASE | re.MULTILINE)
_BREAKS_OFF = "breaks off within the WARC header"
_END = re.compile(rb"[\r\n]{0,16}")


class Found(NamedTuple):
    """A record, or what stands where one should."""

    raw: bytes | None
    """From its first line to the line ends behind it; None where it is too long to be kept."""
    size: int
    """How far it is to the next; a break of packed data counts as a byte, so that a mark lies before or behind it."""
    fault: str = ""
    """Why it is no record."""


class Parted(NamedTuple):
    """A record in its three parts."""

    head: bytes
    """Up to the blank line and with it."""
    block: bytes
    end: bytes
    """The line ends behind."""


def part_record(raw: bytes) -> Parted:
    """Take a record apart that `records` cut."""
    blank, length = _BLANK.search(raw, _first_line(raw)), _LENGTH.search(raw)
    if blank is None or length is None:
        raise ValueError("this is no record")
    begin = blank.end()
    end = begin + int(length[1])
    return Parted(raw[:begin], raw[begin:end], raw[end:])


def records(raw: BinaryIO, codec: str, offset: int, limit: int) -> Iterator[Found]:
    """Yield the records of the file *raw* from *offset* on; of those over *limit* only the size.

    A record over the limit ends where the next one seems to begin, whatever its length says: a wrong
    one must not cost the rest of the file.
    """
    window = _Window(_from(raw, codec, offset), limit)
    while True:
        while window.reach(1):
            yield _next(window)
        if window.broken is None:
            return
        yield Found(None, 1, window.broken.reason)
        window.broken = None


def _from(raw: BinaryIO, codec: str, offset: int) -> Iterator[bytes | Broken]:
    if not codec:
        if offset:
            raw.seek(offset)
        yield from pieces(raw)
        return
    for piece in unpacked_members(raw, codec, _BEGIN):
        size = 1 if isinstance(piece, Broken) else len(piece)
        if offset < size:
            yield piece if isinstance(piece, Broken) else piece[offset:]
        offset = max(0, offset - size)


class _Window:
    """What was read and is not cut yet, up to the next break."""

    def __init__(self, found: Iterator[bytes | Broken], limit: int) -> None:
        self._found = found
        self.limit = limit
        self.data = bytearray()
        self.broken: Broken | None = None

    def more(self) -> bool:
        """Read the next piece; tell whether there was one before the break."""
        piece = None if self.broken else next(self._found, None)
        if isinstance(piece, Broken):
            self.broken = piece
        elif piece is not None:
            self.data += piece
            return True
        return False

    def reach(self, size: int) -> bool:
        """Read until there are *size* bytes; tell whether there are."""
        while len(self.data) < size:
            if not self.more():
                return False
        return True

    def take(self, size: int) -> bytes:
        """Return the first *size* bytes and go on behind them."""
        taken = bytes(self.data[:size])
        del self.data[:size]
        return taken


def _next(window: _Window) -> Found:
    """Cut the next record, or what lies before it."""
    begin = _head(window)
    if isinstance(begin, str):
        return _fault(window, begin)
    length = _LENGTH.search(window.data, 0, begin)
    if length is None:
        return _fault(window, "the WARC header has no valid Content-Length")
    size = int(length[1])
    if size > window.limit:
        return _fault(window, too_big(f"{size / MEGABYTE:.1f} MB", window.limit))
    end = begin + size
    if not window.reach(end):
        return _fault(window, f"breaks off after {len(window.data) - begin} of {size} bytes")
    window.reach(end + 16 + len(_BEGIN))
    tail = _end_of(window, end)
    if tail is None:
        return _fault(window, f"the Content-Length is wrong: no record ends after {size} bytes")
    return Found(window.take(tail), tail)


def _head(window: _Window) -> int | str:
    """Return where the block begins, or what is wrong with the header."""
    window.reach(_LONGEST_BORDER)
    first = _first_line(window.data)
    if not first:
        return "does not begin with a WARC header"
    while not (blank := _BLANK.search(window.data, first - 1, HEADER)):
        if len(window.data) >= HEADER:
            return f"the WARC header has no end within {HEADER} bytes"
        if not window.more():
            return _BREAKS_OFF
    # Another record may have run into it.
    return _BREAKS_OFF if _BORDER.search(window.data, first, blank.end()) else blank.end()


def _first_line(data: bytes | bytearray) -> int:
    """Return where the first line of a record ends; 0 if *data* begin otherwise."""
    first = _FIRST.match(data)
    return first.end() if first else 0


def _end_of(window: _Window, end: int) -> int | None:
    """Return where the line ends behind a block end, or None if it is none that ends there."""
    found = _END.match(window.data, end)
    tail = found.end() if found else end
    proper = window.data.startswith((b"\r\n\r\n", b"\n\n"), end)
    return tail if proper or tail == len(window.data) or window.data.startswith(_BEGIN, tail) else None


def _fault(window: _Window, reason: str) -> Found:
    """Go to the next border; what lies before it is no record, for that *reason*."""
    size, at, kept = 0, max(1, _first_line(window.data)), True
    while not (border := _BORDER.search(window.data, at)):
        at = max(1, len(window.data) - _LONGEST_BORDER)
        if len(window.data) > window.limit + HEADER:
            kept = False
            size += at - 1
            del window.data[: at - 1]
            at = 1
        if not window.more():
            break
    end = border.start() if border else len(window.data)
    raw = window.take(end)
    if window.broken is not None and not window.data:
        reason, size = f"{reason}; {window.broken.reason}", size + 1
        window.broken = None
    return Found(raw if kept else None, size + end, reason)
