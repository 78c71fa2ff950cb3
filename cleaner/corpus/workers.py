"""Cleaning in several processes, with the same results in the same order."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Protocol

from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.report import Cleaned

CHUNK_DOCUMENTS = 256
CHUNK_CHARS = 1_000_000
"""A chunk is full at either: large enough to be worth its way, small enough to wait for."""


class Engine(Protocol):
    """What cleans: settings that pickle to a few bytes, with one lazy method."""

    def clean_many(self, documents: Iterable[Document]) -> Iterator[Cleaned]:
        """Clean *documents* in order."""
        ...


def clean_in_processes(engine: Engine, documents: Iterable[Document], jobs: int) -> Iterator[Cleaned]:
    """Clean *documents* in *jobs* processes; only a few chunks are in memory at a time."""
    pool = ProcessPoolExecutor(
        jobs,
        mp_context=get_context("spawn"),
        # Ctrl-C reaches the whole process group; the parent alone answers it.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    waiting: deque[Future[list[Cleaned] | str]] = deque()
    try:
        for chunk in _chunks(documents):
            waiting.append(pool.submit(_clean, engine, chunk))
            if len(waiting) >= 2 * jobs:
                yield from _result(waiting.popleft())
        while waiting:
            yield from _result(waiting.popleft())
    except BrokenProcessPool as error:
        reason = "a worker process died, perhaps for lack of memory; try fewer --jobs or a smaller --max-mb"
        raise CleanerError(reason) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _clean(engine: Engine, documents: list[Document]) -> list[Cleaned] | str:
    try:
        return list(engine.clean_many(documents))
    except CleanerError as error:
        # As a message: exceptions with keyword parameters do not survive pickling.
        return str(error)


def _result(future: Future[list[Cleaned] | str]) -> list[Cleaned]:
    result = future.result()
    if isinstance(result, str):
        raise CleanerError(result)
    return result


def _chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    chunk: list[Document] = []
    chars = 0
    for document in documents:
        chunk.append(document)
        chars += len(document.body)
        if len(chunk) >= CHUNK_DOCUMENTS or chars >= CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk
