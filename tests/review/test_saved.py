import json

import pytest

from cleaner.errors import InputError, OutputError
from cleaner.lab.gold import read_gold
from cleaner.review import SavedLabels


def record(name, label="body"):
    return {
        "id": name,
        "source": "review",
        "digest": "d",
        "lines": [f"Line {name} \ud800 ü."],
        "labels": [label],
        "spans": [],
    }


def key(name):
    return f"{name} d"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "labels.jsonl"


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_record_is_in_the_file_at_once_and_read_again(path):
    saved = SavedLabels(path)
    for name in "abc":
        saved.save(key(name), record(name))
        assert lines(path)[-1] == record(name)
    assert SavedLabels(path).records == saved.records
    assert [document.id for document in read_gold(path)] == ["a", "b", "c"]


def test_a_record_saved_again_takes_the_place_of_the_first_and_is_the_last(path):
    saved = SavedLabels(path)
    for name, label in (("a", "body"), ("b", "body"), ("a", "ad")):
        saved.save(key(name), record(name, label))
    assert lines(path) == [record("b"), record("a", "ad")]


def test_a_record_taken_back_is_gone(path):
    saved = SavedLabels(path)
    saved.save(key("a"), record("a"))
    saved.save(key("b"), record("b"))
    assert saved.take_back(key("a")) == record("a")
    assert lines(path) == [record("b")]
    assert list(SavedLabels(path).records) == [key("b")]


def test_records_of_other_makers_with_the_same_id_stay(path):
    path.parent.mkdir()
    others = [{key: value for key, value in record("a", label).items() if key != "digest"} for label in ("body", "ad")]
    path.write_text("".join(json.dumps(one) + "\n" for one in others), "utf-8")
    saved = SavedLabels(path)
    saved.save(key("b"), record("b"))
    saved.take_back(key("b"))
    assert lines(path) == others


def test_what_training_would_refuse_is_not_saved(path):
    saved = SavedLabels(path)
    with pytest.raises(InputError, match="unknown label"):
        saved.save(key("a"), record("a", "adverts"))
    assert not path.exists()
    assert saved.records == {}


def test_drafts_are_kept_until_their_document_is_saved(path):
    saved = SavedLabels(path)
    saved.keep_draft(key("a"), {"labels": ["ad"]})
    assert SavedLabels(path).drafts == {key("a"): {"labels": ["ad"]}}
    saved.save(key("a"), record("a"))
    assert SavedLabels(path).drafts == {}
    assert [file.name for file in path.parent.iterdir()] == ["labels.jsonl"]


@pytest.mark.parametrize("left", [1, 7, 40, -2])
def test_a_line_that_was_never_whole_is_taken_off(path, left):
    saved = SavedLabels(path)
    saved.save(key("a"), record("a"))
    whole = path.read_bytes()
    saved.save(key("b"), record("b"))
    line = path.read_bytes()[len(whole) :]
    broken = whole + line[:left]
    path.write_bytes(broken)
    again = SavedLabels(path)
    assert (list(again.records), again.cut) == ([key("a")], len(broken) - len(whole))
    again.save(key("b"), record("b"))
    assert lines(path) == [record("a"), record("b")]


def test_a_last_record_without_line_end_is_kept(path):
    path.parent.mkdir()
    path.write_text(json.dumps(record("a")))
    saved = SavedLabels(path)
    assert saved.cut == 0
    saved.save(key("b"), record("b"))
    assert lines(path) == [record("a"), record("b")]


OTHERS = ["An article.\nAnother line", '{"id": "a", "text": "x"}\n', "[1]\n", "7", '{"id": "a"}\n{"id": ', "word"]
OTHERS += ['{"id": ' + "[" * 200_000 + end for end in ("", "\n")]


@pytest.mark.parametrize("text", OTHERS, ids=range(len(OTHERS)))
def test_a_file_that_holds_something_else_is_refused_and_not_touched(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(InputError, match="-o"):
        SavedLabels(path)
    assert path.read_text() == text


def test_drafts_that_are_none_are_told(path):
    path.parent.mkdir()
    drafts = path.with_name("labels.jsonl.drafts.json")
    for text in ("{", "[]", "[" * 200_000):
        drafts.write_text(text)
        with pytest.raises(InputError, match="move it away"):
            SavedLabels(path)
    drafts.unlink()
    drafts.mkdir()
    with pytest.raises(InputError, match="move it away"):
        SavedLabels(path)


def test_a_place_that_cannot_be_written_is_told_and_nothing_counts_as_saved(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    saved = SavedLabels(tmp_path / "labels.jsonl")
    saved.path = blocker / "labels.jsonl"
    with pytest.raises(OutputError):
        saved.save(key("a"), record("a"))
    assert saved.records == {}


def test_a_disk_that_gets_full_leaves_no_half_line(path):
    resource = pytest.importorskip("resource")
    saved = SavedLabels(path)
    saved.save(key("a"), record("a"))
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, limits[1]))
    try:
        with pytest.raises(OutputError, match="File too large"):
            saved.save(key("b"), record("b"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert list(saved.records) == [key("a")]
    saved.save(key("b"), record("b"))
    assert lines(path) == [record("a"), record("b")]
