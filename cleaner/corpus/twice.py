"""Two passes: what sites repeat is learned from the corpus that is about to be cleaned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleaner.corpus.parts import Reading, Reject
from cleaner.corpus.plan import Plan
from cleaner.corpus.reading import entries
from cleaner.corpus.writing import WholeFile
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.sites import learn


def learn_sites(plan: Plan, reading: Reading, path: Path, *, again: bool) -> Path:
    """Write what the inputs of *plan* tell of their sites to *path* and return it; what cannot be read is passed over.

    A file that is there is used as it is, unless it is to be made *again*. Raises `InputError` for
    a pipe, which cannot be read twice.
    """
    for task in plan.tasks:
        if task.source.once:
            raise InputError("cannot be read twice, as learning sites asks; name a file", path=task.source.place)
    if again or not path.exists():
        with WholeFile(path) as file:
            learn(_documents(plan, reading), file.write)
    return path


def _documents(plan: Plan, reading: Reading) -> Iterator[Document]:
    for task in plan.tasks:
        for found in entries(task.source, reading):
            if not isinstance(found, Reject) and found.document is not None and not found.missing:
                yield found.document
