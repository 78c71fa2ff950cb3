"""Verdicts become clean text and a report that replays and restores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import iter_unpack
from typing import Any, NamedTuple

from cleaner.document import Document, Line, Metadata, Page, Removal, Verdict
from cleaner.errors import ReportError
from cleaner.labels import Label
from cleaner.markdown import markdown
from cleaner.split import marks_of, split

MISSING = "missing: no text was given"
"""The note on what has a place for a text, and null in it."""


def name_of(note: str) -> str:
    """Return the word that a note begins with, `low-yield`; what follows tells of the one document.

    >>> name_of("low-yield: 1000 of 6000 characters")
    'low-yield'
    """
    return note.partition(":")[0]


_MOST_CHARS = 1 << 62


@dataclass(frozen=True, slots=True)
class Report:
    """What was removed from one document: where, why, how sure, and by whom."""

    id: str
    chars: int
    """Characters of the text that came in."""
    lines: int
    """Lines judged; blank ones are not counted."""
    removed: tuple[Removal, ...]
    """In order, never overlapping."""
    model: str | None = None
    """Name and digest of the model; None when the rules worked alone."""
    mode: str = "balanced"
    note: str = ""
    """Why this document deserves a look; empty for most."""
    kind: str = "text"
    """Of the document: for `html` all places are in the visible text of the page."""
    front: str | None = None
    """What took the text out of the page, if that was not our part; the places are in that text then."""
    metadata: Metadata | None = None
    """What the page tells about itself, if that was asked for."""
    expected_f1: float | None = None
    """Of pages: how well what stays is expected to fit the page's body, 0 to 1; see `cleaner.parting`."""

    @property
    def kept_chars(self) -> int:
        """Characters of the clean text."""
        return self.chars - sum(removal.end - removal.start for removal in self.removed)

    def replay(self, text: str) -> str:
        r"""Return *text* without the removed stretches.

        >>> from cleaner import clean
        >>> dirty = "The council met on Monday.\nAdvertisement\nIt voted to close the bridge."
        >>> cleaned = clean(dirty)
        >>> cleaned.report.replay(dirty) == cleaned.text
        True

        Raises `ReportError` when the report was made from another text.
        """
        if len(text) != self.chars:
            raise ReportError(f"report {self.id!r} was made from {self.chars} characters, not {len(text)}")
        pieces: list[str] = []
        at = 0
        for removal in self.removed:
            if text[removal.start : removal.end] != removal.text:
                raise ReportError(f"report {self.id!r}: the text at {removal.start} is not what was removed")
            pieces.append(text[at : removal.start])
            at = removal.end
        pieces.append(text[at:])
        return "".join(pieces)

    def restore(self, clean: str) -> str:
        r"""Return the text that came in, rebuilt from its clean text.

        >>> from cleaner import clean
        >>> cleaned = clean("Share this\nThe council met on Monday and voted.")
        >>> cleaned.report.restore(cleaned.text)
        'Share this\nThe council met on Monday and voted.'

        Raises `ReportError` when the clean text is not the one the report was made with.
        """
        if len(clean) != self.kept_chars:
            raise ReportError(f"report {self.id!r} belongs to {self.kept_chars} clean characters, not {len(clean)}")
        pieces: list[str] = []
        taken = at = 0
        for removal in self.removed:
            kept = removal.start - at
            pieces += (clean[taken : taken + kept], removal.text)
            taken += kept
            at = removal.end
        pieces.append(clean[taken:])
        return "".join(pieces)

    def by_label(self) -> dict[Label, int]:
        """Count the removed stretches by label, most frequent first."""
        counts: dict[Label, int] = {}
        for removal in self.removed:
            counts[removal.label] = counts.get(removal.label, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the JSON record that `from_dict` reads back."""
        return {
            "id": self.id,
            "chars": self.chars,
            "lines": self.lines,
            "kept_chars": self.kept_chars,
            "removed": [
                {
                    "start": removal.start,
                    "end": removal.end,
                    "label": removal.label.value,
                    "source": removal.source,
                    "score": removal.score,
                    "text": removal.text,
                }
                for removal in self.removed
            ],
            "model": self.model,
            "mode": self.mode,
            "note": self.note,
            **self._of_page(),
        }

    def _of_page(self) -> dict[str, Any]:
        """Return the keys that only some records of pages have."""
        told: dict[str, Any] = {} if self.kind == "text" else {"kind": self.kind}
        if self.front is not None:
            told["front"] = self.front
        if self.metadata is not None:
            told["metadata"] = self.metadata._asdict()
        if self.expected_f1 is not None:
            told["expected_f1"] = self.expected_f1
        return told

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Report:
        """Read a record written by `as_dict`; raises `ReportError` if it is none."""
        try:
            removed = tuple(_removal(entry) for entry in record["removed"])
            report = cls(
                id=str(record["id"]),
                chars=int(record["chars"]),
                lines=int(record["lines"]),
                removed=removed,
                model=_name(record.get("model")),
                mode=str(record.get("mode", "")),
                note=str(record.get("note", "")),
                kind=str(record.get("kind", "text")),
                front=_name(record.get("front")),
                metadata=_metadata(record.get("metadata")),
                expected_f1=_share(record.get("expected_f1")),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            fault = f"it has no {error}" if isinstance(error, KeyError) else f"{error}"
            raise ReportError(f"not a removal report: {fault}") from error
        _check_order(report)
        return report

    def as_text(self) -> str:
        """Render for reading: a head line, then one removed stretch a line."""
        share = 1 - self.kept_chars / self.chars if self.chars else 0.0
        first = f"{self.id}: {len(self.removed)} removed of {self.lines} lines, {share:.1%} of {self.chars} characters"
        rows = [
            f"  {r.start:>7} {r.label.value:<10} {r.score:.2f}  {r.source:<28} {' '.join(r.text.split())[:100]}"
            for r in self.removed
        ]
        notes = [f"  note: {self.note}"] if self.note else []
        return "\n".join([first, *notes, *rows])

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        from cleaner.notebook import boxed, head, listed

        return boxed(head(self.id, self.chars, self.removed, self.note), listed(self.removed))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The clean text of one document and the report of what went."""

    text: str
    report: Report
    page: Page | None = None
    """The lines of an HTML page and what its markup says of them; None for text."""
    document: Document | None = field(default=None, repr=False, compare=False)
    """The page as it came in, from which Markdown takes links and emphasis; None for text, extracted text too."""

    @property
    def page_text(self) -> str:
        """The text that all places of the report are in: what came in, or the visible text of a page."""
        return self.report.restore(self.text) if self.page is None else self.page.text

    def as_markdown(self, *, links: bool = False) -> str:
        r"""Return what was kept as Markdown that shows the same words; of plain text, as paragraphs.

        With *links* it has the addresses of links, relative ones resolved where the page declares
        what they are relative to, or the document has a `url`.

        >>> from cleaner import clean
        >>> page = "<html><body><h1>Tides</h1><ul><li>High <b>at</b> <a href='/9'>nine</a>.</li></ul></body></html>"
        >>> clean(page, threshold=1).as_markdown(), clean(page, threshold=1).as_markdown(links=True)
        ('# Tides\n\n- High **at** nine.\n', '# Tides\n\n- High **at** [nine](/9).\n')
        """
        if self.page is None:
            return markdown(split(self.page_text), self.report.removed)
        if self.document is None:
            return markdown(self.page, self.report.removed)
        return markdown(self.page, self.report.removed, marks_of(self.document, self.page.text, links=links))

    def _repr_html_(self) -> str:
        """Show the text in a notebook, with what went struck through."""
        from cleaner.notebook import boxed, head, marked

        report = self.report
        about = head(report.id, report.chars, report.removed, report.note)
        return boxed(about, marked(self.page_text, report.removed))


class Judgement(NamedTuple):
    """A document cleaned, and what was made of each of its lines."""

    cleaned: Cleaned
    lines: tuple[Line, ...]
    verdicts: tuple[Verdict, ...]
    """The label of a line that stays is what it would be if it went; body where that is out of the question."""


def _name(value: Any) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError(f"{value!r} is neither a string nor null")
    return value


def _metadata(told: Mapping[str, Any] | None) -> Metadata | None:
    return None if told is None else Metadata(**{field: _name(value) for field, value in told.items()})


def _share(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{value!r} is no share from 0 to 1")
    return float(value)


def _removal(entry: Mapping[str, Any]) -> Removal:
    start, end, text, score = int(entry["start"]), int(entry["end"]), entry["text"], float(entry["score"])
    if isinstance(text, str) and len(text) < end - start:
        text = _taken_apart(text, end - start)
    if not isinstance(text, str) or end - start != len(text):
        raise ValueError(f"the removal at {start} does not fit its text")
    if not 0 <= score <= 1:
        raise ValueError(f"the removal at {start} has the score {score}")
    return Removal(start, end, text, Label(entry["label"]), str(entry["source"]), score)


def _taken_apart(text: str, length: int) -> str:
    """Return a text with the surrogates apart that JSON took for characters, if it has that *length* then."""
    raw = text.encode("utf-16-le", "surrogatepass")
    apart = "".join(chr(unit) for (unit,) in iter_unpack("<H", raw))
    return apart if len(apart) == length else text


def _check_order(report: Report) -> None:
    if not 0 <= report.chars <= _MOST_CHARS:
        raise ReportError(f"report {report.id!r}: no text has {report.chars} characters")
    at = 0
    for removal in report.removed:
        if removal.start < at or removal.end > report.chars:
            raise ReportError(f"report {report.id!r}: the removal at {removal.start} overlaps or lies outside")
        at = removal.end
