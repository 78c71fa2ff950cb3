"""Parts of an article that golds often lack: lists, tables, code, headings and whole sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple

from cleaner.lab.alignment import State, Words, words_of

_ITEMS = ("li", "tr", "td", "th", "dt", "dd")
_CODE = ("pre", "code")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINKED = 0.5
"""An item with more of its words in links leads to other pieces, and is rightly foreign."""
_LONGEST = 600
"""Characters of an item; what is longer holds a whole layout."""
_SECTION = 2
"""So many paragraphs that most extractors take for body, without a kept line between, are a section."""


class Parts(NamedTuple):
    """Parts of a page whose lack in the gold proves nothing.

    Items and headings are words run together, because some extractors lose blanks between cells
    and in code.
    """

    items: frozenset[str]
    headings: frozenset[str]
    agreed: frozenset[Words] = frozenset()
    """Long lines that most extractors found."""


def parts_of(tree: Any, agreed: frozenset[Words] = frozenset()) -> Parts:
    """Return items, table rows and cells that are not mainly links, lines of code, and headings."""
    headings = (words_of(node.text) for node in _elements(tree.document, _HEADINGS))
    items = chain(_unlinked(tree), _code(tree))
    return Parts(_run_together(items), _run_together(headings), agreed)


def doubt(lines: Sequence[str], states: Sequence[State], parts: Parts) -> tuple[State, ...]:
    """Turn foreign lines into unknown ones where the gold may have left them out.

    Those are, between the first and the last kept line, items, the line above an item, and
    headings above anything that is not foreign; and from the first kept line on, whole sections.
    """
    kept = [number for number, state in enumerate(states) if state is State.KEPT]
    if not kept:
        return tuple(states)
    words = [words_of(line) for line in lines]
    items, headings = _among(words, parts.items), _among(words, parts.headings)
    doubted = list(states)
    for at in range(kept[-1] - 1, kept[0], -1):
        over_item = items[at + 1] and states[at + 1] is State.FOREIGN
        over_body = headings[at] and doubted[at + 1] is not State.FOREIGN
        if items[at] or over_item or over_body:
            doubted[at] = _less_sure(states[at])
    for at in _sections(words, states, parts.agreed):
        if at > kept[0]:
            doubted[at] = _less_sure(states[at])
    return tuple(doubted)


def _less_sure(state: State) -> State:
    return State.UNKNOWN if state is State.FOREIGN else state


def _among(words: Sequence[Words], texts: frozenset[str]) -> list[bool]:
    """Tell which lines are one of *texts*, with or without the number of an ordered list."""
    return ["".join(line) in texts or "".join(line).lstrip("0123456789") in texts for line in words]


def _run_together(parts: Iterable[Words]) -> frozenset[str]:
    return frozenset("".join(words) for words in parts if words)


def _sections(words: Sequence[Words], states: Sequence[State], agreed: frozenset[Words]) -> frozenset[int]:
    """Return the lines from the first to the last agreed paragraph between two kept lines, if they are several."""
    found: set[int] = set()
    for kept, stretch in groupby(range(len(words)), key=lambda at: states[at] is State.KEPT):
        paragraphs = [at for at in stretch if words[at] in agreed and states[at] is State.FOREIGN]
        if not kept and len(paragraphs) >= _SECTION:
            found.update(range(paragraphs[0], paragraphs[-1] + 1))
    return frozenset(found)


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
        if linked <= _LINKED * len(words):
            yield words


def _code(tree: Any) -> Iterator[Words]:
    for node in _elements(tree.document, _CODE):
        yield from map(words_of, node.text.splitlines())
