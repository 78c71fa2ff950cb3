import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import cleaner.cli
from cleaner.cli import COMMANDS, main
from cleaner.errors import InputError, SettingError


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_has_help(name):
    result = CliRunner().invoke(main, [name, "--help"], prog_name="cleaner")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: cleaner {name} ")


GROUPS = [[name] for name in COMMANDS] + [[], ["sites", "learn"], ["sites", "merge"], ["sites", "show"]]


@pytest.mark.parametrize("words", GROUPS, ids=" ".join)
def test_no_help_is_cut_short_or_speaks_of_types(words):
    output = CliRunner().invoke(main, [*words, "--help"], terminal_width=80).output
    rows = output.splitlines()
    assert max(map(len, rows)) <= 80
    # Three dots stand for "one or more" behind a name; behind a word of a sentence they are what was cut.
    assert not [row for row in rows[1:] if row.endswith("...")]
    assert " RANGE" not in output
    assert "JSONL records" not in output


def test_the_help_names_every_command():
    output = CliRunner().invoke(main, ["--help"]).output
    assert all(f"  {name} " in output for name in COMMANDS)


@pytest.mark.parametrize("number", ["inf", "nan", "-1"])
@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--max-mb"],
        ["serve", "--seconds"],
        ["view", "r.jsonl", "-o", "r.html", "--size"],
        ["clean", "a.txt", "--max-mb"],
        ["clean", "a.txt", "--threshold"],
        ["apply", "a.txt", "--threshold"],
    ],
    ids=" ".join,
)
def test_a_number_that_cannot_be_counted_to_is_a_usage_error(words, number):
    result = CliRunner().invoke(main, [*words, number])
    assert result.exit_code == 2
    assert f"Invalid value for '{words[-1]}'" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["clean", "a.txt", "-o", "out", "--report"],
        ["clean", "a.txt", "-o", "out", "--visible"],
        ["clean", "a.txt", "-o", "out", "--sites"],
        ["apply", "a.txt", "--annotations", "notes", "-o"],
        ["sites", "learn", "a.jsonl", "-o"],
        ["sites", "merge", "a.sites", "-o"],
        ["restore", "clean", "clean", "-o"],
        ["view", "r.jsonl", "-o"],
        ["stats"],
        ["train", "labels.jsonl", "-o"],
        ["train-pages", "pages.jsonl", "--labels", "labels.jsonl", "-o"],
        ["evaluate", "labels.jsonl", "--reports"],
    ],
    ids=" ".join,
)
def test_an_address_where_only_paths_will_do_is_a_usage_error(words, tmp_path, monkeypatch):
    """It would become a folder called `s3:`."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [*words, "s3://bucket/x"])
    assert result.exit_code == 2
    assert "'s3://bucket/x' is an address" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", ["-1", str(2**32 - 1)])
@pytest.mark.parametrize(
    "words", [["train", "-o", "m"], ["train-pages", "-o", "m"], ["adapt", "-o", "m"], ["evaluate"]]
)
def test_a_seed_that_training_cannot_take_is_a_usage_error(words, seed):
    result = CliRunner().invoke(main, [*words, "labels.jsonl", "--seed", seed])
    assert result.exit_code == 2
    assert "Invalid value for '--seed'" in result.stderr


def test_an_unknown_command_is_a_usage_error():
    result = CliRunner().invoke(main, ["polish"])
    assert result.exit_code == 2
    assert "No such command 'polish'" in result.stderr


@pytest.mark.parametrize("error", [InputError("is broken", path="a.txt", place="line 3"), SettingError("nonsense")])
def test_errors_of_ours_become_a_message_and_exit_code_1(monkeypatch, error):
    @click.command()
    def fail():
        raise error

    monkeypatch.setattr(cleaner.cli.LazyGroup, "get_command", lambda *_: fail)
    result = CliRunner().invoke(main, ["fail"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == f"Error: {error}\n"


HEAVY = "import sys; assert not {'sklearn', 'scipy', 'pandas', 'pyarrow'} & set(sys.modules)"


@pytest.mark.parametrize("name", [*COMMANDS, None])
def test_help_loads_nothing_heavy(name):
    words = [name, "--help"] if name else ["--help"]
    code = f"from cleaner.cli import main; main({words!r}, standalone_mode=False); {HEAVY}"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_the_front_door_does_not_load_the_command_line():
    code = f"import cleaner, sys; assert 'click' not in sys.modules; {HEAVY}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_package_runs_as_a_module():
    result = subprocess.run([sys.executable, "-m", "cleaner", "--help"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("Usage: cleaner ")
