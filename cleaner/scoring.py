"""The model asked about whole chunks: features in, one guess a line out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page
from cleaner.features import grams, matrix, take
from cleaner.judge import Guess
from cleaner.labels import KEPT, LABELS, REMOVED, Label
from cleaner.model import LineModel
from cleaner.rules import Rule
from cleaner.stack import Kind, Stack

_HEAD_LINES, _HEAD_CHARS = 8, 200
"""The headline is looked for among so many first lines, of so many characters at most."""
_KEPT_AT = np.array([LABELS.index(label) for label in LABELS if label in KEPT])
_REMOVED_AT = np.array([LABELS.index(label) for label in REMOVED])


def hit_counts(hits: Sequence[Sequence[Rule]]) -> NDArray[np.int64]:
    """Count rule hits for the features: lines by (removed labels + keep)."""
    counts = np.zeros((len(hits), len(REMOVED) + 1), np.int64)
    for at, of_line in enumerate(hits):
        for rule in of_line:
            counts[at, -1 if rule.verdict == "keep" else REMOVED.index(rule.label)] += 1
    return counts


def ask(
    model: LineModel,
    laid: Stack,
    hits: Sequence[Sequence[Rule]],
    threshold: float,
    pages: Sequence[Page] = (),  # noqa: ARG001 - what the markup says, for a model that measures it
) -> list[Guess]:
    """Ask the model how foreign each line is.

    What it is, is asked of the lines that reach the *threshold* or may be the headline; the
    others are body.
    """
    of_lines = grams(laid)
    _, measured = matrix(laid, model.first_scores(of_lines), hit_counts(hits))
    foreign = model.foreign(measured)
    labels = [Label.BODY] * laid.count
    removed = foreign >= threshold
    # A headline seldom ends in a full stop, and short first paragraphs always do.
    heads = may_head(laid) & ~removed & (laid.kinds[laid.ends - 1] != Kind.STOP)
    for lines, among in ((np.flatnonzero(removed), _REMOVED_AT), (np.flatnonzero(heads), _KEPT_AT)):
        if len(lines):
            likeliest = model.likeliest(measured[:, lines], take(of_lines, lines), among)
            for at, label in zip(lines.tolist(), likeliest.tolist(), strict=True):
                labels[at] = LABELS[label]
    return list(zip(foreign.tolist(), labels, strict=True))


def may_head(laid: Stack) -> NDArray[np.bool_]:
    """Tell which lines stand and look as if they could be the headline."""
    index = np.arange(laid.count) - laid.pages[:-1][laid.page_of()]
    return np.asarray((index < _HEAD_LINES) & (laid.ends - laid.starts < _HEAD_CHARS))
