"""The kept lines of a page as Markdown that shows the same words.

CommonMark (https://spec.commonmark.org/0.31.2/) with tables as GitHub has them. What could be taken
for a sign of Markdown is escaped; what a line is, its elements tell: headings, list items, quotes,
rows of tables, code with its line breaks. Whole lines in bold or italics stay so; links are shown as
their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from cleaner.document import Line, Page, Removal
from cleaner.split.tags import LISTS, PREFORMATTED

_NESTED = 8
"""Lists and quotes around a line that are shown; CommonMark parsers stop at about twenty levels."""

# Backslash, code, emphasis, links, HTML, strikethrough; a reference such as `&amp;`.
_SIGNS = re.compile(r"[\\`*_\[\]<>~]|&(?=[#A-Za-z])")
# At the beginning of a line: headings, lists, rules, underlines of headings, numbers of lists.
_HEAD = re.compile(r"[-+=#:|]|(?P<number>\d{1,9})(?=[.)])")
_RULE = re.compile(r"[-:|\s]+")
_WHITE = re.compile(r"\s+")
_BACKTICKS = re.compile(r"`+")
_BREAKS = re.compile(r"\r\n|[\n\r]")

_STRONG, _EMPHASIS, _CODE = frozenset(("b", "strong")), frozenset(("em", "i")), frozenset(("code", "kbd", "samp", "tt"))


class _Around(NamedTuple):
    """A list item or quote around a line."""

    element: int
    sort: str
    """`ul`, `ol` or `blockquote`."""
    among: int
    """The list that an item belongs to."""


class _Kept(NamedTuple):
    """What is left of a line, and where it stands on the page."""

    text: str
    line: Line
    around: tuple[_Around, ...]
    sort: str
    """`code`, `row`, `h1` to `h6`, or `p`."""
    block: int
    """The element that lines of one block share: a preformatted one, a table, a paragraph."""
    broken: bool
    """Whether nothing but one line break lies between it and the line before."""


def markdown(page: Page, removed: Sequence[Removal]) -> str:
    """Render what is left of a page when the stretches *removed* are gone."""
    writer = _Writer()
    for _, lines in groupby(_runs(_kept(page, removed)), key=lambda run: run[0]):
        block = [kept for _, kept in lines]
        writer.add(block[0].around, _rendered(page, block, removed))
    return "\n".join([*writer.rows, ""]) if writer.rows else ""


def _runs(lines: Iterator[_Kept]) -> Iterator[tuple[int, _Kept]]:
    """Give every line the number of its block: lines with the same one are rendered together."""
    number = 0
    before: _Kept | None = None
    for kept in lines:
        if before is None or not _together(before, kept):
            number += 1
        before = kept
        yield number, kept


def _together(before: _Kept, kept: _Kept) -> bool:
    if (before.sort, before.block, before.around) != (kept.sort, kept.block, kept.around):
        return False
    return kept.sort in ("code", "row") or (kept.broken and kept.block >= 0)


def _kept(page: Page, removed: Sequence[Removal]) -> Iterator[_Kept]:
    gone = iter([*removed, None])
    removal = next(gone)
    end = 0
    for line in page.lines:
        pieces: list[str] = []
        at = line.start
        while removal is not None and removal.start < line.end:
            pieces.append(page.text[at : max(at, removal.start)])
            at = max(at, removal.end)
            if removal.end > line.end:
                break
            removal = next(gone)
        pieces.append(page.text[at : line.end])
        text = "".join(pieces).strip()
        if text:
            chain = _chain(page, line)
            sort, block = _sort(page, line, chain)
            gap = _BREAKS.findall(page.text[end : line.start])
            yield _Kept(text, line, _arounds(page, chain), sort, block, len(gap) == 1)
        end = line.end


def _chain(page: Page, line: Line) -> list[int]:
    """Return the elements around a line, innermost first."""
    chain = []
    element = line.element
    while element >= 0:
        chain.append(element)
        element = page.elements[element].parent
    return chain


def _sort(page: Page, line: Line, chain: Sequence[int]) -> tuple[str, int]:
    for element in chain:
        tag = page.elements[element].tag
        if tag in PREFORMATTED:
            return "code", element
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            return tag, element
    if line.tag == "tr" and "\t" in line.text:
        tables = [element for element in chain if page.elements[element].tag == "table"]
        return "row", tables[0] if tables else chain[-1]
    return "p", line.element


def _arounds(page: Page, chain: Sequence[int]) -> tuple[_Around, ...]:
    """Return the list items and quotes around a line, outermost first."""
    found = []
    for at, element in enumerate(chain):
        tag = page.elements[element].tag
        if tag == "blockquote":
            found.append(_Around(element, tag, element))
        elif tag == "li":
            lists = [outer for outer in chain[at + 1 :] if page.elements[outer].tag in LISTS][:1]
            ordered = bool(lists) and page.elements[lists[0]].tag == "ol"
            found.append(_Around(element, "ol" if ordered else "ul", lists[0] if lists else -1))
    return tuple(found[::-1][:_NESTED])


def _rendered(page: Page, block: Sequence[_Kept], removed: Sequence[Removal]) -> list[str]:
    """Return the rows of one block, without what stands in front of them in lists and quotes."""
    first = block[0]
    if first.sort == "code":
        return _fenced(_source(page, block, removed))
    if first.sort == "row":
        return _table([[_escaped(cell) for cell in kept.text.split("\t")] for kept in block])
    if first.sort[0] == "h":
        text = " ".join([_escaped(_one_line(kept.text)) for kept in block])
        return [f"{'#' * int(first.sort[1])} {text[:-1] + chr(92) + '#' if text.endswith('#') else text}"]
    rows = [_paragraph(kept) for kept in block]
    return [*(f"{row}\\" for row in rows[:-1]), rows[-1]]


def _source(page: Page, block: Sequence[_Kept], removed: Sequence[Removal]) -> str:
    """Return preformatted text as it stands on the page, from its first indentation on."""
    start, end = block[0].line.start, block[-1].line.end
    indent = page.text.rfind("\n", 0, start) + 1
    at = indent if page.text[indent:start].isspace() else start
    pieces = []
    for removal in removed:
        if at < removal.end and removal.start < end:
            pieces.append(page.text[at : max(at, removal.start)])
            at = removal.end
    return "".join([*pieces, page.text[at : max(at, end)]]).rstrip()


def _fenced(source: str) -> list[str]:
    longest = max([len(run) for run in _BACKTICKS.findall(source)], default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *_BREAKS.split(source), fence]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table whose first row is its head: Markdown has no others."""
    width = max(len(row) for row in rows)
    padded = [[*(cell.replace("|", "\\|") for cell in row), *[""] * (width - len(row))] for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in padded]
    return [head, f"|{' --- |' * width}", *body]


def _paragraph(kept: _Kept) -> str:
    text, marks = _one_line(kept.text), kept.line.marks
    if not _CODE.isdisjoint(marks):
        return _code_span(text)
    stars = 2 * (not _STRONG.isdisjoint(marks)) + (not _EMPHASIS.isdisjoint(marks))
    if stars:
        return f"{'*' * stars}{_escaped(text)}{'*' * stars}"
    return _at_head(_escaped(text), text)


def _code_span(text: str) -> str:
    longest = max([len(run) for run in _BACKTICKS.findall(text)], default=0)
    room = " " if longest else ""
    fence = "`" * (longest + 1)
    return f"{fence}{room}{text}{room}{fence}"


def _one_line(text: str) -> str:
    return _WHITE.sub(" ", text) if _BREAKS.search(text) or "\t" in text else text


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)


def _at_head(escaped: str, text: str) -> str:
    """Escape what has a meaning at the beginning of a line only."""
    if _RULE.fullmatch(text):
        escaped = escaped.replace("|", "\\|")
    found = _HEAD.match(escaped)
    if not found or escaped[0] == "\\":
        return escaped
    at = found.end() if found["number"] else 0
    return f"{escaped[:at]}\\{escaped[at:]}"


class _Writer:
    """Blocks put one below the other, each behind the marks of the lists and quotes around it."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self._around: tuple[_Around, ...] = ()
        self._widths: dict[int, int] = {}
        """How wide the mark of each list item is."""
        self._items: dict[int, int] = {}
        """How many items each list has."""

    def add(self, around: tuple[_Around, ...], rows: Sequence[str]) -> None:
        """Write one block."""
        shared = 0
        while shared < min(len(around), len(self._around)) and around[shared] == self._around[shared]:
            shared += 1
        if self.rows and not self._is_next_item(around, shared):
            self.rows.append(self._inside(around[:shared]).rstrip())
        head = self._inside(around[:shared]) + "".join([self._opened(each) for each in around[shared:]])
        rest = self._inside(around)
        self.rows += [(head + rows[0]).rstrip(), *((rest + row).rstrip() for row in rows[1:])]
        self._around = around

    def _is_next_item(self, around: Sequence[_Around], shared: int) -> bool:
        """Tell whether a list goes on with this block, or one begins inside an item: no blank row then."""
        if shared == len(around) or around[shared].sort == "blockquote":
            return False
        if shared < len(self._around):
            return around[shared].among == self._around[shared].among
        return shared > 0 and self._around[-1].sort != "blockquote"

    def _inside(self, around: Sequence[_Around]) -> str:
        return "".join(["> " if each.sort == "blockquote" else " " * self._widths[each.element] for each in around])

    def _opened(self, each: _Around) -> str:
        if each.sort == "blockquote":
            return "> "
        number = self._items[each.among] = self._items.get(each.among, 0) + 1
        mark = f"{number}. " if each.sort == "ol" else "- "
        self._widths[each.element] = len(mark)
        return mark
