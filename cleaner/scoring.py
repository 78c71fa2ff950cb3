"""The model asked about whole chunks: features in, one guess a line out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page
from cleaner.features import Gram, again, grams, markup_of, matrix, page_grams, take
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
    width = len(REMOVED) + 1
    places = [at * width + _column(rule) for at, of_line in enumerate(hits) if of_line for rule in of_line]
    return np.bincount(np.array(places, np.int64), minlength=len(hits) * width).reshape(-1, width)


def _column(rule: Rule) -> int:
    return len(REMOVED) if rule.verdict == "keep" else REMOVED.index(rule.label)


class Guesses(NamedTuple):
    """What the model makes of all lines of a stack: two lists, since a pair a line is one more value to look after."""

    foreign: Sequence[float]
    labels: Sequence[Label]
    named: Sequence[Label] = ()
    """What each line would be if it went, if that was asked for; body where it is too unlikely to go."""

    def of(self, first: int, stop: int) -> Iterator[Guess]:
        """Return the guesses on the lines from *first* to before *stop*."""
        return zip(self.foreign[first:stop], self.labels[first:stop], strict=True)


def ask(
    model: LineModel,
    laid: Stack,
    hits: Sequence[Sequence[Rule]],
    threshold: float | NDArray[np.float64],
    pages: Sequence[Page] = (),
    *,
    floor: float | None = None,
) -> Guesses:
    """Ask the model how foreign each line is; *pages* are given where their markup counts.

    What it is, is asked of the lines that reach the *threshold*, of all or each its own, or may be
    the headline; the others are body. With a *floor* it is also asked what the lines that reach it
    would be if they went.
    """
    of_lines, measured = measure(model, laid, hits, pages)
    foreign = model.foreign(measured, of_lines)
    labels = [Label.BODY] * laid.count
    removed = foreign >= threshold
    # A headline seldom ends in a full stop, and short first paragraphs always do.
    heads = may_head(laid) & ~removed & (laid.kinds[laid.ends - 1] != Kind.STOP)
    for lines, among in ((np.flatnonzero(removed), _REMOVED_AT), (np.flatnonzero(heads), _KEPT_AT)):
        if len(lines):
            likeliest = model.likeliest(measured[:, lines], take(of_lines, lines), among)
            for at, label in zip(lines.tolist(), likeliest.tolist(), strict=True):
                labels[at] = LABELS[label]
    if floor is None:
        return Guesses(foreign.tolist(), labels)
    named = [label if gone else Label.BODY for label, gone in zip(labels, removed.tolist(), strict=True)]
    lines = np.flatnonzero((foreign >= floor) & ~removed)
    if len(lines):
        likeliest = model.likeliest(measured[:, lines], take(of_lines, lines), _REMOVED_AT)
        for at, label in zip(lines.tolist(), likeliest.tolist(), strict=True):
            named[at] = LABELS[label]
    return Guesses(foreign.tolist(), labels, named)


def measure(
    model: LineModel, laid: Stack, hits: Sequence[Sequence[Rule]], pages: Sequence[Page] = ()
) -> tuple[tuple[Gram, ...], NDArray[np.float32]]:
    """Return what the model looks at: the n-grams of each line, and its features, features by lines."""
    of_pages = markup_of(pages, laid) if pages else None
    of_lines = grams(laid) if of_pages is None else page_grams(laid, of_pages)
    _, measured = matrix(laid, model.first_scores(of_lines), hit_counts(hits), of_pages)
    if of_pages:
        measured = np.concatenate([measured, again(laid, model.second_scores(measured), of_pages)[1]])
    return of_lines, measured


def lowered(threshold: float, lifts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that each line needs when log-odds are added to it afterwards."""
    needed = np.exp(-lifts) * (threshold / max(1 - threshold, 1e-9))
    return np.where(lifts == 0, threshold, needed / (1 + needed))


def may_head(laid: Stack) -> NDArray[np.bool_]:
    """Tell which lines stand and look as if they could be the headline."""
    index = np.arange(laid.count) - laid.pages[:-1][laid.page_of()]
    return np.asarray((index < _HEAD_LINES) & (laid.ends - laid.starts < _HEAD_CHARS))
