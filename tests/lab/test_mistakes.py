"""What went wrong is listed with its place, the worst first."""

from cleaner.document import Removal
from cleaner.lab.gold import gold_document
from cleaner.lab.mistakes import mistakes
from cleaner.labels import Label
from cleaner.report import Report
from cleaner.split import split

RECORD = {
    "id": "a",
    "site": "a.example",
    "lang": "en",
    "kind": "residual",
    "lines": [
        "Bridge closed",
        "The council met.",
        "Share this",
        "Bridge closed",
        "More stories",
        "It voted on Monday.",
    ],
    "labels": ["headline", "body", "social", "headline", "related", "body"],
}
DOCUMENT = gold_document(RECORD)
SCORES = (0.1, 0.2, 0.7, 0.3, 0.9, 0.8)


def removal(text, label, source, *, last=False):
    start = DOCUMENT.text.rindex(text) if last else DOCUMENT.text.index(text)
    return Removal(start, start + len(text), text, label, source, 0.8)


def listed(*removed, **settings):
    report = Report("a", len(DOCUMENT.text), 6, removed)
    lines = split(DOCUMENT.text).lines
    judged = [(line, score, "model") for line, score in zip(lines, SCORES, strict=True)]
    return mistakes([DOCUMENT], [report], [judged], **settings)


def test_body_that_went_comes_first_then_cruft_that_stayed():
    found = listed(
        removal("The council met.", Label.AD, "rule:ad.x"),
        removal("It voted on Monday.", Label.RELATED, "context"),
    )
    assert [(entry["mistake"], entry["text"]) for entry in found] == [
        ("lost", "It voted on Monday."),
        ("lost", "The council met."),
        ("left", "More stories"),
        ("left", "Share this"),
    ]
    assert found[1] == {
        "mistake": "lost",
        "id": "a",
        "site": "a.example",
        "lang": "en",
        "kind": "residual",
        "label": "body",
        "removed_as": "ad",
        "source": "rule:ad.x",
        "score": 0.8,
        "chars": 14,
        "text": "The council met.",
    }
    assert found[2] == {
        "mistake": "left",
        "id": "a",
        "site": "a.example",
        "lang": "en",
        "kind": "residual",
        "label": "related",
        "source": "model",
        "score": 0.9,
        "chars": 11,
        "text": "More stories",
    }


def test_what_was_right_is_not_listed():
    right = [removal("Share this", Label.SOCIAL, "model"), removal("More stories", Label.RELATED, "model")]
    again = removal("Bridge closed", Label.HEADLINE, "repeat", last=True)
    assert listed(right[0], again, right[1]) == []


def test_no_more_than_the_worst_are_listed():
    found = listed(
        removal("The council met.", Label.AD, "model"), removal("It voted on Monday.", Label.AD, "model"), most=1
    )
    assert [entry["text"] for entry in found] == ["It voted on Monday.", "More stories"]
