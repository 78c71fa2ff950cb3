import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.errors import InputError, SettingError
from cleaner.lab import gate
from cleaner.lab.gate import check, set_floors
from cleaner.lab.gold import read_gold

RECORD = {
    "id": "a",
    "site": "a.example",
    "kind": "residual",
    "lines": ["Advertisement", "The council met on Monday and voted to close the bridge over the river for a year."],
    "labels": ["ad", "body"],
}


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.jsonl"
    path.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def reached(monkeypatch):
    """Figures by hand in place of a run, to be changed by the test."""
    values = {"balanced": {"body_loss": 0.002, "cruft_removed": 0.8, "label_accuracy": 0.7}}
    monkeypatch.setattr(gate, "figures", lambda _: values)
    return values


def test_floors_are_set_a_step_on_the_safe_side_and_hold(sample, reached):
    floors = sample.with_name("floors.json")
    assert set_floors(floors, sample) == ()
    assert json.loads(floors.read_text("utf-8"))["floors"] == {
        "balanced": {"body_loss": 0.003, "cruft_removed": 0.799, "label_accuracy": 0.699}
    }
    assert check(floors) == ()
    reached["balanced"]["body_loss"] = 0.0031
    (fall,) = check(floors)
    assert str(fall) == "balanced: body loss is 0.31 %, at most 0.30 % is asked"
    reached["balanced"] |= {"body_loss": 0.0, "cruft_removed": 0.79}
    assert [fall.figure for fall in check(floors)] == ["cruft_removed"]


def test_a_floor_is_lowered_only_by_an_explicit_word(sample, reached):
    floors = sample.with_name("floors.json")
    set_floors(floors, sample)
    before = floors.read_text("utf-8")
    reached["balanced"]["cruft_removed"] = 0.7
    with pytest.raises(SettingError, match=r"cruft removed is 69\.90 %.*--lower-floors"):
        set_floors(floors, sample)
    assert floors.read_text("utf-8") == before
    assert [fall.figure for fall in set_floors(floors, sample, lower=True)] == ["cruft_removed"]
    assert check(floors) == ()


def test_floors_rise_without_a_word(sample, reached):
    floors = sample.with_name("floors.json")
    set_floors(floors, sample)
    reached["balanced"]["cruft_removed"] = 0.9
    assert set_floors(floors, sample) == ()
    assert json.loads(floors.read_text("utf-8"))["floors"]["balanced"]["cruft_removed"] == 0.899


def test_another_sample_is_refused(sample, reached):
    floors = sample.with_name("floors.json")
    set_floors(floors, sample)
    sample.write_text(json.dumps(RECORD | {"id": "b"}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="not the sample"):
        check(floors)
    assert reached


NO_FLOORS = {
    "cut": "{",
    "list": "[]",
    "empty": "{}",
    "sample only": '{"sample": "sample.jsonl"}',
    "no rows": '{"sample": "sample.jsonl", "sha256": "", "floors": {"balanced": 3}}',
    "no numbers": '{"sample": "sample.jsonl", "sha256": "", "floors": {"balanced": {"body_loss": null}}}',
    "deep": "[" * 200_000 + "]" * 200_000,
}


@pytest.mark.parametrize("content", NO_FLOORS.values(), ids=NO_FLOORS)
def test_what_holds_no_floors_is_refused(content, sample, reached):
    floors = sample.with_name("floors.json")
    floors.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"floors\.json: holds no floors"):
        check(floors)
    with pytest.raises(InputError, match=r"floors\.json: holds no floors"):
        set_floors(floors, sample, lower=True)
    assert floors.read_text("utf-8") == content
    assert reached


def test_the_rules_are_measured_without_a_model(sample):
    found = gate.figures(gate.read_gold(sample))
    assert set(found) == {"careful", "balanced", "thorough", gate.RULES}
    assert found[gate.RULES] == {"body_loss": 0.0, "cruft_removed": 1.0, "label_accuracy": 1.0}


def test_a_gate_that_fell_exits_with_3(sample, reached):
    floors = sample.with_name("floors.json")
    set_floors(floors, sample)
    assert CliRunner().invoke(main, ["evaluate", "--gate", str(floors)]).exit_code == 0
    reached["balanced"]["cruft_removed"] = 0.1
    fallen = CliRunner().invoke(main, ["evaluate", "--gate", str(floors)])
    assert fallen.exit_code == 3
    assert "balanced: cruft removed is 10.00 %, at least 79.90 % is asked" in fallen.stderr


def test_evaluate_wants_labels_or_a_gate():
    assert CliRunner().invoke(main, ["evaluate"]).exit_code == 2


@pytest.mark.parametrize("name", ["gate.jsonl", "held_out.jsonl"])
def test_documents_to_measure_on_teach_nothing(name):
    folder = Path(__file__).parents[2] / "models" / "annotations"
    held, taught = ((folder / file).read_text("utf-8").splitlines() for file in (name, "written.jsonl"))
    sites = [{json.loads(line)["site"] for line in lines} for lines in (held, taught)]
    assert len(held) > 50
    assert not sites[0] & sites[1]


def test_the_documents_held_out_can_be_read():
    documents = read_gold(Path(__file__).parents[2] / "models" / "annotations" / "held_out.jsonl")
    assert len(documents) == 746
    assert len({document.lang for document in documents}) == 26
    assert sum(len(line.spans) for document in documents for line in document.lines) > 400
