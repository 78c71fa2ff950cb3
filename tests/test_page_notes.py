import tomllib
from pathlib import Path

import pytest

from cleaner import clean
from cleaner.document import Document
from cleaner.page_notes import note_on_page
from cleaner.split import page_of

CASES = tomllib.loads((Path(__file__).parent / "page_notes.toml").read_text("utf-8"))["case"]
STORY = "<p>The city council of Halden voted on Monday to close the old bridge for repairs, officials said.</p>" * 30


def note(source, kept, expected=None):
    return note_on_page(page_of(Document("x", source, "html")), kept, expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_short_pages_that_are_no_articles_are_told_by_what_they_say(case):
    assert note(case["html"], case.get("kept", 0)).partition(":")[0] == case["note"]


def test_a_page_without_text_is_empty():
    for source in ("", "<p> ", "<html><body><script>app()</script>", "<!-- nothing -->"):
        assert clean(source, kind="html", rules_only=True).report.note.startswith("empty: the page shows no text")


def test_frames_are_named():
    source = "<html><frameset cols='1,2'><frame src='a.html'><frame src='b.html'></frameset></html>"
    assert note(source, 0).startswith("frames")


@pytest.mark.parametrize(("kept", "flagged"), [(0, True), (200, True), (300, False), (2_900, False)])
def test_most_of_a_page_may_go_but_not_nearly_all(kept, flagged):
    assert note(STORY, kept).startswith("low-yield") == flagged


def test_a_small_share_of_a_long_page_is_little_too():
    assert note(STORY * 20, 900).startswith("low-yield: 900 of ")
    assert note(STORY * 20, 3_000) == ""


def test_a_short_page_that_keeps_what_it_has_is_in_order():
    assert note("<p>High water at nine.</p>", 19) == ""


def test_a_long_page_about_an_error_is_an_article():
    assert note("<title>404</title><h1>404: the history of an error</h1>" + STORY, 2_900) == ""


@pytest.mark.parametrize(("expected", "flagged"), [(None, False), (0.59, True), (0.6, False), (1.0, False)])
def test_a_page_of_which_little_is_expected_deserves_a_look(expected, flagged):
    assert note(STORY, 2_900, expected).startswith("doubtful: of what stays an F1 of 0.59") == flagged


def test_a_page_has_its_expectation_in_the_report_and_text_has_none():
    report = clean((Path(__file__).parent / "pages" / "article.html").read_text("utf-8"), kind="html").report
    assert 0.8 < report.expected_f1 <= 1
    assert type(report).from_dict(report.as_dict()) == report
    assert clean("The council met on Monday.").report.expected_f1 is None
    assert clean(f"<html><body>{STORY}</body></html>", rules_only=True).report.expected_f1 is None
