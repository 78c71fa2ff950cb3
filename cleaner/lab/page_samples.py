"""HTML pages with an answer as the arrays that training a page model needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page
from cleaner.errors import CleanerError, InputError
from cleaner.features import Gram, Markup, markup_of, page_grams
from cleaner.lab.alignment import FOREIGN, UNDECIDED, align
from cleaner.lab.gold import GoldDocument
from cleaner.lab.pages import GoldPage
from cleaner.lab.samples import KEPT_CODES, sparse
from cleaner.labels import LABELS
from cleaner.rules import load_rules
from cleaner.scoring import hit_counts, may_head
from cleaner.split.markup import split_markup
from cleaner.stack import Stack, stack

_FOUND = 0.5
"""A page that holds less of its gold text than this teaches nothing: the gold is of another page."""
_MOST = 150
"""Lines of one page that teach, drawn at random: a list of thousands says little more than one of a hundred."""
_UNKNOWN = -1

Labels = Sequence[tuple[str, int]]
"""Of a document the text of each line, white space folded, and the number of its label."""


@dataclass(frozen=True, slots=True, eq=False)
class PageSample:
    """All lines of some pages, measured as the product measures them."""

    pages: tuple[GoldPage, ...]
    split: tuple[Page, ...]
    laid: Stack
    markup: Markup
    grams: tuple[Gram, ...]
    tokens: Any
    """The n-grams as a sparse matrix, lines by buckets."""
    hits: NDArray[np.int64]
    foreign: NDArray[np.int8]
    """1 for lines that should go, 0 for those that stay, -1 where nobody knows."""
    codes: NDArray[np.int64]
    """Number of each line's label in `LABELS`, -1 where it is not known."""
    taught: NDArray[np.bool_]
    """Lines that are learned from."""
    head: NDArray[np.bool_]
    """Lines that stand where a headline can stand."""

    @property
    def page_of(self) -> NDArray[np.int64]:
        """The number of each line's page."""
        return self.laid.page_of()

    @property
    def chars(self) -> NDArray[np.int64]:
        """Characters of each line."""
        return self.laid.ends - self.laid.starts


def page_sample(pages: Iterable[GoldPage], labelled: Iterable[GoldDocument], *, seed: int = 0) -> PageSample:
    """Split, align and measure pages; *labelled* documents made of them, whole or extracted, lend their labels.

    Pages that cannot be split, or have no line, are left out. Raises `InputError` when none is left.
    """
    labels = labels_of(labelled)
    chosen, split = [], []
    for gold in pages:
        page = _split(gold)
        if page and page.lines:
            chosen.append(gold)
            split.append(page)
    if not chosen:
        raise InputError("no page with a visible line and an answer; give records with `html` and `text_gold`")
    laid = stack(split)
    codes = np.concatenate([_codes(page, labels.get(gold.id, ())) for gold, page in zip(chosen, split, strict=True)])
    fates = np.concatenate([_fates(gold, page) for gold, page in zip(chosen, split, strict=True)])
    foreign = _settled(fates, codes)
    codes = np.where(foreign == ~KEPT_CODES[codes], codes, _UNKNOWN)
    markup = markup_of(split, laid)
    of_lines = page_grams(laid, markup)
    hits = load_rules().sweep([line.text for page in split for line in page.lines], laid)
    return PageSample(
        pages=tuple(chosen),
        split=tuple(split),
        laid=laid,
        markup=markup,
        grams=of_lines,
        tokens=sparse(of_lines).astype(np.float32),
        hits=hit_counts(hits),
        foreign=foreign,
        codes=codes,
        taught=(foreign >= 0) & _drawn(laid, seed),
        head=may_head(laid),
    )


def labels_of(labelled: Iterable[GoldDocument]) -> Mapping[str, Sequence[Labels]]:
    """Collect by page the labels of lines: documents are called by their page, with `#extractor` behind it."""
    found: dict[str, list[Labels]] = {}
    for document in labelled:
        lines = [(_folded(document.text[line.start : line.end]), LABELS.index(line.label)) for line in document.lines]
        found.setdefault(document.id.partition("#")[0], []).append(lines)
    return dict[str, Sequence[Labels]](found)


def _split(gold: GoldPage) -> Page | None:
    try:
        return split_markup(gold.html)
    except CleanerError:
        return None


def _codes(page: Page, documents: Sequence[Labels]) -> NDArray[np.int64]:
    """Return what the labels of a whole page say by place, else what those of extracted texts say by wording."""
    lines = [_folded(line.text) for line in page.lines]
    for labels in documents:
        if [text for text, _ in labels] == lines:
            return np.array([code for _, code in labels], np.int64)
    # The first document that has a line is heard, and the first such line in it.
    known = {text: code for labels in reversed(documents) for text, code in reversed(labels)}
    return np.array([known.get(line, _UNKNOWN) for line in lines], np.int64)


def _fates(gold: GoldPage, page: Page) -> NDArray[np.int8]:
    """Say which lines the gold leaves out (1), holds (0) or leaves open (-1)."""
    lines = [line.text for line in page.lines]
    if gold.gold is None:
        return _told(lines, gold.wanted, gold.unwanted)
    aligned = align(lines, gold.gold)
    if aligned.found < _FOUND:
        return np.full(len(lines), -1, np.int8)
    return np.where(aligned.fates == UNDECIDED, -1, aligned.fates == FOREIGN).astype(np.int8)


def _settled(fates: NDArray[np.int8], codes: NDArray[np.int64]) -> NDArray[np.int8]:
    """Join what the gold and what the label say of each line: foreign is what neither would keep.

    Golds of news pages end early now and then, and golds of listings keep what articles call teasers.
    """
    labelled = np.where(codes == _UNKNOWN, -1, ~KEPT_CODES[codes])
    both = (fates >= 0) & (labelled >= 0)
    return np.where(both, np.minimum(fates, labelled), np.maximum(fates, labelled)).astype(np.int8)


def _told(lines: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]) -> NDArray[np.int8]:
    """Decide the lines that hold a snippet of one sort alone."""
    folded = [_folded(line) for line in lines]
    stay, go = (
        np.array([any(snippet in line for snippet in map(_folded, snippets)) for line in folded], bool)
        for snippets in (wanted, unwanted)
    )
    return np.where(stay == go, -1, go).astype(np.int8)


def _drawn(laid: Stack, seed: int) -> NDArray[np.bool_]:
    share = _MOST / np.maximum(np.diff(laid.pages), 1)
    return np.asarray(np.random.default_rng(seed).random(laid.count) < share[laid.page_of()])


def _folded(text: str) -> str:
    return " ".join(text.split())
