"""The benchmark of fronts runs, counts what comes out and lays it out."""

import json
import subprocess
import sys
import time

import pytest

from bench import pipeline_runs, pipelines, texts
from bench.pipeline_runs import TWO_PROCESSES, WITH_REPORTS


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "texts.jsonl"
    texts.write(texts.synthesised(30), path)
    return path


@pytest.mark.parametrize("name", [*pipeline_runs.FRONTS, TWO_PROCESSES])
def test_every_front_of_this_machine_alone_is_timed(name, sample):
    command = [sys.executable, "-m", "bench.pipeline_runs", name, str(sample)]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert result["documents"] == 30
    assert result["seconds"] > 0


def test_a_front_that_loses_documents_is_no_front(sample, monkeypatch):
    lossy = pipeline_runs.Front(lambda given: len(given) // 2)
    monkeypatch.setitem(pipeline_runs.FRONTS, "lossy", lambda: lossy)
    with pytest.raises(RuntimeError, match="15 of 30 documents"):
        pipeline_runs.measure("lossy", sample)


def test_a_front_whose_package_is_missing_says_so(sample, monkeypatch):
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert "fastapi" in pipeline_runs.figures("service, one document a request", sample)["missing"]


def test_processor_seconds_are_also_those_of_the_processes_that_were_started():
    code = "import sys\nfor _ in sys.stdin: print(sum(range(3_000_000)), flush=True)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        for _ in range(20):
            other.stdin.write(b"\n")
            other.stdin.flush()
            other.stdout.readline()
        of_others = pipeline_runs.processor_seconds() - time.process_time()
        other.stdin.close()
    assert of_others > 0.1


def test_shards_hold_every_text_once(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    shards = pipeline_runs._Shards(tmp_path, 3)
    raw, clean = shards.lay(list("abcdefgh"))
    assert sorted(parquet.read_table(raw).column("text").to_pylist()) == list("abcdefgh")
    assert raw != clean
    assert not {raw, clean} & set(shards.lay(["a"]))
    assert pipeline_runs._rows(raw) == 8


def test_the_table_of_fronts_gives_time_over_the_plain_run():
    results = {
        WITH_REPORTS: {"documents": 100, "seconds": 2.0},
        "slower": {"documents": 100, "seconds": 2.5},
        "absent": {"missing": "pip install it"},
    }
    rows = pipelines.front_table(results).splitlines()
    assert rows[2].split("|")[2].strip() == "50"
    assert "+25%" in rows[3]
    assert "pip install it" in rows[4]


def test_the_table_of_engines_compares_with_as_many_processes_and_takes_the_start_off():
    def result(seconds, wall, start=0.0):
        times = {"seconds": seconds, "wall_seconds": wall, "start_seconds": start, "start_wall_seconds": start}
        return {"documents": 100, **times}

    results = {
        WITH_REPORTS: result(8.0, 8.0),
        "Ray, 1 worker": result(14.0, 14.0, start=4.0),
        TWO_PROCESSES: result(8.0, 4.0),
        "Ray, 2 workers": result(14.0, 9.0, start=4.0),
        "Spark, 2 workers": {"missing": "no Java"},
    }
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in pipelines.engine_table(results).splitlines()[2:]]
    assert rows[1] == ["Ray, 1 worker", "10", "+25%", "+25%", "4.0", "1.0"]
    assert rows[3] == ["Ray, 2 workers", "20", "+25%", "+25%", "4.0", "1.6"]
    assert rows[4][:2] == ["Spark, 2 workers", "no Java"]
    assert rows[0][2:4] == rows[2][2:4] == ["", ""]


def test_fronts_that_are_chosen_bring_what_they_are_compared_with():
    assert pipelines.chosen(list(pipeline_runs.FRONTS), ["Polars"]) == [WITH_REPORTS, "Polars"]
    assert pipelines.chosen(list(pipeline_runs.ENGINES), ["Ray, 2 workers"]) == [TWO_PROCESSES, "Ray, 2 workers"]
    assert pipelines.chosen(list(pipeline_runs.ENGINES), ["Polars"]) == []
    assert pipelines.chosen(list(pipeline_runs.FRONTS), None) == list(pipeline_runs.FRONTS)


def test_one_front_is_run_alone(capsys, tmp_path):
    found = tmp_path / "found.json"
    arguments = ["--only", "pandas", "--documents", "30", "--repeats", "1", "--json", str(found)]
    assert pipelines.main(arguments) == 0
    assert "30 articles, by processor seconds" in capsys.readouterr().out
    assert set(json.loads(found.read_text("utf-8"))["fronts"]) == {WITH_REPORTS, "pandas"}
