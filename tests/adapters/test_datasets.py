"""Columns of Hugging Face datasets, mapped by the library itself."""

import json
import os
import pickle
import subprocess
import sys

import pytest

from cleaner import Cleaner
from cleaner.adapters.datasets import CleanColumns
from cleaner.errors import InputError

datasets = pytest.importorskip("datasets")

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()


@pytest.fixture
def stored(tmp_path):
    """A dataset that lies on disk, as only such ones are cached."""
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": TEXT, "url": "u"}) + "\n" for n in range(40)), "utf-8")
    return lambda: datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))


def test_a_second_run_finds_the_first_in_the_cache(stored, monkeypatch):
    first = stored().map(CleanColumns(id="id"), batched=True)
    assert set(first["text"]) == {CLEAN}
    assert first[7]["url"] == "u"
    assert json.loads(first[7]["report"])["id"] == "7"
    monkeypatch.setattr(Cleaner, "clean_many", None)
    second = stored().map(CleanColumns(id="id"), batched=True)
    assert second._fingerprint == first._fingerprint
    assert second[:] == first[:]


def test_every_process_makes_the_same_fingerprint():
    code = (
        "from datasets.fingerprint import Hasher; from cleaner.adapters.datasets import CleanColumns; "
        "print(Hasher.hash(CleanColumns(id='id', keep=('caption', 'ad'))))"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_other_settings_are_other_results(stored):
    prints = [
        stored().map(cleaning, batched=True)._fingerprint
        for cleaning in (
            CleanColumns(),
            CleanColumns(mode="careful"),
            CleanColumns(keep=("social",)),
            CleanColumns(report=None),
            CleanColumns(rules_only=True),
        )
    ]
    assert len(set(prints)) == len(prints)


def test_a_batch_without_any_text_does_not_change_the_types():
    texts = datasets.Dataset.from_dict({"text": [None] * 5 + [TEXT] * 5}, features=_features())
    done = texts.map(CleanColumns(), batched=True, batch_size=5)
    assert done["text"][:] == [None] * 5 + [CLEAN] * 5
    assert done.features["text"].dtype == done.features["report"].dtype == "string"


def test_it_streams(stored):
    stream = stored().to_iterable_dataset().map(CleanColumns(), batched=True, batch_size=7)
    rows = list(stream.take(10))
    assert [row["text"] for row in rows] == [CLEAN] * 10


def test_it_pickles_to_its_settings():
    assert len(pickle.dumps(CleanColumns())) < 500


def _features():
    return datasets.Features({"text": datasets.Value("string")})


@pytest.mark.parametrize("text", [TEXT, None])
@pytest.mark.parametrize("streams", [False, True])
def test_one_row_in_the_place_of_a_batch_is_refused(text, streams):
    rows = datasets.Dataset.from_dict({"text": [text]}, features=_features())
    with pytest.raises(InputError, match=r"one row is given where a batch is meant.*batched=True"):
        list((rows.to_iterable_dataset() if streams else rows).map(CleanColumns()))


def test_reports_take_the_place_of_no_column():
    rows = datasets.Dataset.from_dict({"text": [TEXT], "report": ["mine"]})
    with pytest.raises(InputError, match=r"there is a column 'report' already.*report="):
        rows.map(CleanColumns(), batched=True)
    assert rows.map(CleanColumns(report="cleaned"), batched=True).column_names == ["text", "report", "cleaned"]
