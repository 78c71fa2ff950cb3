"""For datatrove: a step of a pipeline, between readers, filters and writers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from cleaner.adapters.rows import Row, clean_rows
from cleaner.cleaning import Cleaner
from cleaner.corpus import whole_lines
from cleaner.errors import InputError, MissingExtra
from cleaner.report import name_of

try:
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.batching import batched
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise MissingExtra("this step", "datatrove") from error

if TYPE_CHECKING:
    from datatrove.data import Document
    from datatrove.pipeline.writers.disk_base import DiskWriter


class CleanDocuments(PipelineStep):
    """Clean the texts of documents; `metadata["cleaner"]`, or what *report* names, gets the report, one JSON text.

    A document that nothing is left of is dropped, for datatrove's writers leave empty texts out of their
    records. It goes to the *exclusion_writer*, if there is one, with its text as it came and the reason in
    `metadata["filter_reason"]`: `emptied`, or the first word of the report's note. *batch_size* documents
    are held at a time. *settings* are those of `Cleaner`. A site memory knows a document's site by the domain
    of `metadata["url"]`, or by the metadata that *site* names.

    Lines are counted as datatrove's C4 filter does: `line-total`, `line-kept`, `line-filter-<label>`, and
    `span-filter-<label>` for stretches inside kept lines; `note-<word>` counts notes.

    Raises `SettingError` for a setting that makes no sense.
    """

    name = "cleaner"
    type = "CLEAN"

    def __init__(
        self,
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = 256,
        site: str | None = None,
        report: str = "cleaner",
        **settings: Any,
    ) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self.batch_size = batch_size
        self.site, self.report = site, report
        self.cleaner = Cleaner(**settings)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002
        """Yield the documents, cleaned, in their order.

        Raises `InputError` for a text that is none, and where the report would take the place of metadata.
        """
        with self.exclusion_writer or nullcontext():
            for batch in batched(data, self.batch_size):
                with self.track_time("batch"):
                    rows = self._cleaned(batch)
                for doc, row in zip(batch, rows, strict=True):
                    if self._goes_on(doc, row, rank):
                        yield doc

    def _cleaned(self, batch: Sequence[Document]) -> list[Row]:
        if taken := [doc.id for doc in batch if self.report in doc.metadata]:
            reason = f"there is {self.report!r} in the metadata already, and the report would take its place"
            raise InputError(f"{reason}; name another with report=", place=f"document {taken[0]}")
        texts, ids = [doc.text for doc in batch], [doc.id for doc in batch]
        urls = [doc.metadata.get("url") for doc in batch]
        sites = None if self.site is None else [doc.metadata.get(self.site) for doc in batch]
        return list(clean_rows(self.cleaner, texts, ids, urls, sites))

    def _goes_on(self, doc: Document, row: Row, rank: int) -> bool:
        """Count a document and give it its report and its clean text, or drop it."""
        self._count(row)
        doc.metadata[self.report] = row.line
        if row.text and not row.text.isspace():
            doc.text = row.text
            self.stat_update(StatHints.forwarded)
            self.update_doc_stats(doc)
            return True
        reason = "emptied" if row.report.removed else (name_of(row.report.note) or "empty")
        self.stat_update(StatHints.dropped, f"dropped_{reason}")
        if self.exclusion_writer:
            doc.metadata["filter_reason"] = reason
            doc.text = doc.text or ""  # its writers cannot measure None
            self.exclusion_writer.write(doc, rank)
        return False

    def _count(self, row: Row) -> None:
        report = row.report
        self.stat_update(StatHints.total)
        lines = list(whole_lines(report.restore(row.text or ""), report))
        self.stat_update("line-total", value=report.lines)
        self.stat_update("line-kept", value=report.lines - len(lines))
        for removal in report.removed:
            self.stat_update(f"{'line' if removal in lines else 'span'}-filter-{removal.label}")
        if report.note:
            self.stat_update(f"note-{name_of(report.note)}")
