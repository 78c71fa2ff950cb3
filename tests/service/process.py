"""A service in a process of its own, as `cleaner serve` starts it."""

import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

COMMAND = "from cleaner.cli import main; main()"


class Service:
    """A service in a process of its own."""

    def __init__(self, process, log):
        self.process = process
        self.log = log
        self.url = self._address()
        self.port = int(self.url.rpartition(":")[2])

    def _address(self):
        while self.process.poll() is None:
            if found := re.search(r"Serving on (http://\S+);", self.words()):
                return found[1]
            time.sleep(0.02)
        raise AssertionError(self.words())

    def words(self):
        return self.log.read_text("utf-8")

    def get(self, path):
        return httpx.get(self.url + path, timeout=60)

    def post(self, path, value, **more):
        return httpx.post(self.url + path, json=value, timeout=60, **more)

    def send(self, path, body, **headers):
        """Send bytes as they are."""
        return httpx.post(
            self.url + path, content=body, headers={"content-type": "application/json", **headers}, timeout=60
        )

    @contextmanager
    def unfinished(self):
        """Begin a request that lacks the last byte of its body."""
        body = b'{"text": "Hello."'
        lines = ["POST /clean HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        head = "\r\n".join([*lines, f"Content-Length: {len(body) + 1}", "", ""])
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(head.encode() + body)
            yield line

    def until_logged(self, count):
        """Wait for the lines of so many requests: each is written while its answer is on its way."""
        while len(re.findall(r" \d+ ms\n", self.words())) < count:
            time.sleep(0.01)

    def until_held(self, count=1):
        while self.get("/health").json()["held"] < count:
            time.sleep(0.01)

    def until_closed(self):
        with suppress(httpx.TransportError):
            while self.get("/health"):
                time.sleep(0.01)

    def until_free(self):
        while self.get("/health").json()["held"]:
            time.sleep(0.01)


@contextmanager
def running(*args, before=""):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as words:
            process = subprocess.Popen(
                [sys.executable, "-c", before + COMMAND, "serve", "--port", "0", *args], stdout=words, stderr=words
            )
        try:
            yield Service(process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
