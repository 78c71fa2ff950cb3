import pytest
from click.testing import CliRunner

from cleaner.cli import main

BODY = (
    "The city council of Halden voted on Monday to close the old bridge for repairs, officials said.\n"
    "Engineers had warned for years that the steel supports were badly corroded and could fail.\n"
)
DIRTY = f"{BODY}Advertisement\nShare this article\nWork is expected to begin in April and to end in the autumn.\n"


@pytest.fixture
def dirty():
    return DIRTY


@pytest.fixture
def run():
    """Run the command line on *args*; the rules judge alone unless a test is about the model."""
    runner = CliRunner()

    def call(*args, stdin=None):
        words = [str(arg) for arg in args]
        if words[0] in ("clean", "explain") and "--model" not in words:
            words.append("--no-model")
        return runner.invoke(main, words, input=stdin, catch_exceptions=False)

    return call


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(DIRTY, encoding="utf-8")
    return path
