"""Labelled documents as the arrays that training needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page
from cleaner.errors import MissingExtra
from cleaner.features import BITS, grams
from cleaner.features.ngrams import Gram
from cleaner.lab.gold import GoldDocument, label_units
from cleaner.lab.unlabelled import Unlabelled
from cleaner.labels import KEPT, LABELS
from cleaner.rules import load_rules
from cleaner.scoring import hit_counts, may_head
from cleaner.split import split
from cleaner.stack import Stack, stack

KEPT_CODES = np.array([label in KEPT for label in LABELS])
TAUGHT = "taught"
"""Kind of lessons that are learned from but not measured on."""
UNLABELLED = "unlabelled"
"""Kind of lessons of which nobody knows the labels."""
EXCERPT = "excerpt"
"""Kind of lessons that are a few lines out of the middle of others."""
UNKNOWN = -1
"""In place of the number of a label."""
EXCERPTS, _LONGEST = 2, 8
"""So many excerpts are made of a document, of so many lines at most."""
_NO_TEXTS = frozenset({UNLABELLED, "page"})
"""Kinds of lessons that no excerpts are made of: a few lines of the menus of a page are no text that anybody has."""
_LONELY = 16.0
"""So much less counts cruft in excerpts, over the square of their lines; see `Sample.weights`."""
_HEAVIEST, _LIGHTEST, _COMMON = 8.0, 0.3, 100.0


class Lesson(NamedTuple):
    """One document to learn from."""

    page: Page
    codes: tuple[int, ...]
    """For each line the number of its label in `LABELS`, or `UNKNOWN`."""
    group: str
    """Documents of one group are never parted between folds."""
    kind: str
    lang: str


class Lines(Protocol):
    """What the linear stages need to know of lines to learn from."""

    @property
    def tokens(self) -> Any:
        """The n-grams as a sparse matrix, lines by buckets."""

    @property
    def foreign(self) -> NDArray[Any]:
        """Lines that should go: 1."""

    @property
    def codes(self) -> NDArray[np.int64]:
        """Number of each line's label in `LABELS`."""


def gold_lesson(document: GoldDocument, kind: str = "") -> Lesson:
    """Learn from a labelled document, as one of its own kind or of another."""
    page = split(document.text)
    codes = tuple(LABELS.index(label) for label in label_units(document, page.lines))
    return Lesson(page, codes, document.group, kind or document.kind, document.lang)


def unlabelled_lesson(text: Unlabelled) -> Lesson:
    """Learn from a text without labels."""
    page = split(text.text)
    return Lesson(page, (UNKNOWN,) * len(page.lines), text.group, UNLABELLED, text.lang)


def with_excerpts(lessons: Sequence[Lesson], *, seed: int) -> tuple[Lesson, ...]:
    """Return *lessons*, and behind them their excerpts."""
    return (*lessons, *excerpts(lessons, seed=seed))


def excerpts(lessons: Iterable[Lesson], *, seed: int) -> Iterator[Lesson]:
    """Cut some lines out of the middle of each text with labels, at places found by chance, as lessons of their own.

    Texts of a line or two, and pieces of longer ones, have little around a line: how much a line says by itself is
    learned from these.
    """
    random = np.random.default_rng(seed)
    for lesson in lessons:
        lines = lesson.page.lines
        for _ in range(EXCERPTS if lesson.kind not in _NO_TEXTS and len(lines) > _LONGEST else 0):
            count = int(random.integers(1, _LONGEST + 1))
            first = int(random.integers(0, len(lines) - count + 1))
            page = split(lesson.page.text[lines[first].start : lines[first + count - 1].end])
            if len(page.lines) == count:
                yield Lesson(page, lesson.codes[first : first + count], lesson.group, EXCERPT, lesson.lang)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """All lines of some documents, measured as the product measures them."""

    laid: Stack
    grams: tuple[Gram, ...]
    tokens: Any
    """The n-grams as a sparse matrix, lines by buckets, weighted as `Linear` weighs them."""
    hits: NDArray[np.int64]
    ruled: NDArray[np.int8]
    """What rules decide by themselves: 1 drop, -1 keep, 0 nothing."""
    codes: NDArray[np.int64]
    """Number of each line's label in `LABELS`, or `UNKNOWN`."""
    chars: NDArray[np.int64]
    document: NDArray[np.int64]
    """Number of each line's document."""
    head: NDArray[np.bool_]
    """Lines that stand where a headline can stand."""
    excerpt: NDArray[np.bool_]
    """Lines of excerpts, which stand among these lines a second time, in the documents they are of."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Lines whose label is known."""
        return np.asarray(self.codes != UNKNOWN)

    @property
    def foreign(self) -> NDArray[np.bool_]:
        """Lines that are known to go."""
        return np.asarray(~KEPT_CODES[self.codes] & self.known)

    @property
    def weights(self) -> NDArray[np.float64]:
        """What a mistake costs; see `weights_of`.

        In excerpts, cruft that is missed costs the less the fewer lines there are: a text of one line is hardly ever
        nothing but cruft, though a line out of the middle of a text often is.
        """
        weights = weights_of(self.foreign.astype(np.float64), self.chars)
        lines = np.diff(self.laid.pages)[self.document]
        return np.where(self.excerpt & self.foreign, weights / (1 + _LONELY / lines**2), weights)


def weights_of(foreign: NDArray[np.float64], chars: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what a mistake about each line costs: body is lost by the character, cruft by the line.

    *foreign* is how likely the line should go.
    """
    return np.asarray(foreign + (1 - foreign) * np.clip(chars / _COMMON, _LIGHTEST, _HEAVIEST))


def sample(lessons: Sequence[Lesson]) -> Sample:
    """Measure documents as the road does."""
    rules = load_rules()
    laid = stack([lesson.page for lesson in lessons])
    hits = rules.sweep([line.text for lesson in lessons for line in lesson.page.lines], laid)
    of_lines = grams(laid)
    codes = np.array([code for lesson in lessons for code in lesson.codes])
    return Sample(
        laid=laid,
        grams=of_lines,
        tokens=sparse(of_lines),
        hits=hit_counts(hits),
        ruled=np.array([_ruling(of_line) for of_line in hits], np.int8),
        codes=codes,
        chars=laid.ends - laid.starts,
        document=laid.page_of(),
        head=may_head(laid),
        excerpt=np.array([lesson.kind == EXCERPT for lesson in lessons], bool)[laid.page_of()],
    )


def sparse(of_lines: Sequence[Gram]) -> Any:
    """Return n-grams as a SciPy matrix: each sort counts as 1 over the root of its number in the line.

    Raises `MissingExtra` without SciPy.
    """
    try:
        from scipy.sparse import csr_matrix
    except ImportError as error:
        raise MissingExtra("training", "train") from error

    of_lines = [gram.spread() for gram in of_lines]
    lines = len(of_lines[0].bounds) - 1
    counts = [np.diff(gram.bounds) for gram in of_lines]
    rows = np.concatenate([np.repeat(np.arange(lines), count) for count in counts])
    values = np.concatenate([np.repeat(1 / np.sqrt(np.maximum(count, 1)), count) for count in counts])
    buckets = np.concatenate([gram.buckets for gram in of_lines]).astype(np.int64)
    return csr_matrix((values, (rows, buckets)), shape=(lines, 1 << BITS))


def _ruling(hits: Sequence[Any]) -> int:
    for rule in hits:
        if rule.verdict != "hint":
            return 1 if rule.verdict == "drop" else -1
    return 0
