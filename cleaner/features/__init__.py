"""What can be measured on lines: n-grams for the first stage, dense numbers for the second."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Line, Page
from cleaner.features.context import context
from cleaner.features.layout import layout
from cleaner.features.ngrams import BITS, Gram, grams, take
from cleaner.features.shape import lexicon_text, shape
from cleaner.labels import REMOVED
from cleaner.stack import Stack, stack

__all__ = ["BITS", "Gram", "feature_names", "fingerprint_of_features", "grams", "matrix", "take"]

_VERSION = 1
"""Raise it when a feature changes its meaning but not its name."""


def matrix(
    of: Stack, scores: NDArray[np.float64], hits: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the names of the dense features and their values, features by lines."""
    columns = {**shape(of), **layout(of), **context(of, scores, hits)}
    return tuple(columns), np.stack([np.asarray(column, np.float32) for column in columns.values()])


@cache
def feature_names() -> tuple[str, ...]:
    """Return the names of the dense features, in the order of `matrix`."""
    laid = stack([Page("", (Line("x", 0, 1),))])
    return matrix(laid, np.zeros(1), np.zeros((1, len(REMOVED) + 1), np.int64))[0]


@cache
def fingerprint_of_features() -> str:
    """Digest what a model depends on, so that one trained on other features is refused."""
    parts = (str(_VERSION), str(BITS), *feature_names(), lexicon_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
