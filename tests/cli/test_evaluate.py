import pytest
from click.testing import CliRunner

from cleaner.cli import evaluate as command
from cleaner.cli import main

MODEL, GATE = ["labels.jsonl", "--model", "m"], ["--gate", "floors.json"]
TRAINING = [["--reports", "r"], ["--publish", "p"], ["--peers"], ["--errors", "e"], ["--teach", "t"], ["--seed", "0"]]
SETTING = [["--set-floors", "s.jsonl"], ["--lower-floors"]]


@pytest.mark.parametrize(
    ("way", "stray"),
    [
        *((MODEL, stray) for stray in TRAINING + SETTING),
        *((GATE, stray) for stray in [*TRAINING, ["--model", "m"], ["--lower-floors"]]),
        *(([*GATE, "--set-floors", "s.jsonl"], stray) for stray in [*TRAINING, ["--model", "m"]]),
        *((["labels.jsonl"], stray) for stray in SETTING),
    ],
    ids=" ".join,
)
def test_an_option_that_would_come_to_nothing_is_a_usage_error(way, stray):
    done = CliRunner().invoke(main, ["evaluate", *way, *stray])
    assert done.exit_code == 2
    assert f"'{stray[0]}' is of no use to" in done.stderr


def test_the_gate_takes_no_labels():
    done = CliRunner().invoke(main, ["evaluate", "labels.jsonl", *GATE])
    assert done.exit_code == 2
    assert "LABELS" in done.stderr


@pytest.mark.parametrize(
    ("words", "does"),
    [
        (GATE, "_gate"),
        ([*GATE, "--set-floors", "s.jsonl"], "_gate"),
        ([*GATE, "--set-floors", "s.jsonl", "--lower-floors"], "_gate"),
        ([*MODEL, "--model", "n"], "_compare"),
        (["labels.jsonl"], "_validate"),
        (["labels.jsonl", *(word for words in TRAINING for word in words)], "_validate"),
    ],
    ids=" ".join,
)
def test_what_belongs_together_is_taken(words, does, monkeypatch):
    called = []
    for name in ("_gate", "_compare", "_validate"):
        monkeypatch.setattr(command, name, lambda *_, name=name, **__: called.append(name))
    assert CliRunner().invoke(main, ["evaluate", *words], catch_exceptions=False).exit_code == 0
    assert called == [does]
