"""Report files: one JSON record a document, with what restoring a file needs beside it."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cleaner.corpus.decoding import as_bytes, as_pair, decode_loosely, encode, joints
from cleaner.corpus.endings import Format, is_own
from cleaner.corpus.formats import Piece
from cleaner.corpus.formats.jsonl import style_of_piece
from cleaner.corpus.records import Record, encodable, style_of, write_literal
from cleaner.corpus.report_table import records
from cleaner.corpus.tasks import PageRow, Task
from cleaner.errors import InputError, ReportError
from cleaner.report import Report
from cleaner.split import HTML

_LINE_DIGITS = 18
"""A place that ends in more digits names no line of a file."""


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
    """Where its texts lie, of a page or of one that another file holds than its name says."""
    added: tuple[str, ...] = ()
    """Fields that the clean record got beside those it had."""
    url: str = ""
    """Address of the document, if its record tells one."""
    judged: tuple[tuple[int, int, str, bool, str, float], ...] | None = None
    """In an annotation: start, end, label, whether it stays, source and score of every line."""

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
        is_line = name and line.isascii() and line.isdigit() and len(line) <= _LINE_DIGITS
        return (name, int(line)) if is_line else (place, 0)

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
        if self.added:
            record["added"] = list(self.added)
        if self.url:
            record["url"] = self.url
        if self.judged is not None:
            record["judged"] = [list(judged) for judged in self.judged]
        return record | (self.page.as_dict() if self.page else {})

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Row:
        """Read a record written by `as_dict`; raises `ReportError` if it is none."""
        report = Report.from_dict(record)
        joined, literal, added = record.get("joined", []), record.get("literal"), record.get("added", [])
        if not isinstance(joined, list) or not isinstance(added, list) or not isinstance(literal, str | None):
            raise ReportError(f"report {report.id!r}: the keys for restoring are damaged")
        place, style = str(record.get("place", "")), str(record.get("style", "utf8"))
        page = PageRow.from_dict(record) if report.kind == HTML or "clean" in record else None
        judged = None if record.get("judged") is None else _all_judged(record["judged"])
        return cls(
            report,
            place,
            tuple(joined),
            style,
            literal,
            page,
            tuple(map(str, added)),
            str(record.get("url", "")),
            judged,
        )


def _all_judged(told: Any) -> tuple[tuple[int, int, str, bool, str, float], ...]:
    if not isinstance(told, list | tuple):
        raise ReportError(f"the annotated lines are damaged: {type(told).__name__} given where a list is meant")
    return tuple(map(_judged, told))


def _judged(told: Any) -> tuple[int, int, str, bool, str, float]:
    try:
        start, end, label, keep, source, score = told
        return int(start), int(end), str(label), bool(keep), str(source), float(score)
    except (TypeError, ValueError) as error:
        raise ReportError(f"an annotated line is damaged: {error}") from error


def row_of(piece: Piece, report: Report, task: Task) -> Row:
    """Return the report record of one document of a file, with what restoring it needs."""
    entry, text = piece.entry, piece.text
    page = task.page if report.kind == HTML or task.page.clean else None
    if task.source.whole:
        name = task.source.name
        row = Row(report, page=page)
        if report.kind != HTML:
            row = replace(row, joined=joints(text, decode_loosely(encode(text)).text, as_bytes))
        # A file may be called "notes:12"; only then must be said that it is no line 12.
        return replace(row, place=f"{name}:0") if row.line else row
    place = f"{task.source.name}:{entry.line}"
    added = tuple(name for name in piece.added if name not in piece.entry.names)
    url = "" if entry.document is None else entry.document.url or ""
    row = Row(report, "" if report.id == place else place, page=page, added=added, url=url)
    if task.format is not task.source.format:
        return row
    if task.format is not Format.JSONL:
        return replace(row, joined=joints(text, decode_loosely(encode(text)).text, as_bytes)) if entry.stray else row
    return _traced(row, piece)


def _traced(row: Row, piece: Piece) -> Row:
    """Add how the literal of a JSON record was written."""
    record: Record = piece.entry.record
    if row.report.kind == HTML:
        return replace(row, style=style_of_piece(piece))
    if not piece.changed:
        return row
    style = style_of(record.text, record.literal)
    joined: tuple[int, ...] = ()
    if not encodable(piece.text):
        # Lone surrogates alone can read otherwise than they were written.
        joined = joints(piece.text, json.loads(write_literal(piece.text, style or "utf8")), as_pair)
    return replace(row, joined=joined, style=style or "utf8", literal=record.literal if style is None else None)


def reports_in(paths: Sequence[Path], what: str = "report") -> list[Path]:
    """Return the files among *paths*, and in the folders among them those that are called a report, or *what*.

    One that is named twice, be it by its folder, comes once. Raises `InputError` for a folder without any.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        inside = _inside(path, what) if path.is_dir() else [path]
        if not inside:
            raise InputError(_without(path, what), path=path)
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _inside(folder: Path, what: str) -> list[Path]:
    return sorted(file for file in folder.rglob(f"*{what}.*") if _called(file, what))


def _without(folder: Path, what: str) -> str:
    """Say what to do with a folder that has no report in it, or no annotations."""
    if what == "report" and _inside(folder, "annotations"):
        return (
            "has annotations in it and no report: nothing was removed yet; make clean texts and reports of them with "
            "cleaner apply, or name the files of annotations to see what would be removed"
        )
    if what == "annotations" and _inside(folder, "report"):
        return "has reports in it and no annotations; those are written by cleaner clean --annotate"
    return f"has no {what} in it; name the file"


def _called(path: Path, what: str) -> bool:
    """Tell whether a file is called as the reports of a run are; its rejects may be those of a `report.csv`."""
    return is_own(path.name) and path.stem.endswith(what)


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
        raise InputError.of(error, path=path) from error


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
        raise ReportError(f"{path}, {place}: {error}{_told_apart(record)}") from error


_OTHERS = (
    ({"file", "line", "reason"}, "these are rejects, which tell what could not be read; the report lies beside them"),
    ({"id", "attributes"}, "these are attributes for dolma; name the report that they were made with"),
    ({"text"}, "this looks like a file of texts; its report is called as it is, with .report.jsonl behind"),
)
"""What else lies about, by fields that a report does not have together."""


def _told_apart(record: Mapping[str, Any]) -> str:
    """Say what a record is that is none of a report, if that can be told."""
    return next((f" ({what})" for names, what in _OTHERS if names <= record.keys()), "")
