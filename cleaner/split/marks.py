"""Inline markup of a page with its places: what plain text does without, and Markdown asks for.

A walk of its own over the parts of the page that its lines were made of. Nothing between a page's
source and its text touches anything but white space and signs of no width; so the other characters,
its ink, tell which reading of the source the text was made of, and where in it a mark begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cleaner.split.addresses import address_of
from cleaner.split.controls import caption_of
from cleaner.split.spacing import NO_WIDTH, resolved
from cleaner.split.tags import BLOCKS, PREFORMATTED, name_of

_SORTS = {
    "a": "a",
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("em", "i"), "em"),
    **dict.fromkeys(("del", "s", "strike"), "del"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
}
_TELLING = PREFORMATTED.union(_SORTS, ("input",))
"""Tags of interest; inside preformatted text all are."""
_INK = re.compile(rf"[^\s{NO_WIDTH}]+")
_BLANK = re.compile(rf"\n(?:[^\S\n]|[{NO_WIDTH}])*+\n(?:(?:[^\S\n]|[{NO_WIDTH}])*+\n)++")
"""Two blank lines or more."""
MOST = 10_000_000
"""Characters that the addresses of one page may take together; of further links the text alone is shown.

A page of a megabyte may have 60,000 short links and a `<base>` that makes an address of 2,000 of each.
"""


class Mark(NamedTuple):
    """One stretch of inline markup: it begins and ends with ink, and lies inside or outside of another one."""

    start: int
    end: int
    sort: str
    """`a`, `strong`, `em`, `del` or `code`."""
    address: str = ""
    """Of a link."""


class Marks(NamedTuple):
    """What the markup of a page says beyond its lines, in places of its text."""

    inline: tuple[Mark, ...] = ()
    """In order of their starts, outer ones first."""
    blanks: Mapping[int, int] = {}
    """Blank lines of preformatted text that the page's text leaves out, by the place of the next ink."""


NO_MARKS = Marks()


class Gathering:
    """The marks of a page, in numbers of ink; only links with an address are gathered, and all only if *links*."""

    def __init__(self, base: str, *, links: bool) -> None:
        self.ink = 0
        self._inked: list[str] = []
        self.done: list[Mark] = []
        self.blanks: dict[int, int] = {}
        self._base = base
        self._room = MOST if links else 0
        """For addresses."""
        self._open: list[Mark | None] = []
        """Elements that may mark, outermost first; None for one that adds nothing to those around it."""
        self._sorts: set[str] = set()
        """Of the open marks."""
        self._depths: list[int] = []
        """For each mark that is done how many lie around it."""
        self._pre = 0
        self._source: list[str] = []
        """Preformatted text since the last block began or ended."""

    def walk(self, parts: Iterable[str]) -> None:
        """Gather from parts of the form `tag>text`."""
        idle: set[str] = set()
        for part in parts:
            tag, _, text = part.partition(">")
            if tag not in idle or self._pre:
                name = name_of(tag)
                if name.removeprefix("/") in _TELLING or self._pre:
                    self._tag(tag, name)
                else:
                    idle.add(tag)
            if text:
                self._write(resolved(text))

    def is_of(self, text: str) -> bool:
        """Tell whether a page with this *text* was walked over: it has the same ink."""
        return "".join(self._inked) == _ink(text)

    def _write(self, text: str) -> None:
        inked = _ink(text)
        self.ink += len(inked)
        self._inked.append(inked)
        if self._pre:
            self._source.append(text)

    def _tag(self, tag: str, name: str) -> None:
        closes = name[0] == "/"
        name = name.removeprefix("/")
        if name in _SORTS:
            if closes:
                self._close()
            else:
                self._open.append(self._begun(tag, _SORTS[name]))
        elif name in BLOCKS:
            self._block(name, closes=closes)
        elif name == "input":
            self._write(resolved(caption_of(tag)))
        elif name == "br" and self._pre:
            self._source.append("\n")

    def _begun(self, tag: str, sort: str) -> Mark | None:
        """Return the mark that begins here, or goes on: of two alike side by side, links aside, nobody sees two."""
        address = address_of(tag, self._base) if sort == "a" and self._room > 0 else ""
        self._room -= len(address)
        if address and "a" in self._sorts and not self._pre:
            self._end_link()
        if self._pre or sort in self._sorts or (not address if sort == "a" else "code" in self._sorts):
            return None
        mark = Mark(self.ink, self.ink, sort, address)
        if not address and self.done and self.done[-1][1:] == mark[1:] and self._depths[-1] == len(self._sorts):
            self._depths.pop()
            mark = self.done.pop()
        self._sorts.add(sort)
        return mark

    def _close(self) -> None:
        mark = self._open.pop() if self._open else None
        if mark:
            self._sorts.discard(mark.sort)
            if mark.start < self.ink:
                self.done.append(mark._replace(end=self.ink))
                self._depths.append(len(self._sorts))

    def _end_link(self) -> None:
        """End the open link, as a link inside it does; one that would end inside another mark counts for nothing."""
        inside = 0
        while (mark := self._open[-1 - inside]) is None or mark.sort != "a":
            inside += 1
        self._sorts.discard("a")
        innermost = not any(self._open[len(self._open) - inside :])
        self._open[-1 - inside] = None
        if innermost and mark.start < self.ink:
            self.done.append(mark._replace(end=self.ink))
            self._depths.append(len(self._sorts))

    def _block(self, name: str, *, closes: bool) -> None:
        if self._source:
            self._count_blanks()
        if name in PREFORMATTED:
            self._pre += -1 if closes else 1

    def _count_blanks(self) -> None:
        source = "".join(self._source)
        at, ink = 0, self.ink - len(_ink(source))
        for blank in _BLANK.finditer(source):
            ink += len(_ink(source[at : blank.start()]))
            at = blank.end()
            self.blanks[ink] = blank[0].count("\n") - 2
        self._source = []


def marks_in(text: str, gathered: Gathering) -> Marks:
    """Return the marks of the page that has this *text*."""
    wanted = {mark.start for mark in gathered.done} | {mark.end - 1 for mark in gathered.done} | set(gathered.blanks)
    places = _places(text, sorted(wanted))
    inline = [mark._replace(start=places[mark.start], end=places[mark.end - 1] + 1) for mark in gathered.done[::-1]]
    # Inner ones were done first; the order of those that cover the same stays so, turned round.
    inline = sorted(inline, key=lambda mark: (mark.start, -mark.end))
    return Marks(tuple(inline), {places[ink]: count for ink, count in gathered.blanks.items() if ink in places})


def _places(text: str, wanted: Iterable[int]) -> dict[int, int]:
    """Return where in a text the ink with each of the *wanted* numbers stands; they are in order."""
    places: dict[int, int] = {}
    runs = _INK.finditer(text)
    start = end = offset = 0
    for ink in wanted:
        while ink >= end:
            run = next(runs, None)
            if run is None:
                return places
            start, end, offset = end, end + len(run[0]), run.start()
        places[ink] = offset + ink - start
    return places


def _ink(text: str) -> str:
    return "".join(text.split() if text.isascii() else _INK.findall(text))
