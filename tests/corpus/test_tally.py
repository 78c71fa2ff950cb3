import pytest

from cleaner.corpus.tally import Tally, whole_lines
from cleaner.document import Removal
from cleaner.labels import Label
from cleaner.report import Report


def report(text, *bounds, note=""):
    removed = tuple(Removal(start, end, text[start:end], Label.AD, "rule:x", 1.0) for start, end in bounds)
    return Report("a", len(text), 3, removed, note=note)


SENTENCES = "The council met on Monday and voted. " * 30


@pytest.mark.parametrize(
    ("text", "bounds", "expected"),
    [
        ("one\ntwo\nthree", [(0, 4)], 1),
        ("one\ntwo\nthree", [(3, 7), (7, 13)], 2),
        ("one", [(0, 3)], 1),
        ("one two\nthree", [(0, 4)], 0),
        ("one two three\nfour", [(4, 8), (13, 18)], 1),
        ("one\n\n two\n", [(3, 9)], 1),
        (SENTENCES, [(37, 74)], 1),
        (SENTENCES, [(37, 74), (80, 84)], 1),
        ("", [], 0),
    ],
)
def test_whole_lines_are_told_from_stretches_inside(text, bounds, expected):
    assert len(list(whole_lines(text, report(text, *bounds)))) == expected


def test_totals_add_up():
    tally = Tally()
    tally.add(report("one\ntwo\nthree", (0, 4)))
    tally.add(report("", note="empty"))
    record = tally.as_dict()
    assert record["documents"] == 2
    assert record["share_removed"] == pytest.approx(4 / 13, abs=1e-6)
    assert record["by_label"] == {"ad": {"stretches": 1, "chars": 4}}
    assert record["by_source"] == {"rule:x": 1}
    assert record["notes"] == {"empty": 1}


def test_notes_are_counted_by_their_name():
    """What follows it tells of one document, and there may be as many of those as documents."""
    tally = Tally()
    for kept in range(3):
        tally.add(report("", note=f"low-yield: {kept} of 6000 characters of the page were kept"))
    tally.add(report("", note="empty: nothing came in"))
    assert tally.notes == {"low-yield": 3, "empty": 1}


def test_nothing_at_all_has_no_share():
    assert Tally().share_removed == 0.0
