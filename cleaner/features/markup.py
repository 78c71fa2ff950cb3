"""What the markup says about a line: the element that shows it, and what lies around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.document import Page
from cleaner.features.columns import Columns
from cleaner.features.ngrams import Gram, buckets
from cleaner.features.outline import Outline, path_names, shape_names

_SORTS = (
    "p",
    "li",
    "td",
    "div",
    "span",
    "pre",
    "dd",
    "dt",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "tr",
    "button",
    "label",
)
"""Tags that are told apart by number, from running text to controls; all others share the last."""
_KINDS = {tag: number for number, tag in enumerate(_SORTS)}
_MARKS = ("a", "strong", "b", "em", "i", "time", "span", "button", "small")
"""Inline elements that tell something of a line that lies in them as a whole."""
_AROUND = (
    "article",
    "main",
    "nav",
    "header",
    "footer",
    "aside",
    "figure",
    "form",
    "table",
    "ul ol",
    "blockquote",
    "section",
)
"""Elements that say what their content is: the steps up to them are counted."""
_AROUND_OF = {tag: number for number, names in enumerate(_AROUND) for tag in names.split()}
_FAR = 24
"""More steps than that count as none there."""
_SALT = 40
"""Salts of the markup's grams begin here, above those of `ngrams`."""


def markup(tree: Outline, pages: Sequence[Page]) -> Columns:
    """Tell what sort of element shows each line, how much of it is linked, and what it lies in."""
    lines = [line for page in pages for line in page.lines]
    kinds = np.array([*(_KINDS.get(tag, len(_SORTS)) for tag in tree.tags), -1])
    headings = np.array([*(len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() for tag in tree.tags), False])
    shapes = tree.shape_of(tree.of_line)
    return {
        "tag": kinds[shapes],
        "heading": headings[shapes],
        "depth": np.array([line.depth for line in lines]),
        "linked": np.rint(np.array([line.linked for line in lines], np.float64) * 100),
        **_marks(tree),
        **_around(tree),
    }


def _marks(tree: Outline) -> Columns:
    shapes, lines = np.unique(tree.marks, return_inverse=True)
    tags = [tree.tags[shape].split() if shape >= 0 else () for shape in shapes.tolist()]
    marks = np.array([[mark in of_shape for mark in _MARKS] for of_shape in tags], bool).reshape(-1, len(_MARKS))
    return {f"marked_{mark}": of_mark for mark, of_mark in zip(_MARKS, marks[lines].T, strict=True)}


def _around(tree: Outline) -> Columns:
    """Count the steps up from each line to the nearest element of each sort around it.

    Lines of an element lie side by side, so each telling element is painted over those it lies in.
    """
    sorts = np.array([*(_AROUND_OF.get(tag, -1) for tag in tree.tags)], np.int64)[tree.shapes]
    telling = np.flatnonzero(sorts >= 0)
    nearest = np.full((len(_AROUND), len(tree.of_line)), -_FAR)
    told = zip(*(part[telling].tolist() for part in (sorts, tree.first, tree.stop, tree.depths)), strict=True)
    for sort, first, stop, depth in told:
        nearest[sort, first:stop] = depth
    away = np.minimum(np.append(tree.depths, 0)[tree.of_line] - nearest, _FAR)
    return {f"to_{names.split()[0]}": steps for names, steps in zip(_AROUND, away, strict=True)}


def markup_grams(tree: Outline) -> tuple[Gram, ...]:
    """Hash what each line's element is called, and its parent, and all around it; and the tags of the nearest three."""
    own = tree.shape_of(tree.of_line)
    parents = tree.up(tree.of_line)
    parent, grandparent = tree.shape_of(parents), tree.shape_of(tree.up(parents))
    names, bounds = shape_names(tree)
    path = path_names(tree)
    named = [
        Gram(buckets(names, _SALT + number), bounds, np.where(shapes >= 0, shapes, len(tree.tags)))
        for number, shapes in enumerate((own, tree.marks, parent))
    ]
    named.append(Gram(buckets(path.names, _SALT + len(named)), path.bounds, path.of_line))
    tags = np.append(tree.tag_hashes, np.uint64(1))
    three = np.uint64(3)
    nested = tags[own] * three + tags[parent]
    chains = (
        tags[own],
        nested,
        nested * three + tags[grandparent],
        tags[tree.marks],
        tags[tree.marks] * three + tags[own],
    )
    salts = np.arange(_SALT + len(named), _SALT + len(named) + len(chains))[:, None]
    single = np.arange(len(own) + 1)
    return (*named, *(Gram(of_chain, single) for of_chain in buckets(np.stack(chains), salts)))
