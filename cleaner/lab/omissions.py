"""Parts of an article that golds often lack: lists, tables and headings inside the body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cleaner.lab.alignment import State, Words, words_of

_ITEMS = ("li", "tr", "td", "th", "dt", "dd")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINKED = 0.5
"""An item with more of its words in links leads to other pieces, and is rightly foreign."""


_LONGEST = 600
"""Characters of an item; what is longer holds a whole layout."""


class Parts(NamedTuple):
    """Words of the elements of a page whose lack in the gold proves nothing."""

    items: frozenset[Words]
    headings: frozenset[Words]


def parts_of(tree: Any) -> Parts:
    """Return list items, table rows and cells that are not mainly links, and headings."""
    headings = (words_of(node.text) for node in _elements(tree.document, _HEADINGS))
    return Parts(frozenset(_unlinked(tree)), frozenset(headings))


def doubt(lines: Sequence[str], states: Sequence[State], parts: Parts) -> tuple[State, ...]:
    """Turn foreign lines of the body into unknown ones where the gold may have left them out.

    Those are items, the line above an item, and a heading directly above a kept line. The
    body lies between the first and the last kept line.
    """
    kept = [number for number, state in enumerate(states) if state is State.KEPT]
    if not kept:
        return tuple(states)
    words = [words_of(line) for line in lines]
    items = [words[at] in parts.items and states[at] is State.FOREIGN for at in range(len(lines))]
    doubted = list(states)
    for at in range(kept[0] + 1, kept[-1]):
        over_kept = words[at] in parts.headings and states[at + 1] is State.KEPT
        if states[at] is State.FOREIGN and (items[at] or items[at + 1] or over_kept):
            doubted[at] = State.UNKNOWN
    return tuple(doubted)


def _elements(node: Any, names: Sequence[str]) -> Iterator[Any]:
    for name in names:
        yield from node.get_elements_by_tag_name(name)


def _unlinked(tree: Any) -> Iterator[Words]:
    for node in _elements(tree.document, _ITEMS):
        text = node.text
        if len(text) > _LONGEST:
            continue
        words = words_of(text)
        linked = sum(len(words_of(link.text)) for link in _elements(node, ("a",)))
        if words and linked <= _LINKED * len(words):
            yield words
