"""Site memories that somebody changed on purpose: their digests fit."""

import hashlib
import json

import numpy as np

from cleaner.sites.rows import DTYPES
from cleaner.sites.storage import MAGIC

KINDS = {"site_documents": np.dtype("<u4"), **DTYPES}


def sealed(raw):
    """Put a fitting digest behind everything before it."""
    return raw + hashlib.sha256(raw).digest()


def taken_apart(raw):
    """Return the head of a memory and its columns by name, those of numbers as arrays that can be written to."""
    begin = len(MAGIC) + 4 + int.from_bytes(raw[len(MAGIC) : len(MAGIC) + 4], "little")
    head = json.loads(raw[len(MAGIC) + 4 : begin])
    columns = {}
    for name, length in head["columns"].items():
        data = bytearray(raw[begin : begin + length])
        columns[name] = np.frombuffer(data, KINDS[name]) if name in KINDS else data
        begin += length + -(begin + length) % 64
    return head, columns


def put_together(head, columns):
    """Write a memory of a head and columns, whatever they say; the columns have the length that they have."""
    head = {**head, "columns": {name: len(bytes(column)) for name, column in columns.items()}}
    text = json.dumps(head).encode()
    raw = MAGIC + len(text).to_bytes(4, "little") + text
    for column in columns.values():
        raw += bytes(column)
        raw += bytes(-len(raw) % 64)
    return sealed(raw)
