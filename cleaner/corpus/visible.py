"""The visible text of pages, saved for those who want to replay a report or restore what it removed."""

from __future__ import annotations

from cleaner.corpus.decoding import encode
from cleaner.corpus.reading import Entry
from cleaner.corpus.writing import LateFile, json_line
from cleaner.report import Cleaned
from cleaner.split import HTML


class VisibleFile(LateFile):
    """The visible text of one file's pages: bare for a page that is a file, one record a page for JSONL."""

    def add(self, entry: Entry, cleaned: Cleaned) -> None:
        """Write the text that the report's places are in, if the document was a page."""
        if self.path is not None and cleaned.report.kind == HTML:
            text = cleaned.page_text
            self.write(json_line({"id": cleaned.report.id, "text": text}) if entry.record else encode(text))
