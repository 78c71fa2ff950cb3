import pytest

from cleaner.errors import InputError
from cleaner.lab.gold import read_gold
from cleaner.labels import LABELS
from cleaner.review import SavedLabels
from cleaner.review.session import KEYS, Session


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.jsonl"


@pytest.fixture
def session(pool, path):
    return Session(pool, SavedLabels(path), "en")


def machine(session, number):
    return session.document(number)["machine"]


def changed(session, number):
    """Decisions that differ from the machine's in the first line."""
    found = machine(session, number)
    label = "caption" if found["labels"][0] != "caption" else "legal"
    return {"labels": [label, *found["labels"][1:]], "parts": [part for part in found["parts"] if part[0] != 0]}


def test_every_label_has_a_letter_of_its_own_name_and_no_command_has_it():
    assert len(set(KEYS.values())) == len(LABELS) == len(KEYS)
    assert all(key in label for label, key in KEYS.items())
    assert not set(KEYS.values()) & set("jkpqz")


def test_the_loop_from_first_to_last_and_back(session, pool, path):
    assert session.state()["next"] == 0
    for number in range(3):
        session.accept(number, machine(session, number))
        state = session.state()
        assert (state["done"], state["last"]) == (number + 1, number)
    assert state["next"] is None
    assert [document.id for document in read_gold(path)] == [item.judged.document.id for item in pool.items]
    session.reopen(2)
    assert (session.state()["done"], session.state()["next"], session.state()["last"]) == (2, 2, 1)


def test_corrections_come_back_after_an_end_at_any_moment(session, pool, path):
    decided = changed(session, 1)
    session.draft(1, decided)
    again = Session(pool, SavedLabels(path), "en")
    assert again.document(1)["decided"] == decided
    assert again.document(1)["begun"]
    again.accept(1, decided)
    last = Session(pool, SavedLabels(path), "en")
    assert (last.document(1)["decided"], last.document(1)["done"], last.document(1)["begun"]) == (decided, True, False)
    assert last.state()["next"] == 0


def test_a_draft_that_says_what_the_machine_says_is_none(session):
    session.draft(0, changed(session, 0))
    session.draft(0, machine(session, 0))
    assert not session.document(0)["begun"]


def test_corrections_of_a_reviewed_document_are_kept_until_accepted_again(session, pool, path):
    first, second = machine(session, 0), changed(session, 0)
    session.accept(0, first)
    session.draft(0, second)
    again = Session(pool, SavedLabels(path), "en")
    assert again.document(0)["decided"] == second
    assert read_gold(path)[0].lines[0].label == first["labels"][0]
    again.accept(0, second)
    assert [document.lines[0].label for document in read_gold(path)] == [second["labels"][0]]


def test_a_document_taken_back_has_its_labels_still(session, path):
    decided = changed(session, 0)
    session.accept(0, decided)
    session.reopen(0)
    assert read_gold(path) == ()
    assert session.document(0)["decided"] == decided
    session.reopen(0)  # nothing to take back


def test_labels_and_parts_are_counted(session):
    numbers = range(session.state()["total"])
    for number in numbers:
        session.accept(number, machine(session, number))
    counts = {one["name"]: one["count"] for one in session.state()["labels"]}
    lines = [label for number in numbers for label in machine(session, number)["labels"]]
    parts = [part[3] for number in numbers for part in machine(session, number)["parts"]]
    assert parts
    assert counts == {label.value: [*lines, *parts].count(label.value) for label in LABELS}


def test_labels_of_other_documents_in_the_file_stay(pool, path):
    saved = SavedLabels(path)
    saved.save("other d", {"id": "other", "digest": "d", "lines": ["A line."], "labels": ["legal"]})
    session = Session(pool, saved, "en")
    session.accept(0, machine(session, 0))
    session.reopen(0)
    state = session.state()
    assert (state["done"], state["records"], state["last"]) == (0, 1, None)
    assert [document.id for document in read_gold(path)] == ["other"]


@pytest.mark.parametrize("number", [-1, 3, 10**9])
def test_there_is_no_other_document(session, number):
    with pytest.raises(InputError, match="there are 3 documents"):
        session.document(number)


def test_a_draft_that_does_not_fit_any_more_is_left_aside(pool, path):
    saved = SavedLabels(path)
    saved.keep_draft(pool.items[0].key, {"labels": ["body"], "parts": []})
    session = Session(pool, saved, "en")
    assert session.document(0)["decided"] == machine(session, 0)


def test_why_a_document_comes_early_is_said(session):
    assert all(session.document(number)["why"] for number in range(3))
    assert "rare label" in session.document(0)["why"] + session.document(1)["why"]
