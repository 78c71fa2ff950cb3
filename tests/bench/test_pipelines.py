"""The benchmark of fronts runs, counts what comes out and lays it out."""

import json
import subprocess
import sys

import pytest

from bench import pipelines, texts


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "texts.jsonl"
    texts.write(texts.synthesised(30), path)
    return path


@pytest.mark.parametrize("name", pipelines.FRONTS)
def test_every_front_of_one_process_is_timed(name, sample):
    command = [sys.executable, "-m", "bench.pipelines", name, str(sample)]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert result["documents"] == 30
    assert result["seconds"] > 0


def test_a_front_that_loses_documents_is_no_front(sample, monkeypatch):
    monkeypatch.setitem(pipelines.FRONTS, "lossy", lambda: lambda given: len(given) // 2)
    with pytest.raises(RuntimeError, match="15 of 30 documents"):
        pipelines.measure("lossy", sample)


def test_the_table_gives_time_over_the_plain_run():
    results = {
        "plain": {"documents": 100, "seconds": 2.0},
        "slower": {"documents": 100, "seconds": 2.5},
        "absent": {"missing": "pip install it"},
    }
    rows = pipelines.table(results, "seconds", "plain").splitlines()
    assert rows[2].split("|")[2].strip() == "50"
    assert "+25%" in rows[3]
    assert "pip install it" in rows[4]
