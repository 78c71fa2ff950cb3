"""The parts of all files in a row, packed into blocks that are worth their way to a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.corpus.endings import Format
from cleaner.corpus.parts import PART, Mark, Part, Reading
from cleaner.corpus.reading import parts
from cleaner.corpus.tasks import Task

_MOST = 256
"""Parts in one block: a thousand empty files are work too."""
_MARKUP = 4
"""Bytes of web archives that count as one, as in `cleaner.chunks`."""


class Item(NamedTuple):
    """A part on its way."""

    number: int
    """Of the task, from 0."""
    task: Task
    part: Part
    last: bool
    """Whether the file ends with it."""


Block = tuple[Item, ...]


def blocks(tasks: Sequence[Task], reading: Reading, first: int, mark: Mark) -> Iterator[Block]:
    """Yield everything from *mark* in the task number *first* on.

    How parts are packed changes no byte of the results.
    """
    block: list[Item] = []
    weight = 0
    for item in _items(tasks, reading, first, mark):
        block.append(item)
        weight += _weight(item)
        if weight >= PART or len(block) >= _MOST:
            yield tuple(block)
            block, weight = [], 0
    if block:
        yield tuple(block)


def _weight(item: Item) -> int:
    """Return about how many bytes a part has in memory; of packed data the size on disk says nothing."""
    part = item.part
    if isinstance(part.payload, bytes):
        return len(part.payload)
    size = 0 if part.payload is None else part.size or PART
    # Of pages most is markup, of which nothing is scored: fewer would not fill what the engine scores in one sweep.
    return size // _MARKUP if item.task.source.format is Format.WARC else size


def _items(tasks: Sequence[Task], reading: Reading, first: int, mark: Mark) -> Iterator[Item]:
    for number in range(first, len(tasks)):
        task = tasks[number]
        start = mark if number == first else Mark()
        waiting = Part(start.records, None, 0, start)  # stands for a file without any
        any_parts = False
        for part in parts(task.source, reading, start):
            if any_parts:
                yield Item(number, task, waiting, last=False)
            waiting, any_parts = part, True
        yield Item(number, task, waiting, last=True)
