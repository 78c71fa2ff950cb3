"""The values that travel along the road: all frozen, none knows the stage that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaner.labels import Label


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it came in."""

    id: str
    """What the reports call it; unique within a corpus."""
    body: str
    """The text, untouched."""
    kind: str = "text"
    """`text`: plain text that some scraper extracted."""
    url: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Carried along, never read."""


class Line(NamedTuple):
    """A unit of judgement: `page.text[start:end] == text`.

    Usually one physical line. In hard-wrapped text it is a paragraph, in text whose line
    breaks were lost a run of sentences.
    """

    text: str
    start: int
    end: int
    tag: str = ""
    depth: int = 0
    linked: float = 0.0


class Page(NamedTuple):
    """A document split into lines; blank stretches between them belong to no line."""

    text: str
    lines: tuple[Line, ...]


class Verdict(NamedTuple):
    """What was decided about one line."""

    label: Label
    keep: bool
    source: str
    """Who decided: `model`, `rule:<id>`, `context`, `repeat`, `ladder:<step>`."""
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
