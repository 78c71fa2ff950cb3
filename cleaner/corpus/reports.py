"""Report files: one JSON record a document, with what restoring a file needs beside it."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus.decoding import as_bytes, as_pair, decode_loosely, encode, joints
from cleaner.corpus.reading import Entry
from cleaner.corpus.records import style_of, write_literal
from cleaner.corpus.report_table import records
from cleaner.errors import InputError, ReportError
from cleaner.report import Cleaned, Report
from cleaner.split import HTML


class PageRow(NamedTuple):
    """What a report file says of a page beside its report: keys of the record, each only where it is set."""

    clean: str = ""
    """The file with its clean text, in the folder of results; where it is called as its source, nothing."""
    to: str = ""
    """`markdown`, where the clean text was written so."""
    visible: str = ""
    """The file with its visible text."""

    def as_dict(self) -> dict[str, str]:
        """Return the keys that are set."""
        return {name: value for name, value in self._asdict().items() if value}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> PageRow:
        """Read what `as_dict` wrote."""
        return cls(*(str(record.get(name, "")) for name in cls._fields))


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a report file.

    Those from *place* to *literal* serve byte-exact restoring and are written only where they say something:
    the file and line of a record that has an id of its own, the characters of the clean text
    that stand for several stray ones, how the text's literal was written, or that literal
    itself when no known style writes it.
    """

    report: Report
    place: str = ""
    joined: tuple[int, ...] = ()
    style: str = "utf8"
    literal: str | None = None
    page: PageRow | None = None
    """What is to be known of a document that was an HTML page."""

    @property
    def file(self) -> str:
        """Name of the file that the document came from."""
        return self._split_place()[0]

    @property
    def clean_name(self) -> str:
        """Name of the file that holds the clean text."""
        return (self.page and self.page.clean) or self.file

    @property
    def line(self) -> int:
        """Line of the JSONL file that the document came from; 0 for a whole file."""
        return self._split_place()[1]

    def _split_place(self) -> tuple[str, int]:
        place = self.place or self.report.id
        name, _, line = place.rpartition(":")
        return (name, int(line)) if name and line.isascii() and line.isdigit() else (place, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return the record: the report's own keys, then the others that are set."""
        record = self.report.as_dict()
        if self.place:
            record["place"] = self.place
        if self.joined:
            record["joined"] = list(self.joined)
        if self.style != "utf8":
            record["style"] = self.style
        if self.literal is not None:
            record["literal"] = self.literal
        return record | (self.page.as_dict() if self.page else {})

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Row:
        """Read a record written by `as_dict`; raises `ReportError` if it is none."""
        report = Report.from_dict(record)
        joined, literal = record.get("joined", []), record.get("literal")
        if not isinstance(joined, list) or not (literal is None or isinstance(literal, str)):
            raise ReportError(f"report {report.id!r}: the keys for restoring are damaged")
        place, style = str(record.get("place", "")), str(record.get("style", "utf8"))
        page = PageRow.from_dict(record) if report.kind == HTML else None
        return cls(report, place, tuple(joined), style, literal, page)


def output(entry: Entry, cleaned: Cleaned, name: str, page: PageRow | None = None) -> tuple[bytes, Row]:
    """Return the bytes for one document of the file *name*, and its report record.

    *page* says how pages are written.
    """
    if cleaned.report.kind == HTML:
        return _page_output(entry, cleaned, name, page or PageRow())
    text, report = cleaned.text, cleaned.report
    record = entry.record
    if record is None:
        raw = encode(text)
        row = Row(report, joined=joints(text, decode_loosely(raw).text, as_bytes))
        # A file may be called "notes:12"; only then must be said that it is no line 12.
        return raw, replace(row, place=f"{name}:0") if row.line else row
    place = f"{name}:{entry.line}"
    place = "" if report.id == place else place
    if not report.removed:
        return encode(record.with_literal(record.literal)), Row(report, place)
    style = style_of(record.text, record.literal)
    literal = write_literal(text, style or "utf8")
    joined = joints(text, json.loads(literal), as_pair) if literal.isascii() and not text.isascii() else ()
    row = Row(report, place, joined, style or "utf8", record.literal if style is None else None)
    return encode(record.with_literal(literal)), row


def _page_output(entry: Entry, cleaned: Cleaned, name: str, page: PageRow) -> tuple[bytes, Row]:
    text, report = cleaned.as_markdown() if page.to == "markdown" else cleaned.text, cleaned.report
    record = entry.record
    if record is None:
        row = Row(report, page=page)
        return encode(text), replace(row, place=f"{name}:0") if row.line else row
    place = f"{name}:{entry.line}"
    row = Row(report, "" if report.id == place else place, page=page)
    if report.metadata is not None:
        told = json.dumps(report.metadata._asdict(), ensure_ascii=record.literal.isascii())
        record = record.with_field("metadata", told)
    style = "ascii" if record.literal.isascii() and not record.text.isascii() else "utf8"
    return encode(record.with_literal(write_literal(text, style))), replace(row, style=style)


def rows(path: Path) -> Generator[Row, None, None]:
    """Yield the records of a report file, JSON lines or Parquet by its name.

    Raises `InputError` or `ReportError` naming the line.
    """
    if path.name.lower().endswith(".parquet"):
        for number, record in enumerate(records(path), 1):
            yield _row(record, path, f"row {number}")
        return
    try:
        with path.open("rb") as stream:
            for number, raw in enumerate(stream, 1):
                yield _row(_parsed(raw, path, number), path, f"line {number}")
    except IsADirectoryError as error:
        raise InputError("is a folder; name a report file", path=path) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path=path) from error


def _parsed(raw: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError("is not a JSON record of a report", path=path, place=f"line {number}") from error
    if not isinstance(record, dict):
        raise InputError("is not a JSON record of a report", path=path, place=f"line {number}")
    return record


def _row(record: dict[str, Any], path: Path, place: str) -> Row:
    try:
        return Row.from_dict(record)
    except ReportError as error:
        raise ReportError(f"{path}, {place}: {error}") from error
