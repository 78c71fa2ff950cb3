"""Site memory learned from a table by many workers: what Spark and Ray share.

Each worker learns whole memories of its part, cut into pieces by the keys of the lines. The engine brings
the pieces of one number together, where they are merged and lines seen once are dropped. What is left is
small and is merged in one place, to the bytes that one machine learns from the same documents.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.adapters.rows import is_missing
from cleaner.chunks import fault_of
from cleaner.corpus import WholeFile
from cleaner.document import Document
from cleaner.errors import InputError, SettingError
from cleaner.sites import SITE, Memory, Stored, cut, learn, load_memory, merge, stored_memory
from cleaner.split import KINDS, kind_of

if TYPE_CHECKING:
    import pyarrow as pa

PIECE, MEMORY = "piece", "memory"
"""Columns of the tables that travel between workers."""


class SiteColumns:
    """Which columns of a table hold the texts and tell their sites, and how learning is dealt out.

    *url* names the column of addresses, *site* one whose values are the sites themselves, which come
    first; one of them is needed. *kind* is what all texts are, `text` or `html`; None to tell by their
    looks. *pieces* are merged each by itself, so on a large corpus there should be some for each worker.
    *whole* keeps lines that were seen once, for merging and updating without loss.

    Raises `SettingError` without a column that tells sites, and for a kind that there is not.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        url: str | None = None,
        site: str | None = None,
        kind: str | None = None,
        pieces: int = 16,
        whole: bool = False,
    ) -> None:
        if url is None and site is None:
            raise SettingError("sites are learned by a column: name that of the addresses (url) or of the sites (site)")
        if kind not in (None, *KINDS):
            raise SettingError(f"no kind {kind!r}; there are {', '.join(KINDS)}")
        if pieces < 1:
            raise SettingError(f"there is at least one piece, not {pieces}")
        self.text, self.url, self.site = text, url, site
        self.kind, self.pieces, self.whole = kind, pieces, whole

    @property
    def read(self) -> list[str]:
        """The columns to be read."""
        return list(dict.fromkeys(name for name in (self.text, self.url, self.site) if name is not None))

    def learn(self, batches: Iterable[pa.RecordBatch | pa.Table]) -> Iterator[pa.RecordBatch]:
        """Yield the numbered pieces of the memory that is learned from a partition."""
        import pyarrow as pa

        with tempfile.TemporaryDirectory(prefix="cleaner-sites-") as room:
            path = Path(room) / "learned"
            with path.open("wb") as file:
                learn(self._documents(batches), file.write, whole=True)
            for number, raw in cut(stored_memory(path), self.pieces):
                yield pa.record_batch({PIECE: pa.array([number], pa.int32()), MEMORY: pa.array([raw], pa.binary())})

    def merge(self, batches: Iterable[pa.RecordBatch | pa.Table]) -> Iterator[pa.RecordBatch]:
        """Yield one memory of all pieces that came together; those of a number must have come complete."""
        import pyarrow as pa

        held = BytesIO()
        with _on_disk(raw for batch in batches for raw in batch.column(MEMORY).to_pylist()) as pieces:
            if pieces:
                merge(pieces, held.write, lean=not self.whole)
                yield pa.record_batch({MEMORY: pa.array([held.getvalue()], pa.binary())})

    def finish(self, memories: Iterable[bytes], out: str | Path) -> Memory:
        """Write the merged pieces to the file *out* as one memory and return it.

        Raises `InputError` where no document told its site; nothing is written then.
        """
        out = Path(out)
        with _on_disk(memories) as pieces:
            if not any(piece.sites for piece in pieces):
                told = " nor ".join(repr(name) for name in (self.url, self.site) if name is not None)
                raise InputError(f"no document has a text and tells its site in {told}; name the column that does")
            with WholeFile(out) as file:
                merge(pieces, file.write)
        return load_memory(out)

    def _documents(self, batches: Iterable[pa.RecordBatch | pa.Table]) -> Iterator[Document]:
        """Yield the documents that can be cleaned, as `cleaner sites learn` does of files."""
        for batch in batches:
            columns = ([None] * len(batch) if name is None else batch.column(name).to_pylist() for name in self._roles)
            for text, url, site in zip(*columns, strict=True):
                if isinstance(text, str):
                    # As `clean_rows` takes it: a site is known by its name, or else by the address.
                    meta = {} if is_missing(site) else {SITE: str(site)}
                    address = None if is_missing(url) else str(url)
                    document = Document("", text, self.kind or kind_of(text), address, meta)
                    if fault_of(document) is None:
                        yield document

    @property
    def _roles(self) -> tuple[str, str | None, str | None]:
        return self.text, self.url, self.site


@contextmanager
def _on_disk(memories: Iterable[bytes]) -> Iterator[list[Stored]]:
    """Hold memories in files while they are put together."""
    with tempfile.TemporaryDirectory(prefix="cleaner-sites-") as room:
        paths = []
        for number, raw in enumerate(memories):
            paths.append(Path(room) / str(number))
            paths[-1].write_bytes(raw)
        yield list(map(stored_memory, paths))
