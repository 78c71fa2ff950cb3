"""The model asked about whole chunks: features in, one guess a line out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.comments import SETTLED, in_comments, settled
from cleaner.document import Page
from cleaner.features import Gram, grams, kins, markup_of, matrix, page_grams, take
from cleaner.judge import Guess, Policy
from cleaner.labels import KEPT, LABELS, REMOVED, Label
from cleaner.model import Around, LineModel
from cleaner.parting import partings
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


class Measured(NamedTuple):
    """What the model looks at, and what is known of comments."""

    grams: tuple[Gram, ...]
    """The n-grams of each line."""
    features: NDArray[np.float32]
    """Features by lines."""
    around: Around | None = None
    """What the model's network says of the lines among those around them."""
    commented: NDArray[np.bool_] | None = None
    """Of pages: the lines that lie in comments."""


class Guesses(NamedTuple):
    """What the model makes of all lines of a stack: two lists, since a pair a line is one more value to look after."""

    foreign: Sequence[float]
    labels: Sequence[Label]
    thresholds: Sequence[float]
    """The probability from which on lines go, of each page."""
    named: Sequence[Label] = ()
    """What each line would be if it went, if that was asked for; body where it is too unlikely to go."""

    def of(self, first: int, stop: int) -> Iterator[Guess]:
        """Return the guesses on the lines from *first* to before *stop*."""
        return zip(self.foreign[first:stop], self.labels[first:stop], strict=True)


def ask(
    model: LineModel,
    laid: Stack,
    measured: Measured,
    policy: Policy,
    *,
    raised: NDArray[np.float64] | None = None,
    floor: float | None = None,
) -> Guesses:
    """Ask the model how foreign each line is, from what was *measured*.

    What it is, is asked of the lines that reach the threshold of the *policy*, or may be the headline;
    the others are body. Lines need less where site memory has *raised* their log-odds. With a
    *floor* it is also asked what the lines that reach it would be if they went.
    """
    of_lines, features, around, commented = measured
    foreign = model.foreign(features, of_lines, around)
    aside = np.zeros(laid.count, bool) if commented is None else settled(foreign, laid, commented)
    foreign = np.where(aside, np.maximum(foreign, SETTLED), foreign)
    thresholds = _thresholds(foreign, laid, policy)
    needed = thresholds[laid.page_of()]
    removed = foreign >= (needed if raised is None else lowered(needed, raised))
    labels = [Label.BODY] * laid.count
    # A headline seldom ends in a full stop, and short first paragraphs always do.
    heads = may_head(laid) & ~removed & (laid.kinds[laid.ends - 1] != Kind.STOP)
    for rows, among in ((removed, _REMOVED_AT), (heads, _KEPT_AT)):
        for at, label in _likeliest(model, measured, rows, among):
            labels[at] = label
    for at in np.flatnonzero(removed & aside).tolist():
        labels[at] = Label.COMMENTS
    guesses = Guesses(foreign.tolist(), labels, thresholds.tolist())
    if floor is None:
        return guesses
    named = [label if gone else Label.BODY for label, gone in zip(labels, removed.tolist(), strict=True)]
    for at, label in _likeliest(model, measured, (foreign >= floor) & ~removed, _REMOVED_AT):
        named[at] = label
    return guesses._replace(named=named)


def _likeliest(
    model: LineModel, measured: Measured, rows: NDArray[np.bool_], among: NDArray[np.int64]
) -> Iterator[tuple[int, Label]]:
    """Yield the number of each line in *rows*, and what it is most likely *among* some labels."""
    lines = np.flatnonzero(rows)
    if not len(lines):
        return
    of_lines, features, around, _ = measured
    around = None if around is None else around.of(lines)
    likeliest = model.likeliest(features[:, lines], take(of_lines, lines), around, among)
    for at, code in zip(lines.tolist(), likeliest.tolist(), strict=True):
        yield at, LABELS[code]


def _thresholds(foreign: NDArray[np.float64], laid: Stack, policy: Policy) -> NDArray[np.float64]:
    if policy.beta is None:
        return np.full(len(laid.pages) - 1, policy.threshold)
    return partings(foreign, laid, policy.beta)


def measure(model: LineModel, laid: Stack, hits: Sequence[Sequence[Rule]], pages: Sequence[Page] = ()) -> Measured:
    """Return what the model looks at; *pages* are given where their markup counts."""
    of_pages = markup_of(pages, laid) if pages else None
    of_lines = grams(laid) if of_pages is None else page_grams(laid, of_pages)
    _, measured = matrix(laid, model.first_scores(of_lines), hit_counts(hits), of_pages)
    around = model.surroundings(measured, of_lines, laid.page_of(), kins(laid, of_pages))
    return Measured(of_lines, measured, around, in_comments(pages) if pages else None)


def lowered(thresholds: NDArray[np.float64], lifts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that each line needs when log-odds are added to it afterwards."""
    needed = np.exp(-lifts) * (thresholds / np.maximum(1 - thresholds, 1e-9))
    return np.where(lifts == 0, thresholds, needed / (1 + needed))


def may_head(laid: Stack) -> NDArray[np.bool_]:
    """Tell which lines stand and look as if they could be the headline."""
    index = np.arange(laid.count) - laid.page_bounds[0]
    return np.asarray((index < _HEAD_LINES) & (laid.ends - laid.starts < _HEAD_CHARS))
