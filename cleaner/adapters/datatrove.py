"""For datatrove: a step of a pipeline, between readers, filters and writers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.adapters.rows import Row, clean_rows
from cleaner.cleaning import Cleaner
from cleaner.corpus import whole_lines
from cleaner.errors import MissingExtra

try:
    from datatrove.pipeline.filters.base_filter import BaseFilter
except ImportError as error:
    raise MissingExtra("this step", "datatrove") from error

if TYPE_CHECKING:
    from datatrove.data import Document
    from datatrove.pipeline.writers.disk_base import DiskWriter


class CleanDocuments(BaseFilter):
    """Clean the texts of documents; `metadata["cleaner"]` gets the removal report, one JSON text.

    With an *exclusion_writer* a document that nothing is left of goes there, its text as it was and the reason
    (`emptied`, or the first word of the report's note) in `metadata["filter_reason"]`; without one it goes on,
    empty. *batch_size* documents are held at a time. *settings* are those of `Cleaner`.

    Lines are counted as datatrove's C4 filter does: `line-total`, `line-kept`, `line-filter-<label>`, and
    `span-filter-<label>` for stretches inside kept lines; `note-<word>` counts notes.

    Raises `SettingError` for a setting that makes no sense.
    """

    name = "cleaner"

    def __init__(self, exclusion_writer: DiskWriter | None = None, batch_size: int = 256, **settings: Any) -> None:
        super().__init__(exclusion_writer, batch_size)
        self.cleaner = Cleaner(**settings)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Clean one document."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Clean documents; say which go on, and why others do not."""
        rows = clean_rows(self.cleaner, [doc.text for doc in batch], [doc.id for doc in batch])
        return [self._settle(doc, row) for doc, row in zip(batch, rows, strict=True)]

    def _settle(self, doc: Document, row: Row) -> bool | tuple[bool, str]:
        self._count(row)
        doc.metadata["cleaner"] = row.line
        if self.exclusion_writer and not (row.text or "").strip():
            return False, _sort(row.report.note) if not row.report.removed else "emptied"
        doc.text = row.text or ""
        return True

    def _count(self, row: Row) -> None:
        report = row.report
        lines = list(whole_lines(report.restore(row.text or ""), report))
        self.stat_update("line-total", value=report.lines)
        self.stat_update("line-kept", value=report.lines - len(lines))
        for removal in report.removed:
            self.stat_update(f"{'line' if removal in lines else 'span'}-filter-{removal.label}")
        if report.note:
            self.stat_update(f"note-{_sort(report.note)}")


def _sort(note: str) -> str:
    """Return the word that a note begins with: `empty`, `low-yield`."""
    return note.partition(":")[0] or "empty"
