"""The commands of `docs/corpora.md`, run as they stand there."""

import csv
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = "The city council of Halden voted on Monday to close the old bridge.\nAdvertisement\nWork begins in April.\n"
PAGE = (
    "<html><body><h1>The bridge</h1><p>The council voted on Monday to close it.</p><p>Advertisement</p></body></html>"
)

# Installs and containers need a network and an engine.
NOT_RUN = ("pip ", "docker ")


def commands():
    blocks = re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "docs" / "corpora.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith(NOT_RUN)]


def archive(pages):
    """A web archive with one response a page."""
    out = b""
    for number, page in enumerate(pages):
        content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.example.org/{number}\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        out += gzip.compress(head.encode() + content + b"\r\n\r\n")
    return out


@pytest.fixture
def here(tmp_path):
    """A folder with everything that the page speaks of."""
    for folder in ("shards", "raw"):
        (tmp_path / folder).mkdir()
    lines = "".join(json.dumps({"id": f"https://a.example/{number}", "text": TEXT}) + "\n" for number in range(3))
    (tmp_path / "shards" / "a.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "shards" / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "shards" / "c.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "raw" / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "pages.jsonl").write_text(json.dumps({"html": PAGE}) + "\n", encoding="utf-8")
    (tmp_path / "crawl.warc.gz").write_bytes(archive([PAGE]))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_every_command_runs_as_it_stands_there(here):
    pytest.importorskip("fastwarc")
    program = here / "bin" / "cleaner"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cleaner "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = "\n".join(["set -e", *commands()])
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", script], cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in (
        "clean/a.jsonl.report.jsonl",
        "clean/report.jsonl",
        "clean/manifest.json",
        "a-clean.jsonl.manifest.json",
    ):
        assert (here / name).exists(), name
    assert not (here / "clean" / "rejects.jsonl").exists()
    assert (here / "original" / "a.jsonl").read_bytes() == (here / "shards" / "a.jsonl").read_bytes()
    assert json.loads((here / "crawl.jsonl.gz").exists() and gzip.decompress((here / "crawl.jsonl.gz").read_bytes()))
    rows = list(csv.DictReader((here / "stats.csv").read_text("utf-8").splitlines()))
    told = json.loads((here / "stats.json").read_text("utf-8"))
    page = (ROOT / "docs" / "corpora.md").read_text("utf-8")
    assert told["documents"] == 7
    assert all(f"`{row['table']}`" in page for row in rows)


def test_the_keys_of_reports_are_told(here):
    """Every key that a report of these documents has stands on the page."""
    page = (ROOT / "docs" / "corpora.md").read_text("utf-8")
    command = [sys.executable, "-m", "cleaner", "clean", "shards", "-o", "clean", "--no-model"]
    subprocess.run(command, cwd=here, check=True, capture_output=True)
    reports = [*(here / "clean").glob("*report.jsonl")]
    assert reports
    for report in reports:
        for row in map(json.loads, report.read_text("utf-8").splitlines()):
            assert all(f"`{key}`" in page for key in [*row, *row["removed"][0]])
