import sys

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.errors import MissingExtra
from cleaner.features import grams
from cleaner.lab.samples import sparse
from cleaner.split import split
from cleaner.stack import stack

LABELLED = '{"id": "a", "site": "a.example", "kind": "residual", "lines": ["Share this"], "labels": ["social"]}\n'


@pytest.fixture
def without_scipy(monkeypatch):
    for name in ("scipy", "scipy.sparse", "sklearn"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_scipy")
def test_without_scipy_the_install_line_is_given():
    with pytest.raises(MissingExtra, match=r"cleaner\[train\]"):
        sparse(grams(stack([split("One line.")])))


@pytest.mark.usefixtures("without_scipy")
@pytest.mark.parametrize("words", [["train", "-o", "model"], ["evaluate"]])
def test_commands_that_need_the_extra_say_so(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.jsonl").write_text(LABELLED, encoding="utf-8")
    result = CliRunner().invoke(main, [*words, "labels.jsonl"])
    assert result.exit_code == 1
    assert "training needs an optional package; run: pip install 'cleaner[train]'" in result.stderr
    assert not (tmp_path / "model").exists()
