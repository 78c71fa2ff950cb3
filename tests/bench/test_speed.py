import json

import pytest

from bench import speed, texts, workloads

RESULT = {
    "documents": 1000,
    "megabytes": 4.0,
    "seconds": 0.5,
    "wall_seconds": 0.5,
    "ready_seconds": 0.25,
    "texts_mb": 20.0,
    "peak_mb": 60.0,
}


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "texts.jsonl"
    texts.write(texts.synthesised(30), path)
    return path


def test_rates_and_ratios_are_worked_out_from_the_same_run():
    slow = {**RESULT, "documents": 100, "megabytes": 0.4, "wall_seconds": 1.0}
    table = speed._rate_table({"cleaner": RESULT, "slow": slow, "absent": {"missing": "not installed"}})
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[4:]]
    assert rows[0] == ["cleaner", "2,000", "8.00", "1.00x", "60", "40", "0.25", "1.00"]
    assert rows[1][:4] == ["slow", "200", "0.80", "10.00x"]
    assert rows[1][-1] == "0.50"
    assert rows[2][1] == "not installed"
    assert table.startswith("1,000 articles of 4.0 KB on one core")


def test_the_start_table_gives_the_import_over_bare_python():
    starts = {
        "import": {"bare_seconds": 0.02, "seconds": 0.12, "over_bare_seconds": 0.1, "heavy": ["sklearn"]},
        "command": {"seconds": 0.3},
    }
    table = speed._start_table(starts)
    assert "| `import cleaner` over bare Python | 100 |" in table
    assert table.endswith("loaded by `import cleaner`: sklearn")


@pytest.mark.parametrize(
    ("name", "documents"), [("cleaner, rules alone", 30), ("datatrove C4 line filter", 30), ("jusText", 3)]
)
def test_a_workload_counts_what_it_ran(sample, name, documents):
    pytest.importorskip("datatrove")
    pytest.importorskip("justext")
    result = workloads.run(name, sample)
    assert result["documents"] == documents
    assert result["seconds"] > 0
    assert result["peak_mb"] >= result["texts_mb"] > 1


def test_every_measurement_runs_in_a_process_of_its_own(sample, monkeypatch):
    monkeypatch.setattr(speed, "WORKLOADS", {"cleaner, rules alone": ()})
    (result,) = speed.throughput(sample, 1).values()
    assert result["documents"] == 30
    assert json.loads(speed.python("-c", "import os; print(os.environ['OMP_NUM_THREADS'])")) == 1


def test_import_time_names_what_is_heavy():
    imported = speed.import_time(1)
    assert imported["heavy"] == []
    assert imported["seconds"] > 0


def test_the_command_is_timed_from_start_to_end(tmp_path):
    assert speed.command_time(tmp_path, 1)["seconds"] > 0
    assert len(list(tmp_path.glob("clean-*.txt"))) == 1


def test_a_failing_child_is_named_with_what_it_said():
    with pytest.raises(RuntimeError, match="no_such_module"):
        speed.python("-c", "import no_such_module")
