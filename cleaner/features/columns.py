"""What a measuring room hands over: named columns, one number a line."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


def ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float32]:
    """Divide, with 0 where *whole* is 0."""
    return np.asarray(np.divide(part, np.maximum(whole, 1), dtype=np.float32, casting="unsafe"))
