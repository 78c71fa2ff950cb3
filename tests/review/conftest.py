import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.corpus import Reading
from cleaner.review import Most, gather

PROSE = [
    "The city council of Halden voted on Monday to close the old bridge for repairs, officials said.",
    "Engineers had warned for years that the steel supports were badly corroded and could fail.",
    "Work is expected to begin in April and to end in the autumn, if the river allows it.",
]
ARTICLES = {
    "a.txt": f"Bridge to close\n{PROSE[0]}\nShare this article\n{PROSE[1]}\nREAD: Where to park now\n",
    "b.txt": f"{PROSE[2]}\nAdvertisement\n{PROSE[0]} Click here to subscribe to our newsletter.\n",
    "c.txt": f"By Jane Doe\n{PROSE[1]}\n{PROSE[2]}\n",
}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "news"
    place.mkdir()
    for name, text in ARTICLES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def pool(folder):
    return gather(Cleaner(), [folder], Reading(), most=Most(100))


class Review:
    """A review in a process of its own."""

    def __init__(self, process, log):
        self.process, self.log = process, log
        while not (found := re.search(r"Review on (http://\S+);", self.words())):
            if process.poll() is not None:
                raise AssertionError(self.words())
            time.sleep(0.02)
        self.url = found[1]
        self.port = int(self.url.rpartition(":")[2])

    def words(self):
        return self.log.read_text("utf-8")

    def kill(self):
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(timeout=60)


@contextmanager
def running(*args):
    with tempfile.TemporaryDirectory() as place:
        log = Path(place, "log")
        with log.open("wb") as words:
            command = [sys.executable, "-m", "cleaner", "review", "--port", "0", *map(str, args)]
            process = subprocess.Popen(command, stdout=words, stderr=words)
        try:
            yield Review(process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@pytest.fixture
def start():
    pytest.importorskip("starlette")
    pytest.importorskip("uvicorn")
    return running
