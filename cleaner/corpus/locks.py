"""Locks on files, which end with the process that holds them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO


def locked(file: BinaryIO, path: Path) -> bool:
    """Lock the open *file* at *path* until it is closed; tell whether that went, as it does unless another has it."""
    try:
        import fcntl
    except ImportError:
        return True  # where there are no such locks, two runs are the user's to keep apart
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The one who held it may have removed the file in between.
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except OSError:
        return False
