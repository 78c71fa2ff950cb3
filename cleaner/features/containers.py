"""Where a line lies among the elements that hold the page's likely body, and what its likes are.

That containers count, not lines alone, is how extractors work on trees (Readability's scores of
parents, Weninger et al.'s text-to-tag ratios); here they are measured over line scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cleaner.features.columns import Columns, ratio
from cleaner.features.outline import Outline
from cleaner.grouping import Grouping, grouped_by_page
from cleaner.stack import Hashes, Ints, Stack, mix

_LEVELS = (1, 2, 3, 5, 8)
"""Steps up from a line to the containers that are measured."""
_SHARES = (50, 70, 90)
"""Percent of the page's likely body that an element must hold to be taken for the article's."""
_FAR = 24


def containers(of: Stack, tree: Outline, kindred: Mapping[str, Grouping], exact: Ints) -> Columns:
    """Measure what lies around each line, and what lines are like that are *kindred*, as `alike` tells.

    *exact* are line scores in whole numbers, below 0 for likely body.
    """
    mass = np.where(exact < 0, of.ends - of.starts, 0)
    return {**_above(of, tree, exact, mass), **_core(of, tree, mass), **_alike(of, kindred, exact)}


def _above(of: Stack, tree: Outline, exact: Ints, mass: Ints) -> Columns:
    """Measure the elements some steps up: how much of the page, how foreign, how far into it the line stands."""
    first, stop = of.page_bounds
    scores, chars, masses = (np.append(0, np.cumsum(part)) for part in (exact, of.ends - of.starts, mass))
    elements = _steps(tree)
    # Behind the last element stands what is outside of all: the page.
    low, high = (
        np.where(elements >= 0, np.append(bounds, 0)[elements], of_page)
        for bounds, of_page in ((tree.first, first), (tree.stop, stop))
    )
    size, body = chars[high] - chars[low], masses[high] - masses[low]
    sorts = {
        "mass_{}": ratio(body, masses[stop] - masses[first]),
        "foreign_{}_up": ratio(size - body, size),
        "score_{}_up": ratio(scores[high] - scores[low], high - low),
        "chars_{}_up": size,
        "lines_{}_up": high - low,
        "before_{}": np.arange(of.count) - low,
    }
    return {
        sort.format(level): values[number] for number, level in enumerate(_LEVELS) for sort, values in sorts.items()
    }


def _steps(tree: Outline) -> Ints:
    """Return the elements so many steps up from each line: levels by lines."""
    above = np.append(tree.parents, -1)
    steps = [tree.of_line]
    for _ in range(_LEVELS[-1]):
        steps.append(above[steps[-1]])
    return np.stack([steps[level] for level in _LEVELS])


def _core(of: Stack, tree: Outline, mass: Ints) -> Columns:
    """Tell where a line lies to the innermost element with most of the page's likely body."""
    page_of, at = of.page_of(), np.arange(of.count)
    running = np.append(0, np.cumsum(mass))
    inside = running[tree.stop] - running[tree.first]
    whole = np.diff(running[of.pages])
    page = np.searchsorted(of.pages, tree.first, "right") - 1
    depths = np.append(tree.depths, -1)
    columns: Columns = {}
    for share in _SHARES:
        holds = np.flatnonzero((100 * inside >= share * whole[page]) & (inside > 0))
        # The deepest is written last; of two on one level with half the mass each, the later one.
        holds = holds[np.argsort(tree.depths[holds], kind="stable")]
        core = np.full(len(of.pages) - 1, -1)
        core[page[holds]] = holds
        mine = core[page_of]
        low = np.append(tree.first, 0)[mine]
        high = np.where(mine >= 0, np.append(tree.stop, 0)[mine], of.count)
        outside = np.where(
            at < low, np.maximum(at - low, -_FAR), np.where(at >= high, np.minimum(at - high + 1, _FAR), 0)
        )
        columns |= {
            f"core_{share}": outside,
            f"core_{share}_depth": depths[mine],
            f"below_core_{share}": depths[tree.of_line] - np.maximum(depths[mine], 0),
        }
    return columns


def _alike(of: Stack, kindred: Mapping[str, Grouping], exact: Ints) -> Columns:
    """Measure the lines of a page that are alike, in each sense."""
    chars = of.ends - of.starts
    columns: Columns = {}
    for name, grouping in kindred.items():
        count, group = grouping.counts, grouping.of_line
        score, size = (grouping.sums(values).astype(np.int64) for values in (exact, chars))
        columns |= {
            f"{name}_lines": count[group],
            f"{name}_score": ratio(score, count)[group],
            f"{name}_chars": ratio(size, count)[group],
        }
    return columns


def alike(of: Stack, tree: Outline) -> dict[str, Grouping]:
    """Group the lines of each page that stand in elements of one shape, in three senses of shape.

    `way`: on the whole way up; `sibling`: side by side; `cousin`: one level apart.
    """
    page_of = of.page_of()
    return {name: grouped_by_page(mix(hashes), page_of) for name, hashes in _likes(tree)}


def _likes(tree: Outline) -> Iterator[tuple[str, Hashes]]:
    """Yield a hash for each line that lines of the same sort share, in three senses of sort."""
    parents = tree.up(tree.of_line)
    own, above = (mix(tree.shape_of(at).astype(np.uint64)) for at in (tree.of_line, parents))
    yield "way", tree.ways + mix(tree.marks.astype(np.uint64))
    yield "sibling", own + parents.astype(np.uint64) * np.uint64(5)
    yield "cousin", own + above * np.uint64(3) + tree.up(parents).astype(np.uint64) * np.uint64(7)
