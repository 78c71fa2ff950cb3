"""Blocks done in several processes, with the same results in the same order.

Each process has a thread that waits for it, and a pipe to that thread of its own: one that is killed while it sends has
done so to nobody else, and the end of its pipe tells of it at once. (The pool of `concurrent.futures` has one pipe for
the results of all, and waits forever for the rest of what a killed process had begun to send.)
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any

from cleaner.corpus.blocks import Block
from cleaner.corpus.job import Job
from cleaner.corpus.work import Done, work
from cleaner.errors import CleanerError

_AHEAD = 2
"""Blocks read for each process: one at work, one so that none waits for reading."""
_LIVES = 5
"""So often the process may die over the same block."""
_SPAWN = get_context("spawn")

Answer = list[Done] | CleanerError | RuntimeError


def work_in_processes(job: Job, blocks: Iterable[Block], jobs: int) -> Iterator[tuple[Block, list[Done]]]:
    """Yield every block with what became of its parts, in order; only a few are in memory at a time.

    A process that is killed from outside is replaced, and what it had at work is done again.
    """
    crew, threads = _Crew(job), ThreadPoolExecutor(jobs)
    waiting: deque[tuple[Block, Future[list[Done]]]] = deque()
    try:
        for block in blocks:
            waiting.append((block, threads.submit(crew.work, block)))
            if len(waiting) >= _AHEAD * jobs:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        crew.dismiss()
        threads.shutdown(cancel_futures=True)


def _first(waiting: deque[tuple[Block, Future[list[Done]]]]) -> tuple[Block, list[Done]]:
    block, future = waiting.popleft()
    return block, future.result()


class _Crew:
    """The processes, one for each thread that asks for work to be done."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._own = threading.local()
        self._processes: set[_Process] = set()
        self._dismissed = False
        self._changing = threading.Lock()

    def work(self, block: Block) -> list[Done]:
        """Have the process of this thread do a block; raises what went wrong there."""
        for _ in range(_LIVES):
            process = self._process()
            try:
                answer = process.work(self._job, block)
            except (EOFError, OSError):
                self._bury(process)
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        raise CleanerError(_died(block))

    def dismiss(self) -> None:
        """End all processes, at once, and let none begin."""
        with self._changing:
            self._dismissed = True
            for process in self._processes:
                process.kill()

    def _process(self) -> _Process:
        with self._changing:
            if self._dismissed:
                raise CancelledError
            process: _Process | None = getattr(self._own, "process", None)
            if process is None:
                process = self._own.process = _Process()
                self._processes.add(process)
            return process

    def _bury(self, process: _Process) -> None:
        with self._changing:
            self._own.process = None
            self._processes.discard(process)
            process.kill()


class _Process:
    """One process and the pipe to it."""

    def __init__(self) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_attend, args=(theirs, gc.get_threshold()), daemon=True)
        self._process.start()
        # The process has the only other end, so that the pipe ends with it.
        theirs.close()

    def work(self, job: Job, block: Block) -> Answer:
        """Have a block done; raises `EOFError` or `OSError` when the process is gone."""
        self._pipe.send((job, block))
        answer: Answer = self._pipe.recv()
        return answer

    def kill(self) -> None:
        """End the process, whatever it does; who waits for it hears of the end of its pipe."""
        self._process.kill()
        self._process.join()


def _attend(pipe: Connection[Any, Any], collecting: tuple[int, int, int]) -> None:
    """Do block after block, until the pipe ends or the parent is gone; leave Ctrl-C, which reaches all, to the parent.

    Garbage is looked for as seldom as in the parent, whose thresholds *collecting* are.
    """
    gc.set_threshold(*collecting)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_answer(*pipe.recv()))


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        # It was killed: nobody waits for what is at work here.
        os._exit(1)


def _answer(job: Job, block: Block) -> Answer:
    try:
        return work(job, block)
    except CleanerError as error:
        # As a message: exceptions with keyword parameters do not survive pickling.
        return CleanerError(str(error))
    except Exception:  # noqa: BLE001 - a fault of ours, told where it is seen
        return RuntimeError(f"a worker process failed\n{traceback.format_exc()}")


def _died(block: Block) -> str:
    first, last = block[0], block[-1]
    end = "" if last.task is first.task else f" to {last.task.source.place}"
    place = f"{first.task.source.place}, record {first.part.number + 1} on{end}"
    return (
        f"{place}: the worker process died {_LIVES} times, perhaps for lack of memory; try fewer --jobs or a smaller "
        "--max-mb"
    )
