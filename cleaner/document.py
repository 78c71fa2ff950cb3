"""The values that travel along the road: all frozen, none knows the stage that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaner.labels import Label


@dataclass(frozen=True, slots=True)
class Document:
    """One text or page as it came in."""

    id: str
    """What the reports call it; unique within a corpus."""
    body: str
    """The text, untouched; of a page its markup. Bytes are decoded first (`cleaner.decode_page`)."""
    kind: str = "text"
    """`text`: plain text that some scraper extracted; `html`: a page or a fragment of one."""
    url: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Carried along; only site memory reads of it, and that only `site`, the name of the document's site."""


class Line(NamedTuple):
    """A unit of judgement: `page.text[start:end] == text`.

    Usually one physical line. In hard-wrapped text it is a paragraph, in text whose line
    breaks were lost a run of sentences.
    """

    text: str
    start: int
    end: int
    tag: str = ""
    """HTML: the block element that shows it, such as `p`, `li`, `h2`, `tr`, `pre`."""
    depth: int = 0
    """HTML: how many elements of the page lie around that block."""
    linked: float = 0.0
    """HTML: the share of its characters, white space aside, that lie inside links."""
    element: int = -1
    """HTML: the number of that block in `Page.elements`."""
    marks: tuple[str, ...] = ()
    """HTML: inline tags that hold the whole line, outermost first, such as `a`, `strong`, `time`."""
    names: tuple[str, ...] = ()
    """HTML: what those inline elements are called, as `Element.names`."""


class Element(NamedTuple):
    """An element of an HTML page around at least one visible line."""

    parent: int
    """Its number in `Page.elements`, always smaller than one's own; -1 for the outermost."""
    tag: str
    names: tuple[str, ...]
    """Lower-case words of its class, id, role and so on, as written, at most 16."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an HTML page says about itself outside its visible text."""

    title: str = ""
    """Of the window: often the headline and the name of the site."""
    headline: str = ""
    description: str = ""
    body: str = ""
    """The text of the article where the page carries it for machines (JSON-LD), cut at 100,000 characters."""
    language: str = ""
    site: str = ""
    types: tuple[str, ...] = ()
    """What it says it is, in small letters: `og:type` first, then the types of JSON-LD, at most 24."""


class Metadata(NamedTuple):
    """What a page tells about itself to whoever asks; None where it does not say."""

    title: str | None = None
    author: str | None = None
    """Several names are parted by semicolons."""
    date: str | None = None
    """Of publication, as `2024-05-06`."""
    site: str | None = None
    language: str | None = None
    """As the page declares it: `en`, `de-AT`."""


class Page(NamedTuple):
    """A document split into lines; blank stretches between them belong to no line.

    Plain text has neither elements nor facts.
    """

    text: str
    lines: tuple[Line, ...]
    elements: tuple[Element, ...] = ()
    """In document order."""
    facts: Facts | None = None
    note: str = ""
    """What a reader of the report should know, such as `frames`: the page only names other pages."""


class Verdict(NamedTuple):
    """What was decided about one line."""

    label: Label
    keep: bool
    source: str
    """Who decided: `model`, `rule:<id>`, `context`, `remainder`, `repeat`, `site`, `ladder:<step>`."""
    score: float
    """How sure it is that the line is foreign, 0 to 1."""


class Removal(NamedTuple):
    """One removed stretch: `page.text[start:end] == text`, in characters, end exclusive."""

    start: int
    end: int
    text: str
    label: Label
    source: str
    score: float


class Span(NamedTuple):
    """A foreign stretch inside one line, in characters of that line, end exclusive."""

    start: int
    end: int
    label: Label
    source: str
    score: float
