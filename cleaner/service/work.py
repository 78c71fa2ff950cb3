"""The threads that clean, and the places for requests that wait for one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import BoundedSemaphore, Event
from typing import Any

from cleaner.loopback import Refusal
from cleaner.loopback.bodies import Receive
from cleaner.service.job import Done, Job
from cleaner.service.limits import Limits

_RETRY = "1"
"""Seconds after which to ask again; most requests take less."""


class Work:
    """Holds so many requests and no more, and cleans some of them at a time.

    A place is held from before the body is read until the answer is sent and the thread is done,
    so that memory is bounded by the places times the size of a body.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.places = limits.threads + limits.waiting
        self.held = 0
        self._free = BoundedSemaphore(self.places)
        self._pool = ThreadPoolExecutor(limits.threads, thread_name_prefix="clean")
        self._stops: set[Event] = set()

    @contextmanager
    def place(self) -> Iterator[ExitStack]:
        """Hold a place; raises `Refusal` when there is none. What is given owns it, and can hand it on."""
        if not self._free.acquire(blocking=False):
            raise Refusal(
                503,
                "busy",
                f"{self.places} requests are being served",
                f"ask again after {_RETRY} s, or send fewer at a time",
                headers={"Retry-After": _RETRY},
            )
        self.held += 1
        with ExitStack() as place:
            place.callback(self._leave)
            yield place

    def _leave(self) -> None:
        self.held -= 1
        self._free.release()

    async def do(self, job: Job, body: bytearray, receive: Receive, place: ExitStack) -> Done:
        """Have a thread do the *job*; raises `Refusal` when time is up, `ConnectionError` when the client is gone."""
        stop = Event()
        self._stops.add(stop)
        future = self._pool.submit(job, body, stop)
        waited = asyncio.wrap_future(future)
        gone = asyncio.ensure_future(_gone(receive))
        either: set[asyncio.Future[Any]] = {waited, gone}
        try:
            await asyncio.wait(either, timeout=self.limits.seconds, return_when=asyncio.FIRST_COMPLETED)
            if waited.done():
                return waited.result()
            if gone.done():
                raise ConnectionError
            reason = f"the documents were not clean after {self.limits.seconds:g} seconds"
            remedy = "send fewer or shorter documents a request, or raise --seconds"
            raise Refusal(504, "slow-cleaning", reason, remedy)
        finally:
            self._stops.discard(stop)
            gone.cancel()
            waited.cancel()
            stop.set()
            _hand_on(place, future)

    def stop(self) -> None:
        """End the threads after the documents that they are at."""
        for stop in list(self._stops):
            stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _hand_on(place: ExitStack, future: Future[Done]) -> None:
    """Leave the place to a thread that cannot be interrupted, if it still works."""
    if not future.done() and not future.cancel():
        handed = place.pop_all()
        future.add_done_callback(lambda _: handed.close())


async def _gone(receive: Receive) -> None:
    """Return when the client goes away; there is nothing more to come from it."""
    while (await receive())["type"] != "http.disconnect":
        pass
