"""Names of files as long as file systems take them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

LONGEST = 255
"""Bytes of a name in most file systems."""


def fitting(name: str, ending: str = "") -> str:
    """Return *name* with *ending* behind it; a name too long for that is cut, and told from others by a digest.

    The same name always becomes the same.

    >>> fitting("a.txt", ".report.jsonl")
    'a.txt.report.jsonl'
    """
    raw = os.fsencode(name)
    room = LONGEST - len(os.fsencode(ending))
    if len(raw) <= room:
        return name + ending
    mark = f"~{hashlib.blake2b(raw, digest_size=6).hexdigest()}"
    end = room - len(mark)
    # No character is cut in the middle; bytes that are none may go on and on like that.
    end = next((at for at in range(end, end - 4, -1) if raw[at] & 0xC0 != 0x80), end)
    return os.fsdecode(raw[:end]) + mark + ending


def beside(path: Path, ending: str) -> Path:
    """Return the file beside *path* that is called as it is, with *ending* behind."""
    return path.with_name(fitting(path.name, ending))
