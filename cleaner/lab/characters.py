"""Texts as arrays of characters, because blank ones must never count in a measure."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.signedinteger[Any]]

_NO_WIDTH = "\ufeff\u200b\u200e\u200f\u2060"
"""Marks that splitting leaves outside lines, as it does white space."""


def is_solid(text: str) -> BoolArray:
    """Return for each character whether it is neither white nor without width."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    table = _blank_table()
    blank = table[np.minimum(codes, len(table) - 1)]
    # The table ends behind the last blank character below U+FEFF, which stands alone.
    solid: BoolArray = ~(blank | (codes == ord("\ufeff")))
    return solid


@cache
def _blank_table() -> BoolArray:
    """Return a table of what is blank; its last entry, not blank, stands for all higher characters."""
    return np.array([chr(code).isspace() or chr(code) in _NO_WIDTH for code in range(0x3002)], dtype=np.bool_)
