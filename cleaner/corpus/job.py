"""What a run asks of its workers: who cleans, how files are read, and what is written of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cleaner.corpus.parts import Reading
from cleaner.document import Document
from cleaner.report import Cleaned, Judgement


class Engine(Protocol):
    """What cleans: settings that pickle to a few bytes, with one lazy method."""

    def clean_many(self, documents: Iterable[Document]) -> Iterator[Cleaned]:
        """Clean *documents* in order."""
        ...


class Judge(Protocol):
    """An engine that also tells what it makes of every line."""

    def judge_many(self, documents: Iterable[Document]) -> Iterator[Judgement]:
        """Clean *documents* in order, with a verdict on each of their lines."""
        ...


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written beside clean texts, or in their place.

    A record that has a field of such a name already keeps it as it is, in every format: what an earlier run
    kept as the original is not lost to a later one.
    """

    original: str = ""
    """Name of a field for the text as it came in; none if empty."""
    line_scores: str = ""
    """Name of a field for `[start, end, score]` of every line, in the text as it came in; none if empty."""
    annotate: bool = False
    """Put every line into the report, and write no clean text."""
    attributes: str = ""
    """Write dolma's attributes of this name in place of clean records."""
    links: bool = False
    """Give the addresses of links where Markdown is written."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that every record gets."""
        return tuple(name for name in (self.original, self.line_scores) if name)

    @property
    def judged(self) -> bool:
        """Whether every line is told of."""
        return self.annotate or bool(self.line_scores or self.attributes)


@dataclass(frozen=True, slots=True)
class Job:
    """What all blocks of a run have in common; it travels to every worker."""

    engine: Engine
    reading: Reading = field(default_factory=Reading)
    writing: Writing = field(default_factory=Writing)
    sample: bool = False
    """Whether one document is to be shown."""
