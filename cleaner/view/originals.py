"""Reports and the texts they speak of, walked side by side.

A report holds what went; what stayed is in the clean text, beside the report or where the user
says. The original will do as well: which of the two a text is, its length tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus import (
    Entry,
    Format,
    Reading,
    Reject,
    Row,
    beside,
    documents,
    entries,
    fields_of,
    find,
    fitting,
    format_of,
    host,
    rows,
)
from cleaner.errors import CleanerError, ReportError
from cleaner.report import Report
from cleaner.split import TEXT

_REPORT = ".report.jsonl"
_DATES = ("date", "published", "date_published", "publish_date", "timestamp")
"""Fields of records that say when a document appeared."""

_Read = tuple[Entry, str]
"""A record, with its date if it has one."""


class Found(NamedTuple):
    """One report of a file of reports, and where its document may be found."""

    report: Report
    site: str = ""
    """Host that the document came from, where report, id or record say so."""
    date: str = ""
    """When it appeared, as it stands there."""
    text: str | None = None
    """What is left of it, or the original, where it has been read already."""
    path: Path | None = None
    """Else the file that holds it."""
    rewritten: bool = False
    """Whether what is left was written as Markdown, from which nothing is rebuilt."""

    def original(self) -> str | None:
        """Return the text that came in, or None where it cannot be had."""
        text = self.text
        if text is None and self.path is not None:
            text = _read(self.path)
        return None if text is None else self._original(text)

    def _original(self, text: str) -> str | None:
        report = self.report
        try:
            if len(text) == report.kept_chars and not self.rewritten:
                return report.restore(text)
            report.replay(text)
        except ReportError:
            return None
        return text


@dataclass(slots=True)
class Originals:
    """A file of reports with the texts that belong to it."""

    report: Path
    clean: Path | None = None
    """File or folder of the clean texts, or of the originals; None to look beside the report."""
    text_field: str = "text"
    faults: list[str] = field(default_factory=list)
    """What could not be read on the way; complete when `walk` is done."""
    texts: list[Path] = field(default_factory=list)
    """The files that were found to hold texts; complete when `walk` is done."""

    def walk(self) -> Iterator[Found]:
        """Yield the reports in order; raises `InputError` or `ReportError` for a file that is no report."""
        names: set[str] = set()
        for name, group in groupby(rows(self.report), key=lambda row: row.clean_name):
            # Only records that stand together can be walked side by side with their file.
            first = next(group)
            path = None if name in names else self._locate(name, first.file)
            names.add(name)
            if path is not None:
                self.texts.append(path)
            entries = self._entries(path) if path is not None and first.line else iter(())
            for row, read in self._side_by_side(chain([first], group), entries):
                yield _found(row, read, None if row.line else path)

    def _locate(self, name: str, source: str) -> Path | None:
        """Return the file that holds the texts of *name*, made from *source*, if there is one."""
        if self.clean is not None and not self.clean.is_dir():
            return self.clean if self.clean.exists() else None
        folder = self.clean or self.report.parent
        tries = [folder / name, folder / source, beside(folder / source, ".txt")]
        if self.clean is None and self.report.name.endswith(_REPORT):
            tries = _of_report(self.report)
        # A report must not lead out of the folder: what it names is put into a file that travels.
        inside = (path for path in tries if path.resolve().is_relative_to(folder.resolve()))
        return next((path for path in inside if path.is_file()), None)

    def _side_by_side(
        self, group: Iterable[Row], entries: Iterator[_Read | Reject]
    ) -> Iterator[tuple[Row, _Read | None]]:
        """Yield rows with their records, up to the first that cannot be read."""
        for row in group:
            read = next(entries, None)
            # Of originals, what could not be read then has no row.
            while self.clean is not None and isinstance(read, Reject) and (read.line or row.line) < row.line:
                read = next(entries, None)
            if isinstance(read, Reject):
                self.faults.append(str(read.error()))
                read, entries = None, iter(())
            yield row, read

    def _entries(self, path: Path) -> Iterator[_Read | Reject]:
        """Yield the records of a file, each with its date if it has one."""
        try:
            # Records may be called anything, as `cleaner clean FILE -o OUT` was told.
            form = None if format_of(path.name) not in (None, Format.TEXT) else Format.JSONL
            (source,) = find([path], forced=form, kind=TEXT)
            for entry in entries(source, Reading(self.text_field, kind=TEXT)):
                if isinstance(entry, Reject):
                    yield entry
                elif entry.document is not None:
                    dated = entry.names and not set(entry.names).isdisjoint(_DATES)
                    yield entry, _date(fields_of(source, entry, self.text_field)) if dated else ""
        except CleanerError as error:
            self.faults.append(str(error))


def _of_report(report: Path) -> list[Path]:
    """Return the file that *report* is called after, and where its name may have been cut, those it may be cut from."""
    bare = report.with_name(report.name.removesuffix(_REPORT))
    if bare.exists() or "~" not in bare.name:
        return [bare]
    return [path for path in report.parent.iterdir() if fitting(path.name, _REPORT) == report.name]


def _found(row: Row, read: _Read | None, path: Path | None) -> Found:
    report, page = row.report, row.page
    told = report.metadata
    document = read[0].document if read else None
    site = (
        host(row.url)
        or host(report.id)
        or host(document.url if document else None)
        or (told.site if told else None)
        or ""
    )
    date = (told.date if told else None) or (read[1] if read else "")
    rewritten = page is not None and bool(page.to)
    return Found(report, site, date, document.body if document else None, path, rewritten)


def _date(fields: Mapping[str, Any]) -> str:
    return next((fields[name] for name in _DATES if isinstance(fields.get(name), str)), "")


def _read(path: Path) -> str | None:
    try:
        (source,) = find([path], forced=Format.TEXT, kind=TEXT)
        return next((entry.document.body for entry in documents(source, Reading(kind=TEXT)) if entry.document), None)
    except CleanerError:
        return None
