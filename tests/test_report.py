import json
import tomllib
from pathlib import Path

import pytest

from cleaner import Report
from cleaner.assembly import assemble
from cleaner.document import Line, Page, Removal, Span, Verdict
from cleaner.errors import ReportError
from cleaner.labels import Label
from cleaner.split import split

CASES = tomllib.loads((Path(__file__).parent / "assembled.toml").read_text("utf-8"))["case"]
BODY = Verdict(Label.BODY, keep=True, source="model", score=0.1)
FOREIGN = Verdict(Label.AD, keep=False, source="model", score=0.9)

TEXT = "One.\nAdvertisement\nTwo () three.\n"
REPORT = Report(
    id="a",
    chars=len(TEXT),
    lines=3,
    removed=(
        Removal(5, 19, "Advertisement\n", Label.AD, "rule:ad.label", 0.97),
        Removal(23, 26, "() ", Label.ARTIFACT, "rule:artifact.empty-brackets", 0.9),
    ),
    model="lines@0123",
    mode="careful",
    note="low-yield",
)


def left(text, removed):
    return Report("a", len(text), 0, removed).replay(text)


def marked(text):
    """A page of a marked text without the marks, and a verdict on each line."""
    verdicts = tuple(FOREIGN if line.text.startswith("-") else BODY for line in split(text).lines)
    return split(text.replace("-", "")), verdicts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_removed_lines_take_the_narrower_gap_along(case):
    page, verdicts = marked(case["text"])
    removed = assemble(page, verdicts, {})
    assert left(page.text, removed) == case["clean"]
    assert len(removed) == sum(not verdict.keep for verdict in verdicts)


def test_each_line_of_a_run_has_a_removal_of_its_own():
    page = split("One.\nAd\nShare\nTwo.")
    share = FOREIGN._replace(label=Label.SOCIAL)
    assert assemble(page, (BODY, FOREIGN, share, BODY), {}) == (
        Removal(5, 8, "Ad\n", Label.AD, "model", 0.9),
        Removal(8, 14, "Share\n", Label.SOCIAL, "model", 0.9),
    )


def test_a_sentence_of_an_endless_line_takes_one_blank_along():
    text = "One. Ad. Two."
    page = Page(text, (Line("One.", 0, 4), Line("Ad.", 5, 8), Line("Two.", 9, 13)))
    assert left(text, assemble(page, (BODY, FOREIGN, BODY), {})) == "One. Two."


def test_spans_are_places_in_the_whole_text():
    page = split("One.\nTwo () three.")
    span = Span(4, 7, Label.ARTIFACT, "rule:x", 0.9)
    assert assemble(page, (BODY, BODY), {1: (span,)}) == (Removal(9, 12, "() ", Label.ARTIFACT, "rule:x", 0.9),)


def test_spans_of_a_removed_line_do_not_count():
    page = split("One.\nTwo () three.")
    span = Span(4, 7, Label.ARTIFACT, "rule:x", 0.9)
    assert left(page.text, assemble(page, (BODY, FOREIGN), {1: (span,)})) == "One."


def test_a_report_replays_and_restores():
    assert REPORT.replay(TEXT) == "One.\nTwo three.\n"
    assert REPORT.restore("One.\nTwo three.\n") == TEXT
    assert REPORT.kept_chars == len("One.\nTwo three.\n")


@pytest.mark.parametrize("other", ["", TEXT + " ", TEXT[:-1], TEXT.replace("A", "B"), TEXT.replace("()", "[]")])
def test_a_report_is_not_replayed_on_another_text(other):
    with pytest.raises(ReportError, match="'a'"):
        REPORT.replay(other)


@pytest.mark.parametrize("other", ["", TEXT, "One.\nTwo three."])
def test_a_report_restores_no_other_clean_text(other):
    with pytest.raises(ReportError, match="'a'"):
        REPORT.restore(other)


def test_labels_are_counted_most_frequent_first():
    removed = [REPORT.removed[0], REPORT.removed[1], Removal(30, 31, "x", Label.AD, "model", 0.9)]
    counted = Report("a", 40, 3, tuple(removed)).by_label()
    assert list(counted.items()) == [(Label.AD, 2), (Label.ARTIFACT, 1)]
    assert Report("a", 0, 0, ()).by_label() == {}


def test_a_report_survives_json():
    record = json.loads(json.dumps(REPORT.as_dict()))
    assert Report.from_dict(record) == REPORT
    assert list(record) == ["id", "chars", "lines", "kept_chars", "removed", "model", "mode", "note"]
    assert record["kept_chars"] == REPORT.kept_chars
    assert record["removed"][0] == {
        "start": 5,
        "end": 19,
        "label": "ad",
        "source": "rule:ad.label",
        "score": 0.97,
        "text": "Advertisement\n",
    }


def test_surrogates_that_json_has_joined_are_taken_apart():
    """Two halves side by side come back from JSON as one character, which is shorter than what was removed."""
    text = "Share this \ud83d" + "\ude00 here\nOne.\n"
    report = Report("a", len(text), 2, (Removal(0, 19, text[:19], Label.SOCIAL, "rule:social.button", 0.97),))
    again = Report.from_dict(json.loads(json.dumps(report.as_dict())))
    assert again == report
    assert again.restore(again.replay(text)) == text


def with_first(**changes):
    record = REPORT.as_dict()
    return {**record, "removed": [{**record["removed"][0], **changes}, *record["removed"][1:]]}


NONSENSE = {
    "no record": None,
    "a list": [],
    "a string": "report",
    "an empty record": {},
    "no removals": {**REPORT.as_dict(), "removed": None},
    "removals that are text": {**REPORT.as_dict(), "removed": "ad"},
    "removals that are numbers": {**REPORT.as_dict(), "removed": [1]},
    "characters in words": {**REPORT.as_dict(), "chars": "many"},
    "endless characters": {**REPORT.as_dict(), "chars": float("inf")},
    "a score that is no number": with_first(score=float("nan")),
    "an endless score": with_first(score=float("inf")),
    "a score that is no share": with_first(score=-1e308),
    "fewer characters than none": {**REPORT.as_dict(), "chars": -1, "removed": []},
    "more characters than can be counted": {**REPORT.as_dict(), "chars": 10**400},
    "a model that is no name": {**REPORT.as_dict(), "model": ["lines"]},
    "a front that is no name": {**REPORT.as_dict(), "front": 1},
    "metadata that are no strings": {**REPORT.as_dict(), "metadata": {"date": 2024}},
    "metadata that are none": {**REPORT.as_dict(), "metadata": ["date"]},
    "an unknown label": with_first(label="advert"),
    "a text that does not fit its place": with_first(text="Ad\n"),
    "a text that is none": with_first(text=None),
    "a place before the text": with_first(start=-14, end=0),
    "a place behind the text": with_first(start=34, end=48),
    "a removal that overlaps the next": with_first(start=10, end=24),
    "a removal that ends before it starts": with_first(start=19, end=5),
    "a score in words": with_first(score="sure"),
    "removals in the wrong order": {**REPORT.as_dict(), "removed": REPORT.as_dict()["removed"][::-1]},
    "too few characters": {**REPORT.as_dict(), "chars": 10},
}


@pytest.mark.parametrize("sort", NONSENSE)
def test_what_is_no_report_is_refused(sort):
    with pytest.raises(ReportError):
        Report.from_dict(NONSENSE[sort])


def test_a_report_can_be_read_by_people():
    head, note, first, second = REPORT.as_text().splitlines()
    assert head == f"a: 2 removed of 3 lines, {17 / len(TEXT):.1%} of {len(TEXT)} characters"
    assert note == "  note: low-yield"
    assert first.split() == ["5", "ad", "0.97", "rule:ad.label", "Advertisement"]
    assert second.split() == ["23", "artifact", "0.90", "rule:artifact.empty-brackets", "()"]


def test_the_report_of_an_empty_text_can_be_read_too():
    assert Report("a", 0, 0, ()).as_text() == "a: 0 removed of 0 lines, 0.0% of 0 characters"


def test_long_removals_are_cut_short_for_reading():
    text = "word\n" * 100
    row = Report("a", len(text), 1, (Removal(0, len(text), text, Label.AD, "model", 0.9),)).as_text().splitlines()[1]
    assert len(row) < 200
    assert "word word" in row
