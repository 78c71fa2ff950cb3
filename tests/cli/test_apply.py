import json
import os
import signal
import time

import pytest

from cleaner.corpus import Applied
from cleaner.corpus.formats import jsonl_parts


@pytest.fixture
def annotated(run, tmp_path, dirty, monkeypatch):
    """Records in several blocks, with annotations of which the last tells of another text; the clock runs fast."""
    text = json.dumps({"text": dirty}) + "\n"
    (tmp_path / "in.jsonl").write_text(text * 2_500, encoding="utf-8")
    run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "notes.jsonl", "--annotate")
    (tmp_path / "in.jsonl").write_text(text * 2_499 + json.dumps({"text": "Another."}) + "\n", encoding="utf-8")
    monkeypatch.setattr(jsonl_parts, "PART", 1 << 17)
    monkeypatch.setattr("cleaner.corpus.blocks.PART", 1 << 17)
    clock = iter(range(0, 10**9, 60))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    return ("apply", tmp_path / "in.jsonl", "--annotations", tmp_path / "notes.jsonl", "-o", tmp_path / "out.jsonl")


def test_a_run_that_breaks_off_leaves_nothing_and_promises_nothing(run, annotated, tmp_path):
    before = sorted(tmp_path.iterdir())
    result = run(*annotated)
    assert result.exit_code == 1
    assert "in.jsonl, line 2500: " in result.stderr
    assert "--resume" not in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_polite_kill_leaves_nothing(run, annotated, tmp_path, monkeypatch):
    def killed(*_):
        os.kill(os.getpid(), signal.SIGTERM)
        yield from ()

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(Applied, "clean_many", killed)
    heard = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        assert run(*annotated).exit_code == 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, heard)
    assert sorted(tmp_path.iterdir()) == before


def test_annotations_are_not_overwritten(run, tmp_path, dirty):
    source, notes = tmp_path / "in.jsonl", tmp_path / "notes.jsonl"
    source.write_text(json.dumps({"text": dirty}) + "\n", encoding="utf-8")
    run("clean", source, "-o", notes, "--annotate")
    before = notes.read_bytes()
    for words in (("-o", notes), ("-o", tmp_path / "out.jsonl", "--report", notes)):
        result = run("apply", source, "--annotations", notes, *words)
        assert result.exit_code == 1
        assert "notes.jsonl: is the input itself; choose another output" in result.stderr
    assert notes.read_bytes() == before
