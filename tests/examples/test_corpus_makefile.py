"""The Makefile of `examples/corpus`: what was changed is done again, and nothing else."""

import csv
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "corpus"
TEXT = "The city council of Halden voted on Monday to close the old bridge.\nAdvertisement\nWork begins in April, {}.\n"

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def shard(path, word):
    lines = [json.dumps({"id": f"{number}", "text": TEXT.format(word)}) for number in range(3)]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


@pytest.fixture
def build(tmp_path):
    """Three raw shards, and a way to run make on them that returns the shards cleaned anew."""
    for name in ("a", "b", "c"):
        shard(tmp_path / "raw" / f"{name}.jsonl.gz", name)

    def run(options="--no-model"):
        command = ["make", "-C", FOLDER, f"RAW={tmp_path}/raw", f"OUT={tmp_path}/build", f"OPTIONS={options}"]
        command.append(f"CLEANER={sys.executable} -m cleaner")
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        lines = [line.split() for line in done.stdout.splitlines() if " cleaner clean " in line]
        return sorted(Path(line[line.index("clean") + 1]).name[0] for line in lines)

    return run


def documents(tmp_path):
    rows = csv.DictReader((tmp_path / "build" / "stats.csv").read_text("utf-8").splitlines())
    return next(int(row["value"]) for row in rows if row["measure"] == "documents" and row["table"] == "total")


def test_only_what_changed_is_done_again(build, tmp_path):
    assert build() == ["a", "b", "c"]
    assert documents(tmp_path) == 9
    assert build() == []
    shard(tmp_path / "raw" / "b.jsonl.gz", "other")
    shard(tmp_path / "raw" / "d.jsonl.gz", "new")
    assert build() == ["b", "d"]
    assert documents(tmp_path) == 12
    clean = gzip.decompress((tmp_path / "build" / "clean" / "b.jsonl.gz").read_bytes()).decode()
    assert clean.count("in April, other.") == 3
    assert "Advertisement" not in clean
    assert len((tmp_path / "build" / "sizes.txt").read_text("utf-8").splitlines()) == 4


def test_other_options_do_all_again(build):
    assert build() == ["a", "b", "c"]
    assert build("--no-model --mode careful") == ["a", "b", "c"]
    assert build("--no-model --mode careful") == []


def test_a_clean_shard_that_is_gone_is_made_again(build, tmp_path):
    build()
    (tmp_path / "build" / "clean" / "c.jsonl.gz").unlink()
    assert build() == ["c"]
    assert (tmp_path / "build" / "clean" / "c.jsonl.gz").exists()


def test_bad_records_do_not_stop_the_build(build, tmp_path):
    raw = tmp_path / "raw" / "a.jsonl.gz"
    raw.write_bytes(raw.read_bytes() + gzip.compress(b"\nbroken\n"))
    assert build() == ["a", "b", "c"]
    assert documents(tmp_path) == 9
    assert (tmp_path / "build" / "clean" / "a.jsonl.gz.rejects.jsonl").exists()
    assert build() == []


def test_a_shard_that_cannot_be_cleaned_stops_the_build(build, tmp_path):
    build()
    raw = tmp_path / "raw" / "a.jsonl.gz"
    raw.write_bytes(b"no gzip at all")
    os.utime(raw)
    with pytest.raises(AssertionError, match="Error 1"):
        build()
