"""The visible text of pages, saved for those who want to replay a report or restore what it removed."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from cleaner.corpus.decoding import encode
from cleaner.corpus.reading import Entry
from cleaner.corpus.writing import WholeFile, json_line
from cleaner.report import Cleaned
from cleaner.split import HTML


class VisibleFile:
    """The visible text of one file's pages: bare for a page that is a file, one record a page for JSONL.

    The file is made for the first page; without a *path* nothing is written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: WholeFile | None = None

    def add(self, entry: Entry, cleaned: Cleaned) -> None:
        """Write the text that the report's places are in, if the document was a page."""
        if self._path is None or cleaned.report.kind != HTML:
            return
        if self._file is None:
            self._file = WholeFile(self._path)
        text = cleaned.page_text
        self._file.write(json_line({"id": cleaned.report.id, "text": text}) if entry.record else encode(text))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.__exit__(kind, error, trace)
