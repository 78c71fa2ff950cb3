"""What can be measured on lines: n-grams for the first stage, dense numbers for the second."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Element, Line, Page
from cleaner.features.columns import Columns
from cleaner.features.containers import alike, containers
from cleaner.features.context import context, counted
from cleaner.features.layout import layout
from cleaner.features.markup import markup, markup_grams
from cleaner.features.ngrams import BITS, Gram, grams, take
from cleaner.features.outline import Outline, outline
from cleaner.features.shape import lexicon_text, looks, shape
from cleaner.features.told import told
from cleaner.grouping import Grouping, grouped, grouped_by_page
from cleaner.labels import REMOVED
from cleaner.stack import Stack, stack

__all__ = [
    "BITS",
    "Gram",
    "Markup",
    "feature_names",
    "fingerprint_of_features",
    "grams",
    "kins",
    "markup_of",
    "matrix",
    "page_grams",
    "take",
]

KIN: Mapping[str, tuple[str, ...]] = {"text": ("page", "look"), "html": ("page", "way", "cousin")}
"""By kind of document, the senses in which lines of one page are kin: all of them; in text those that begin and
end alike and are about as long; of HTML those in elements of one shape on the whole way up, and one level apart."""
_VERSION = 2
"""Raise it when a feature changes its meaning but not its name, or weights their form."""


class Markup(NamedTuple):
    """What HTML pages have beside the characters of their lines."""

    pages: Sequence[Page]
    tree: Outline
    alike: Mapping[str, Grouping]
    """The lines of a page in elements of one shape, see `containers.alike`."""


def markup_of(pages: Sequence[Page], of: Stack) -> Markup:
    """Lay out the elements of *pages*, whose lines are those of a stack."""
    tree = outline(pages, of)
    return Markup(pages, tree, alike(of, tree))


def kins(of: Stack, of_pages: Markup | None = None) -> tuple[Grouping, ...]:
    """Return which lines of a page are kin, in as many senses as `KIN` names for its kind."""
    page_of = of.page_of()
    if of_pages is not None:
        return grouped(page_of), *(of_pages.alike[name] for name in KIN["html"][1:])
    return grouped(page_of), grouped_by_page(looks(of), page_of)


def page_grams(of: Stack, of_pages: Markup) -> tuple[Gram, ...]:
    """Hash what lines say, as `grams` does, and how the markup calls them."""
    return (*grams(of), *markup_grams(of_pages.tree))


def matrix(
    of: Stack, scores: NDArray[np.float64], hits: NDArray[np.int64], of_pages: Markup | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the names of the dense features and their values, features by lines; of HTML pages there are more."""
    columns = {**shape(of), **layout(of), **context(of, scores, hits)}
    if of_pages:
        columns |= markup(of_pages.tree, of_pages.pages)
        columns |= containers(of, of_pages.tree, of_pages.alike, counted(scores))
        columns |= told(of, of_pages.pages)
    return _laid(columns)


def _laid(columns: Columns) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    laid = np.empty((len(columns), len(next(iter(columns.values())))), np.float32)
    for row, column in zip(laid, columns.values(), strict=True):
        row[:] = column
    return tuple(columns), laid


@cache
def feature_names(kind: str = "text") -> tuple[str, ...]:
    """Return the names of the dense features of a kind of document, in the order of `matrix`."""
    pages = [Page("x", (Line("x", 0, 1, "p", 0, 0.0, 0),), (Element(-1, "p", ()),))]
    laid, score = stack(pages), np.zeros(1)
    hits = np.zeros((1, len(REMOVED) + 1), np.int64)
    return matrix(laid, score, hits, None if kind == "text" else markup_of(pages, laid))[0]


@cache
def fingerprint_of_features(kind: str = "text") -> str:
    """Digest what a model depends on, so that one trained on other features is refused."""
    parts = (str(_VERSION), str(BITS), *feature_names(kind), *KIN[kind], lexicon_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
