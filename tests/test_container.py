"""The Dockerfile, as far as can be told without an engine that builds it."""

import shlex
from pathlib import Path

ROOT = Path(__file__).parents[1]


def instructions():
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, shlex.split(rest)) for name, rest in lines]


def test_everything_that_is_copied_is_there_and_let_through():
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"}
    copied = {
        word for name, words in instructions() if name == "COPY" and "--from=build" not in words for word in words[:-1]
    }
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_the_command_runs_as_an_ordinary_user():
    last = dict(instructions())
    assert last["USER"] == ["1000:1000"]
    assert last["ENTRYPOINT"] == ["[cleaner]"]
    assert all("slim" in words[0] for name, words in instructions() if name == "FROM")
