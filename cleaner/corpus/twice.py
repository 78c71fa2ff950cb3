"""Two passes: what sites repeat is learned from the corpus that is about to be cleaned."""

from __future__ import annotations

from pathlib import Path

from cleaner.corpus.learning import Lesson, learn_files
from cleaner.corpus.parts import Reading
from cleaner.corpus.tasks import Plan
from cleaner.errors import InputError


def learn_sites(plan: Plan, reading: Reading, path: Path, *, again: bool) -> Path:
    """Write what the inputs of *plan* tell of their sites to *path* and return it; what cannot be read is passed over.

    Unless it is to be made *again*, a file that is there is used as it is, and learning that was broken off goes
    on. Raises `InputError` for a pipe, which cannot be read twice, and where no document names its site.
    """
    for task in plan.tasks:
        if task.source.once:
            raise InputError("cannot be read twice, as learning sites asks; name a file", path=task.source.place)
    if again or not path.exists():
        learn_files([task.source for task in plan.tasks], path, Lesson(reading, resume=not again))
    return path
