import importlib
import json

import pyarrow as pa
import pytest

from cleaner.corpus.dataset_folders import dataset_files, shards
from cleaner.corpus.endings import Format
from cleaner.corpus.formats import Piece, container
from cleaner.corpus.parts import Entry, Mark, Reading
from cleaner.corpus.sources import find
from cleaner.errors import InputError


@pytest.fixture(scope="module")
def datasets():
    module = importlib.import_module("datasets")
    module.disable_progress_bars()
    return module


def rows(count, first=0):
    numbers = range(first, first + count)
    return {
        "id": [f"d{number}" for number in numbers],
        "text": [f"text {number}" for number in numbers],
        "tags": [[{"name": "a", "place": [number]}] for number in numbers],
        "kind": [number % 2 for number in numbers],
    }


def clean(folder, results, *, drop=(), skip=(), **added):
    """Clean every shard and write what a run writes at its end."""
    for source in find([folder]):
        if source.name in skip:
            continue
        form, target = container(source.format), results / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with (results / ".x.part").open("wb") as out:
            for part in form.parts(source, Reading(), Mark()):
                found = form.entries(source, part, Reading())
                pieces = [
                    Piece(entry, entry.document.body.upper(), added=added)
                    for entry in found
                    if isinstance(entry, Entry) and entry.document.id not in drop
                ]
                out.write(form.write(pieces, source, Reading()))
        form.finish(results / ".x.part", target, source)
    for path, data in dataset_files(folder, results):
        path.write_bytes(data)


def made(datasets, count=10, first=0, split=None):
    features = datasets.Features(
        {
            "id": datasets.Value("string"),
            "text": datasets.Value("string"),
            "tags": datasets.List({"name": datasets.Value("string"), "place": datasets.List(datasets.Value("int64"))}),
            "kind": datasets.ClassLabel(names=["x", "y"]),
        }
    )
    return datasets.Dataset.from_dict(rows(count, first), features=features, split=split)


def test_a_dataset_comes_out_as_a_dataset(tmp_path, datasets):
    before = made(datasets)
    before.save_to_disk(tmp_path / "in", num_shards=3)
    clean(tmp_path / "in", tmp_path / "out", drop=["d4"])
    after = datasets.load_from_disk(tmp_path / "out")
    assert after.features == before.features
    assert after["text"] == [f"TEXT {number}" for number in range(10) if number != 4]
    assert after.remove_columns("text")[:] == before.remove_columns("text").select([0, 1, 2, 3, 5, 6, 7, 8, 9])[:]
    assert len(shards(tmp_path / "out")) == 3


def test_added_columns_become_features(tmp_path, datasets):
    made(datasets).save_to_disk(tmp_path / "in", num_shards=2)
    added = {"text_original": "o", "labels": ["ad"], "line_scores": [[0, 3, 0.5]], "metadata": {"title": "t"}}
    clean(tmp_path / "in", tmp_path / "out", **added)
    after = datasets.load_from_disk(tmp_path / "out")
    assert after.features["text_original"] == datasets.Value("string")
    assert after.features["labels"] == datasets.List(datasets.Value("string"))
    assert after.features["line_scores"] == datasets.List(datasets.List(datasets.Value("float64")))
    assert after[3]["line_scores"] == [[0, 3, 0.5]]
    assert after[9]["metadata"]["title"] == "t"
    assert after.features["kind"].names == ["x", "y"]


def test_the_splits_of_a_dict_come_out_as_such(tmp_path, datasets):
    whole = datasets.DatasetDict({"train": made(datasets, 6), "test": made(datasets, 2, first=6)})
    whole.save_to_disk(tmp_path / "in")
    clean(tmp_path / "in", tmp_path / "out")
    after = datasets.load_from_disk(tmp_path / "out")
    assert {name: len(split) for name, split in after.items()} == {"train": 6, "test": 2}
    assert after["test"]["text"] == ["TEXT 6", "TEXT 7"]


def test_sizes_and_splits_are_told_anew(tmp_path, datasets):
    for name, count in (("train", 6), ("test", 2)):
        made(datasets, count, split=name).save_to_disk(tmp_path / "in" / name)
        path = tmp_path / "in" / name / "dataset_info.json"
        splits = {
            other: {"name": other, "num_bytes": 1, "num_examples": 99, "shard_lengths": [50, 49], "dataset_name": "x"}
            for other in ("train", "test", "gone")
        }
        told = json.loads(path.read_bytes()) | {"splits": splits, "dataset_size": 3, "size_in_bytes": 13}
        path.write_text(json.dumps(told | {"download_size": 10}))
    (tmp_path / "in" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    clean(tmp_path / "in", tmp_path / "out", drop=["d5"])
    info = json.loads((tmp_path / "out" / "train" / "dataset_info.json").read_bytes())
    assert {name: split["num_examples"] for name, split in info["splits"].items()} == {
        "train": 5,
        "test": 2,
        "gone": 99,
    }
    assert info["splits"]["train"]["shard_lengths"] == [5]
    assert info["dataset_size"] == sum(split["num_bytes"] for split in info["splits"].values())
    assert info["size_in_bytes"] == info["dataset_size"] + 10
    assert datasets.load_from_disk(tmp_path / "out")["train"].info.splits["train"].num_examples == 5


def test_the_fingerprint_is_that_of_the_cleaned_rows(tmp_path, datasets):
    made(datasets).save_to_disk(tmp_path / "in")
    prints = []
    for name, drop in (("one", []), ("two", []), ("three", ["d1"])):
        clean(tmp_path / "in", tmp_path / name, drop=drop)
        prints.append(datasets.load_from_disk(tmp_path / name)._fingerprint)
    before = datasets.load_from_disk(tmp_path / "in")._fingerprint
    assert prints[0] == prints[1]
    assert len({before, *prints}) == 3


def test_a_shard_that_did_not_come_through_is_not_named(tmp_path, datasets):
    made(datasets).save_to_disk(tmp_path / "in", num_shards=2)
    clean(tmp_path / "in", tmp_path / "out", skip=["data-00000-of-00002.arrow"])
    assert datasets.load_from_disk(tmp_path / "out")["id"] == [f"d{number}" for number in range(5, 10)]


def test_a_split_that_did_not_come_through_is_not_named(tmp_path, datasets):
    datasets.DatasetDict({"train": made(datasets, 6), "test": made(datasets, 2)}).save_to_disk(tmp_path / "in")
    clean(tmp_path / "in", tmp_path / "out", skip=["test/data-00000-of-00001.arrow"])
    assert list(datasets.load_from_disk(tmp_path / "out")) == ["train"]


def test_a_shard_that_lost_all_its_rows_does_not_stop_the_others(tmp_path, datasets):
    made(datasets, 4).save_to_disk(tmp_path / "in", num_shards=2)
    clean(tmp_path / "in", tmp_path / "out", drop=["d0", "d1"], labels=["x"])
    assert datasets.load_from_disk(tmp_path / "out")["labels"] == [["x"], ["x"]]


def test_a_dataset_that_lost_all_its_rows_is_still_one(tmp_path, datasets):
    before = made(datasets, 2)
    before.save_to_disk(tmp_path / "in", num_shards=2)
    clean(tmp_path / "in", tmp_path / "out", drop=["d0", "d1"])
    after = datasets.load_from_disk(tmp_path / "out")
    assert (len(after), after.features) == (0, before.features)


def test_caches_in_the_folder_of_a_dataset_are_no_data(tmp_path, datasets):
    made(datasets).save_to_disk(tmp_path / "in")
    shard = tmp_path / "in" / "data-00000-of-00001.arrow"
    (tmp_path / "in" / "cache-1234.arrow").write_bytes(shard.read_bytes())
    (source,) = find([tmp_path / "in"])
    assert (source.name, source.format) == ("data-00000-of-00001.arrow", Format.ARROW)


def test_a_folder_without_datasets_needs_no_such_files(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    assert dataset_files(tmp_path, tmp_path / "out") == []


def test_arrow_files_without_a_state_are_all_data(tmp_path):
    for name in ("a.arrow", "state.json"):
        (tmp_path / name).write_bytes(b"{}")
    assert [source.name for source in find([tmp_path])] == ["a.arrow"]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no JSON object"),
        ("{}", "names no data files"),
        ('{"_data_files": [], "_indices_data_files": [{"filename": "i"}]}', "picks rows of its files by an index"),
    ],
)
def test_a_damaged_state_is_named(tmp_path, state, message):
    (tmp_path / "state.json").write_text(state)
    (tmp_path / "dataset_info.json").write_text("{}")
    with pytest.raises(InputError, match=message):
        shards(tmp_path)


def test_a_state_leads_to_no_other_folder(tmp_path):
    files = [{"filename": "../a.arrow"}, {"filename": "/etc/a.arrow"}, {"filename": "b.arrow"}]
    (tmp_path / "state.json").write_text(json.dumps({"_data_files": files}))
    (tmp_path / "dataset_info.json").write_text("{}")
    assert shards(tmp_path) == ("b.arrow",)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("state.json", {"_format_columns": 5}),
        ("dataset_info.json", {"splits": ["train"]}),
        ("dataset_info.json", {"splits": {"train": 5}, "dataset_size": 5}),
        ("dataset_info.json", {"features": 5}),
        ("dataset_info.json", {"dataset_size": 5, "size_in_bytes": 5, "download_size": "5"}),
    ],
)
def test_settings_that_hold_something_else_are_named(tmp_path, name, told):
    data = pa.table({"text": ["words"]})
    for folder in (tmp_path / "in", tmp_path / "out"):
        folder.mkdir()
        with pa.ipc.new_stream(folder / "a.arrow", data.schema) as file:
            file.write_table(data)
    known = {"state.json": {"_data_files": [{"filename": "a.arrow"}]}, "dataset_info.json": {}}
    for file, usual in known.items():
        content = {**usual, **told} if file == name else usual
        (tmp_path / "in" / file).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(
        InputError, match=f"{name}: is not made as that of a saved dataset is .*; save the dataset anew"
    ):
        dataset_files(tmp_path / "in", tmp_path / "out")
