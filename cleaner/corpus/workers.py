"""Blocks done in several processes, with the same results in the same order."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from threading import Thread

from cleaner.corpus.blocks import Block
from cleaner.corpus.job import Job
from cleaner.corpus.work import Done, work
from cleaner.errors import CleanerError

_AHEAD = 2
"""Blocks handed out for each process: one at work, one so that none waits."""
_LIVES = 5
"""So often the processes may die over the same block."""


def work_in_processes(job: Job, blocks: Iterable[Block], jobs: int) -> Iterator[tuple[Block, list[Done]]]:
    """Yield every block with what became of its parts, in order; only a few are in memory at a time.

    A process that is killed from outside is replaced, and what it had at work is done again.
    """
    waiting: deque[tuple[Block, Future[list[Done] | str]]] = deque()
    source = iter(blocks)
    pool = _pool(jobs)
    deaths = 0
    try:
        while True:
            while len(waiting) < _AHEAD * jobs and (block := next(source, None)) is not None:
                waiting.append((block, _submitted(pool, job, block)))
            if not waiting:
                return
            block, future = waiting[0]
            try:
                done = future.result()
            except BrokenProcessPool as error:
                deaths += 1
                if deaths >= _LIVES:
                    raise CleanerError(_died(block)) from error
                pool.shutdown(cancel_futures=True)
                pool = _pool(jobs)
                waiting = deque((block, _submitted(pool, job, block)) for block, _ in waiting)
                continue
            if isinstance(done, str):
                raise CleanerError(done)
            deaths = 0
            waiting.popleft()
            yield block, done
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_attend, initargs=gc.get_threshold())


def _attend(*collecting: int) -> None:
    """Leave Ctrl-C, which reaches the whole process group, to the parent, and end when that is gone.

    Garbage is looked for as seldom as in the parent, whose thresholds *collecting* are.
    """
    gc.set_threshold(*collecting)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        # It was killed: nobody waits for what is at work here.
        os._exit(1)


def _submitted(pool: ProcessPoolExecutor, job: Job, block: Block) -> Future[list[Done] | str]:
    with suppress(BrokenProcessPool):
        return pool.submit(_work, job, block)
    # The pool broke already: this block waits for the next one like the others.
    broken: Future[list[Done] | str] = Future()
    broken.set_exception(BrokenProcessPool())
    return broken


def _work(job: Job, block: Block) -> list[Done] | str:
    try:
        return work(job, block)
    except CleanerError as error:
        # As a message: exceptions with keyword parameters do not survive pickling.
        return str(error)


def _died(block: Block) -> str:
    first, last = block[0], block[-1]
    end = "" if last.task is first.task else f" to {last.task.source.place}"
    place = f"{first.task.source.place}, record {first.part.number + 1} on{end}"
    return (
        f"{place}: the worker process died {_LIVES} times, perhaps for lack of memory; try fewer --jobs or a smaller "
        "--max-mb"
    )
