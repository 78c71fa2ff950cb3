"""What peers leave of pages: each in a process of its own, under a time limit, and kept for the next run."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Self

from bench.speed import ONE_CORE, ROOT
from cleaner.errors import InputError, MissingExtra, SettingError
from cleaner.lab.extractors import language
from cleaner.lab.page_peers import EXTRA, PagePeer, installed
from cleaner.lab.pages import GoldPage
from cleaner.lab.records import read_records

START = 120.0
"""Seconds in which a peer must be imported."""
CRASH, LATE = "crash", "timeout"


class Output(NamedTuple):
    """What one peer left of one page."""

    text: str
    fault: str
    """Empty, `crash` or `timeout`; the text is empty after either."""


def outputs(peer: PagePeer, pages: Sequence[GoldPage], *, limit: float, cache: Path | None) -> list[Output]:
    """Run a peer over pages, *limit* seconds for each at most; raises `MissingExtra` without it.

    With *cache*, a folder, outputs of the same version of a peer for the same page are read from it.
    """
    version = installed(peer)
    kept = Kept(cache / _file_name(peer, version) if cache and version else None)
    with Worker(peer, limit) as worker:
        return list(_outputs(worker, kept, pages))


def _outputs(worker: Worker, kept: Kept, pages: Sequence[GoldPage]) -> Iterator[Output]:
    for page in pages:
        lang = language(page.html, page.lang)
        digest = sha256(f"{lang}\n{page.html}".encode("utf-8", "surrogatepass")).hexdigest()
        output = kept.get(digest)
        if output is None:
            output = worker.run(page.html, lang)
            kept.put(digest, output)
        yield output


class Kept:
    """Outputs by digest of their page, in a file of JSON lines that grows as they come."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._outputs: dict[str, Output] = {}
        if path is not None and path.exists():
            _drop_unfinished(path)
            for place, record in read_records(path):
                if not {"page", "text", "fault"} <= record.keys():
                    raise InputError("no output of a peer; delete the file", path=path, place=place)
                self._outputs[record["page"]] = Output(record["text"], record["fault"])

    def get(self, digest: str) -> Output | None:
        """Return what is kept for a page."""
        return self._outputs.get(digest)

    def put(self, digest: str, output: Output) -> None:
        """Keep an output."""
        self._outputs[digest] = output
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="ascii") as file:
                file.write(json.dumps({"page": digest, **output._asdict()}) + "\n")


class Worker:
    """A process that runs one peer, begun when first needed and again after it was ended."""

    def __init__(self, peer: PagePeer, limit: float) -> None:
        self._peer = peer
        self._limit = limit
        self._process: Any = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, html: str, lang: str) -> Output:
        """Extract one page; what crashes or is late has left nothing."""
        process = self._process or self._begin()
        try:
            process.stdin.write(json.dumps({"html": html, "lang": lang}) + "\n")
            process.stdin.flush()
            answer = self._answer(self._limit)
        except (queue.Empty, OSError) as error:
            self._end()
            return Output("", LATE if isinstance(error, queue.Empty) else CRASH)
        if answer is None:
            self._end()
            return Output("", CRASH)
        return Output(answer["text"], answer["fault"])

    def _begin(self) -> Any:
        self._answers = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.page_worker", spec(self._peer)],
            cwd=ROOT,
            env={**os.environ, **ONE_CORE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._listener = threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True)
        self._listener.start()
        missing = self._missing()
        if missing:
            self._end()
            if self._peer.package:
                raise MissingExtra(f"running {self._peer.name}", EXTRA)
            raise SettingError(f"{self._peer.name}: {missing}")
        return self._process

    def _missing(self) -> str | None:
        """Wait until the process is ready; return what keeps it from running."""
        try:
            first = self._answer(START)
        except queue.Empty:
            return f"is not imported after {START:g} seconds"
        return "its process ended at once" if first is None else first.get("missing")

    def _answer(self, seconds: float) -> dict[str, Any] | None:
        """Wait for an answer; None when the process has ended, `queue.Empty` when it takes too long."""
        line = self._answers.get(timeout=seconds)
        return json.loads(line) if line else None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        # A process that the tool itself began may hold the pipe open.
        self._listener.join(timeout=5)
        for pipe in (process.stdin, process.stdout):
            # What could not be written to a dead process is no loss.
            with suppress(OSError):
                pipe.close()


def spec(peer: PagePeer) -> str:
    """Return what `cleaner.lab.page_peers.named` finds a peer by."""
    return peer.name if peer.package else f"{peer.name}={peer.call}"


def _listen(process: Any, answers: queue.SimpleQueue[str]) -> None:
    for line in process.stdout:
        answers.put(line)
    answers.put("")


def _file_name(peer: PagePeer, version: str) -> str:
    slug = re.sub(r"\W+", "-", peer.name)
    # Another setting under the same name must not be taken for this one.
    return f"{slug}-{version}-{sha256(peer.call.encode()).hexdigest()[:8]}.jsonl"


def _drop_unfinished(path: Path) -> None:
    """Cut off a last line that a killed run left without its end."""
    whole = path.read_bytes()
    if not whole.endswith(b"\n"):
        path.write_bytes(whole[: whole.rfind(b"\n") + 1])
