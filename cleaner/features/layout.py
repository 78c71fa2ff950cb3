"""Where a line stands in its document, what repeats, and what it has to do with the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.features.columns import Columns, ratio
from cleaner.stack import Hashes, Ints, Stack, mix

_SHORT = 100
"""Characters below which a line is no paragraph."""
_SLOTS = 12
"""Each page counts its words in 2^_SLOTS slots."""
_CONTENT = 5
"""Letters from which on a word is taken to speak of something."""


def layout(of: Stack) -> Columns:
    """Measure each line's place, its repeats and its kinship with its page."""
    page_of = of.page_of()
    first, stop = of.page_bounds
    at = np.arange(of.count)
    chars = of.ends - of.starts
    running = np.append(0, np.cumsum(chars))
    total = running[stop] - running[first]
    return {
        "index": at - first,
        "from_end": stop - at - 1,
        "place": ratio(at - first, stop - first),
        "page_lines": stop - first,
        "page_chars": total,
        "chars_before": ratio(running[at] - running[first], total),
        "share_of_page": ratio(chars, total),
        **_runs(chars < _SHORT, first, stop),
        **_repeats(of, page_of),
        **_echo(of, page_of, first),
    }


def _runs(short: NDArray[np.bool_], first: Ints, stop: Ints) -> Columns:
    """Measure the run of short lines in which a line stands, and its place in that run."""
    at = np.arange(len(short))
    breaks = ~short
    before = np.maximum(np.maximum.accumulate(np.where(breaks, at, -1)), first - 1)
    behind = np.minimum(np.minimum.accumulate(np.where(breaks, at, len(short))[::-1])[::-1], stop)
    length = np.where(short, behind - before - 1, 0)
    return {"run": length, "run_before": np.where(short, at - before - 1, 0), "run_open": short & (behind == stop)}


def _repeats(of: Stack, page_of: Ints) -> Columns:
    """Count lines of the same page with the same text, and with the same first two words."""
    firsts = np.minimum(of.words[:-1], len(of.word_starts) - 1)
    begins_end = (
        np.where(np.diff(of.words) > 1, of.word_ends[np.minimum(firsts + 1, len(of.word_ends) - 1)], of.ends)
        if len(of.word_starts)
        else of.ends
    )
    same, again = _same(of.line_hashes, page_of)
    return {
        "same_text": same,
        "seen_before": again,
        "same_start": _same(of.hashes(of.starts, begins_end), page_of)[0],
        **_twins(of, page_of),
    }


def _twins(of: Stack, page_of: Ints) -> Columns:
    """Tell whether a line opens the next one word for word, or is opened by the one above.

    Scrapers leave an image's alternative text and its caption like that.
    """
    lengths = of.ends - of.starts
    this, below = slice(None, -1), slice(1, None)
    fits = (lengths[this] <= lengths[below]) & (page_of[this] == page_of[below])
    reach = np.minimum(of.starts[below] + lengths[this], of.ends[below])
    twin = fits & (of.hashes(of.starts[below], reach) == of.line_hashes[this])
    return {"twin_below": np.append(twin, False)[: of.count], "twin_above": np.append(False, twin)[: of.count]}


def _same(hashes: Hashes, page_of: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Count lines of the page with the same hash, and tell whether an earlier one has it."""
    keys = mix(hashes + page_of.astype(np.uint64))
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return counts[inverse], first[inverse] < np.arange(len(keys))


def _echo(of: Stack, page_of: Ints, first: Ints) -> Columns:
    """Measure how much of what a line speaks of the page, or its opening lines, speak of too.

    A teaser for another story shares little with this one. Words are counted in slots, so
    two words of a page may now and then be taken for one.
    """
    content = np.flatnonzero(of.word_ends - of.word_starts >= _CONTENT)
    bounds = np.searchsorted(content, of.words)
    words = np.diff(bounds)
    line_of = np.repeat(np.arange(of.count), words)
    slots = (page_of[line_of] << _SLOTS) + (of.word_hashes[content] >> np.uint64(64 - _SLOTS)).astype(np.int64)
    # The words of a slot are told by the last of them: counting these takes a number a word, not one a
    # slot, of which there are twenty times as many. What is read of the slots has been written before.
    last = np.empty(len(of.pages) << _SLOTS, np.int32)
    last[slots] = np.arange(len(slots), dtype=np.int32)
    twins = last[slots]
    seen = np.bincount(twins, minlength=1)[twins]
    told = np.zeros(len(slots), bool)
    told[twins[line_of - first[line_of] < 3]] = True
    twice, often, opened = (np.append(0, np.cumsum(flags)) for flags in (seen > 1, seen > 3, told[twins]))
    return {
        "content_words": words,
        "echo": ratio(twice[bounds[1:]] - twice[bounds[:-1]], words),
        "strong_echo": ratio(often[bounds[1:]] - often[bounds[:-1]], words),
        "opening_echo": ratio(opened[bounds[1:]] - opened[bounds[:-1]], words),
    }
