"""Headers of pages in Parquet, and the one thing of them that pyarrow does not tell: how large a dictionary is.

A header is a struct of Thrift's compact protocol, whose first fields are the sort and the unpacked size of the page.
"""

from __future__ import annotations

from typing import BinaryIO

_DICTIONARY = 2
"""Sort of a page that holds a dictionary."""
_NUMBER = 0x15
"""Byte before a field that is a number of 32 bits and follows on the field with the number before its own."""
_HEAD = 12
"""Bytes that two such fields take at most."""


def dictionary_size(stream: BinaryIO, start: int) -> int:
    """Return how many bytes the dictionary has, unpacked, whose page begins at *start*; 0 if that is none."""
    stream.seek(start)
    numbers = _numbers(stream.read(_HEAD))
    return numbers[1] if len(numbers) == 2 and numbers[0] == _DICTIONARY else 0


def _numbers(head: bytes) -> list[int]:
    """Return the first two fields of a struct as far as they are numbers."""
    found: list[int] = []
    at = 0
    while len(found) < 2 and head[at : at + 1] == bytes([_NUMBER]):
        value = shift = 0
        while True:
            at += 1
            byte = head[at] if at < len(head) else 0
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        at += 1
        # The lowest bit is the sign.
        found.append(value >> 1 if not value & 1 else -(value >> 1) - 1)
    return found
