"""An HTML page into its visible lines, with what the markup says about each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from cleaner.document import Element, Facts, Line, Page
from cleaner.split.bombs import nests_deeply, refuse_endless, without_endless_tags
from cleaner.split.decoding import decode_page, refuse_binary
from cleaner.split.envelope import unwrapped
from cleaner.split.facts import facts_of
from cleaner.split.hidden import shown
from cleaner.split.names import MOST, names_of
from cleaner.split.soup import lenient_base, lenient_facts, lenient_parts, may_be_swallowed, parse_leniently
from cleaner.split.tags import UNSEEN, name_of
from cleaner.split.tree import declared_base, head_of, parse, parts, unseen
from cleaner.split.walk import Walk

_TAG = re.compile(r"<[a-zA-Z!/?]")
_ROWS = re.compile(r"\s*<t(?:[rdh]|body|head|foot)[\s>]", re.IGNORECASE)
_WITH_NOSCRIPT = [selector for selector in UNSEEN if selector != "noscript"]

Names = Mapping[str, tuple[str, ...]]
_BARE: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

# Six hundred a page: three times as fast as calling the classes.
_element, _line = partial(tuple.__new__, Element), partial(tuple.__new__, Line)


class Reading(NamedTuple):
    """What the lines of a page may be made of."""

    parts: Sequence[str]
    """Of the form `tag>text`."""
    base: Callable[[], str]
    """Tells what its `<base>` declares, if it has one."""


def split_markup(source: str | bytes, charset: str | None = None) -> Page:
    """Split a page into the lines that a browser would show.

    >>> page = split_markup("<h1>Tides</h1><p>High <b>water</b> at <a href='/t'>nine</a>.<br>Low at three.")
    >>> [(line.tag, line.text) for line in page.lines]
    [('h1', 'Tides'), ('p', 'High water at nine.'), ('p', 'Low at three.')]
    """
    if isinstance(source, bytes):
        html = decode_page(source, charset)
    else:
        refuse_binary(source)
        html = source
    html = _as_page(html)
    if nests_deeply(html):
        return _second(html)
    html = without_endless_tags(html)
    page = _first(html)
    return page if page.lines or not may_be_swallowed(html) else _second(html)


def readings(source: str) -> Iterator[Reading]:
    """Yield all that `split_markup` may have made the lines of a page of, likely ones first."""
    html = _as_page(source)
    if not nests_deeply(html):
        html = without_endless_tags(html)
        tree = parse(html)
        base = partial(declared_base, tree)
        found = parts(tree, unseen(tree))
        yield Reading(shown(found), base)
        yield Reading(found, base)
        tree = parse(html, scripting=False)
        yield Reading(shown(parts(tree, unseen(tree, _WITH_NOSCRIPT))), base)
    soup = parse_leniently(html)
    yield Reading(shown(lenient_parts(soup)), partial(lenient_base, soup))


def _as_page(html: str) -> str:
    html = unwrapped(html)
    refuse_endless(html)
    if not _TAG.search(html):
        html = f"<pre>{html}"  # no markup at all: its line ends are all it has
    elif _ROWS.match(html):
        html = f"<table>{html}"  # outside of tables browsers drop rows and cells
    return html


def _first(html: str) -> Page:
    tree = parse(html)
    hidden = unseen(tree)
    without_scripts = sum([len(node.text()) for node in hidden if node.tag == "noscript"])
    facts = facts_of(head_of(tree, hidden))
    found = parts(tree, hidden)
    page = _page(Walk().run(shown(found)), facts)
    if not page.lines:
        page = _page(Walk().run(found), facts)  # all of it is hidden until a script runs
    if without_scripts <= 2 * len(page.text):
        return page
    # Most of the page stands where a browser without scripts would show it.
    tree = parse(html, scripting=False)
    other = _page(Walk().run(shown(parts(tree, unseen(tree, _WITH_NOSCRIPT)))), facts)
    return other if len(other.text) > 2 * len(page.text) else page


def _second(html: str) -> Page:
    tree = parse_leniently(html)
    page = _page(Walk().run(shown(lenient_parts(tree))), facts_of(lenient_facts(tree)))
    return page._replace(note="frames") if tree.find("frameset") else page


def _page(walk: Walk, facts: Facts) -> Page:
    """Give every line its place, and number the elements around visible lines anew."""
    numbers, depths = _used(walk)
    blocks = walk.blocks
    wraps = {line.inner: _wrappers(walk, line.inner) for line in walk.lines if line.inner != blocks[line.inner]}
    starts = [walk.tags[element] for element in numbers]
    names = names_of(starts + [walk.tags[element] for wrap in wraps.values() for element in wrap])
    # What recurs on a page is the same object wherever it does.
    tag_of = {start: name_of(start) for start in names}
    tags = [tag_of[start] for start in starts]
    told = {inner: _told(walk, wrap, names) for inner, wrap in wraps.items()}
    texts: list[str] = []
    lines: list[Line] = []
    at = 0
    for text, gap, inner, linked in walk.lines:
        block = blocks[inner]
        number = numbers[block]
        before = gap if lines else gap.lstrip("\n")
        start = at + len(before)
        at = start + len(text)
        lines.append(_line((text, start, at, tags[number], depths[block], linked, number, *told.get(inner, _BARE))))
        texts += (before, text)
    parents = [numbers.get(walk.parents[element], -1) for element in numbers]
    elements = tuple(map(_element, zip(parents, tags, [names[start] for start in starts], strict=True)))
    return Page("".join(texts), tuple(lines), elements, facts)


def _used(walk: Walk) -> tuple[dict[int, int], dict[int, int]]:
    """Return new numbers for the elements around visible lines, and how deep each lies."""
    used: set[int] = set()
    for line in walk.lines:
        element = walk.blocks[line.inner]
        while element >= 0 and element not in used:
            used.add(element)
            element = walk.parents[element]
    numbers = {element: number for number, element in enumerate(sorted(used))}
    depths = {-1: -1}
    for element in numbers:
        depths[element] = depths[walk.parents[element]] + 1
    return numbers, depths


def _wrappers(walk: Walk, inner: int) -> Sequence[int]:
    """Return the inline elements between a line and its block, outermost first."""
    block = walk.blocks[inner]
    found: list[int] = []
    while inner != block and len(found) < MOST:
        found.append(inner)
        inner = walk.parents[inner]
    return found[::-1]


def _told(walk: Walk, wrappers: Sequence[int], names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(wrappers) == 1:
        start = walk.tags[wrappers[0]]
        return (name_of(start),), names[start]
    starts = [walk.tags[element] for element in wrappers]
    called = [words for start in starts if (words := names[start])]
    if len(called) > 1:
        called = [tuple(dict.fromkeys(chain.from_iterable(called)))[:MOST]]
    return tuple([name_of(start) for start in starts]), called[0] if called else ()
