"""Packed members one after the other, as web archives have them: a record each.

A broken member of gzip or zstd does not end the file: reading goes on at the next one whose data begin as
they should. The format of gzip is RFC 1952, of zstd RFC 8878; a dictionary in front of zstd members is that
of https://iipc.github.io/warc-specifications/specifications/warc-zstd/.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, Protocol, cast

from cleaner.corpus.codecs import PIECE, faults, pieces, unpacked, zstandard
from cleaner.errors import InputError

_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LARGEST_DICTIONARY = 16 << 20

_PROBE = 1_024
"""Bytes by which it is told whether a member begins at a place; more would make a crafted file slow to search."""

_LOOKS = 64
"""So often for each piece that was read a whole block is looked at, for the same reason."""

_STEP = 1 << 14
"""Bytes given to a decompressor at a time: what lies behind its member comes back as a copy."""


class Broken(NamedTuple):
    """The data break off here; what follows, if anything, begins a member."""

    reason: str


class _Member(Protocol):
    """What unpacks one member."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def unpacked_members(raw: BinaryIO, codec: str, begin: bytes) -> Iterator[bytes | Broken]:
    """Yield what is in *raw*, in order; after a broken member go on at the next that holds *begin* first.

    Of bzip2 and xz nothing is found behind broken data. Raises `OSError` where the system cannot read.
    """
    if codec in ("gzip", "zstd"):
        yield from _Members(raw, codec).unpack(begin)
        return
    try:
        yield from pieces(unpacked(raw, codec))
    except faults(codec) as error:
        yield Broken(f"the {codec} data are broken ({error})")
    except OSError as error:
        if error.errno is not None:
            raise
        yield Broken(f"the {codec} data are broken ({error})")


class _Gzip:
    """A member of gzip, in the manner of the other decompressors."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Members:
    def __init__(self, raw: BinaryIO, codec: str) -> None:
        self._raw, self._codec = raw, codec
        self._seen = b""
        """What was read last; a member that breaks may have swallowed the beginning of the next."""
        self._at = 0
        """Up to where in it everything is unpacked."""
        self._again = 0
        """From where in it a member is sought when one is broken."""
        self._pieces = 1
        """How many were read."""
        self._looked = 0
        """How often a whole block was looked at."""
        self._new: Callable[[], _Member] = _Gzip if codec == "gzip" else self._zstd()

    def unpack(self, begin: bytes) -> Iterator[bytes | Broken]:
        while self._skip_padding():
            try:
                yield from self._one()
            except faults(self._codec) as error:
                yield Broken(f"the {self._codec} data are broken ({error})")
                self._search(begin)

    def _skip_padding(self) -> bool:
        """Pass over zeros, which gzip allows between members; tell whether anything is left."""
        while True:
            while self._seen[self._at : self._at + 1] == b"\0":
                self._at += 1
            if self._at < len(self._seen) or not self._read():
                return self._at < len(self._seen)

    def _one(self) -> Iterator[bytes]:
        """Unpack one member, in pieces."""
        member = self._new()
        self._again = self._at + 1
        while not member.eof:
            data = b""
            if member.needs_input:
                if self._at == len(self._seen) and not self._read():
                    raise EOFError("the last member ends too soon")
                data = self._seen[self._at : self._at + _STEP]
                self._at += len(data)
            if out := member.decompress(data, PIECE):
                yield out
        self._at -= len(member.unused_data)

    def _search(self, begin: bytes) -> None:
        """Go to the next place where a member begins that holds *begin* first, or to the end."""
        magic = _GZIP if self._codec == "gzip" else _ZSTD
        self._at = self._again
        while True:
            found = self._seen.find(magic, self._at)
            self._at = found if found >= 0 else max(self._at, len(self._seen) - len(magic) + 1)
            short = found < 0 or len(self._seen) - found < _PROBE
            if short and self._read():
                continue
            if found < 0:
                self._at = len(self._seen)
                return
            if self._holds(begin):
                return
            self._at += 1

    def _holds(self, begin: bytes) -> bool:
        """Tell whether a member begins here that holds *begin* first."""
        found = self._first(_PROBE, len(begin))
        if found == b"" and self._codec == "zstd" and self._looked < _LOOKS * self._pieces:
            # Nothing of a block of zstd is unpacked before all of it is there.
            self._looked += 1
            while len(self._seen) - self._at < PIECE and self._read():
                pass
            found = self._first(PIECE, len(begin))
        return found is not None and found.startswith(begin)

    def _first(self, size: int, most: int) -> bytes | None:
        """Return the first bytes that unpack from the next *size*; None where these are no member."""
        try:
            return self._new().decompress(self._seen[self._at : self._at + size], most)
        except faults(self._codec):
            return None

    def _read(self) -> bool:
        """Read the next piece and forget all but the one before it; tell whether there was one."""
        piece = self._raw.read(PIECE)
        if not piece:
            return False
        self._pieces += 1
        gone = max(0, len(self._seen) - PIECE)
        self._seen = self._seen[gone:] + piece
        self._at, self._again = self._at - gone, max(0, self._again - gone)
        return True

    def _zstd(self) -> Callable[[], _Member]:
        """Return what unpacks a member, with the dictionary that may stand first in the file."""
        module = zstandard()
        self._seen = self._raw.read(8)
        size = int.from_bytes(self._seen[4:], "little")
        if not self._seen.startswith(_DICTIONARY) or size > _LARGEST_DICTIONARY:
            return cast("Callable[[], _Member]", module.ZstdDecompressor)
        content = self._raw.read(size)
        self._seen = b""
        try:
            if content.startswith(_ZSTD):
                content = module.ZstdDecompressor().decompress(content, _LARGEST_DICTIONARY)
            dictionary = module.ZstdDict(content)
        except (module.ZstdError, ValueError) as error:
            raise InputError(f"begins with a zstd dictionary that is broken ({error}); fetch the file again") from error
        return lambda: cast("_Member", module.ZstdDecompressor(dictionary))
