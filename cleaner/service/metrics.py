"""Counters in Prometheus' text format, version 0.0.4; they hold numbers and names of ours, no text of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cleaner.service.job import Tally

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds."""


class Metrics:
    """What the service did since it was started; used from the event loop alone."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str]] = Counter()
        self._removed: Counter[str] = Counter()
        self._within: Counter[float] = Counter()
        self._seconds = 0.0
        self._documents = self._unread = self._characters = self._served = 0

    def request(self, path: str, status: int) -> None:
        """Count a request."""
        self._requests[path, str(status)] += 1

    def cleaned(self, tally: Tally, seconds: float) -> None:
        """Count what a request had cleaned, and how long that took with its waiting."""
        self._documents += tally.documents
        self._unread += tally.unread
        self._characters += tally.characters
        self._removed.update(tally.removed)
        self._served += 1
        self._seconds += seconds
        self._within.update(bound for bound in _BOUNDS if seconds <= bound)

    def text(self, held: int, places: int) -> str:
        """Write all of them."""
        return "\n".join([*self._counters(), *self._times(), *self._gauges(held, places), ""])

    def _counters(self) -> Iterator[str]:
        yield from _head("cleaner_requests_total", "counter", "Requests by path and status.")
        for (path, status), count in sorted(self._requests.items()):
            yield f'cleaner_requests_total{{path="{path}",status="{status}"}} {count}'
        yield from _plain("cleaner_documents_total", "counter", "Documents cleaned.", self._documents)
        yield from _plain(
            "cleaner_unread_documents_total", "counter", "Documents of batches that could not be cleaned.", self._unread
        )
        yield from _plain("cleaner_characters_total", "counter", "Characters that came in.", self._characters)
        yield from _head("cleaner_removed_characters_total", "counter", "Characters removed, by label.")
        for label, count in sorted(self._removed.items()):
            yield f'cleaner_removed_characters_total{{label="{label}"}} {count}'

    def _times(self) -> Iterator[str]:
        name = "cleaner_seconds"
        yield from _head(name, "histogram", "Seconds a request was cleaned for, waiting included.")
        for bound in _BOUNDS:
            yield f'{name}_bucket{{le="{bound:g}"}} {self._within[bound]}'
        yield f'{name}_bucket{{le="+Inf"}} {self._served}'
        yield f"{name}_sum {self._seconds:.6f}"
        yield f"{name}_count {self._served}"

    def _gauges(self, held: int, places: int) -> Iterator[str]:
        yield from _plain("cleaner_held_requests", "gauge", "Requests waiting or being cleaned.", held)
        yield from _plain("cleaner_places", "gauge", "Requests that can be held.", places)


def _plain(name: str, kind: str, told: str, value: int) -> Iterator[str]:
    yield from _head(name, kind, told)
    yield f"{name} {value}"


def _head(name: str, kind: str, told: str) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
