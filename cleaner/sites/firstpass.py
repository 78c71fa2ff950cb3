"""Two passes over one corpus: learn from what is about to be cleaned, then clean."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cleaner.document import Document
from cleaner.sites.learning import Learned, learn


def first_pass(documents: Iterable[Document], path: Path) -> Learned:
    """Learn from *documents* into the file *path*, for `Cleaner(sites=path)` to clean the same documents with.

    A document says nothing for itself: of what is counted of its lines, one document is always taken to be it.
    """
    with path.open("xb") as file:
        return learn(documents, file.write)
