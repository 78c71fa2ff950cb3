import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Document
from cleaner.errors import InputError
from cleaner.lab.gold import gold_document, label_units
from cleaner.labels import KEPT, LABELS, REMOVED, Label
from cleaner.review.decisions import Decisions, Part, checked, decisions_of, record_of
from cleaner.split import page_of, split

BODY, AD, RELATED = Label.BODY, Label.AD, Label.RELATED
WRAPPED = "\n".join(
    [
        "The council of the town of Halden met on Monday evening and",
        "voted after a long debate to close the old bridge for some",
        "months, since its steel supports were found to be corroded",
        "and nobody could say for how long they would still hold up.",
        "",
        "Advertisement",
        "",
        "Engineers had warned of this for years, but the money that",
        "was set aside for the repairs had been spent on other works",
        "before anybody looked at the bridge from below, as it seems.",
    ]
)
ONELINE = " ".join(f"The council met on day {day} and voted to close the bridge for repairs." for day in range(20))


def record(page, decided):
    return {"id": "a", "source": "review:a", "site": None, "lang": "und", "sample": "reviewed"} | record_of(
        page, decided
    )


def decisions(page, **labels):
    found = [BODY] * len(page.lines)
    for at, label in labels.items():
        found[int(at[1:])] = label
    return Decisions(tuple(found), ())


@st.composite
def pages_and_decisions(draw):
    lines = draw(st.lists(st.text("ab \u200b\U0001d11eß", min_size=1, max_size=12), min_size=1, max_size=8))
    breaks = draw(st.lists(st.sampled_from(["\n", "\r\n", "\n\n", "\u2028", " \n \n"]), min_size=8, max_size=8))
    page = split("".join(line + brk for line, brk in zip(lines, breaks, strict=False)))
    labels = tuple(draw(st.sampled_from(LABELS)) for _ in page.lines)
    parts = []
    for at, line in enumerate(page.lines):
        if labels[at] in KEPT and len(line.text) > 1 and draw(st.booleans()):
            start = draw(st.integers(0, len(line.text) - 2))
            end = draw(st.integers(start + 1, len(line.text)))
            if (start, end) != (0, len(line.text)):
                parts.append(Part(at, start, end, draw(st.sampled_from(REMOVED))))
    return page, Decisions(labels, tuple(parts))


@given(pages_and_decisions())
def test_a_record_is_read_back_as_it_was_decided(case):
    page, decided = case
    if page.lines:
        found = gold_document(record(page, decided))
        assert [line.label for line in found.lines] == list(decided.labels)
        assert [found.text[s.start : s.end] for line in found.lines for s in line.spans] == [
            page.lines[part.line].text[part.start : part.end] for part in decided.parts
        ]
        assert decisions_of(page, record_of(page, decided)) == decided
        assert checked(json.loads(json.dumps(decided.as_dict())), page.lines) == decided


def test_paragraphs_of_hard_wrapped_text_are_a_line_each():
    page = split(WRAPPED)
    assert len(page.lines) == 3
    decided = Decisions((BODY, AD, BODY), (Part(2, 50, 70, RELATED),))
    found = record_of(page, decided)
    assert found["lines"] == [line.text.replace("\n", " ") for line in page.lines]
    assert (found["kind"], found["labels"]) == ("residual", ["body", "ad", "body"])
    gold = gold_document(record(page, decided))
    assert label_units(gold, split(gold.text).lines) == decided.labels
    assert decisions_of(page, found) == decided


def test_foreign_sentences_of_a_text_without_breaks_are_spans_of_its_one_line():
    page = split(ONELINE)
    assert len(page.lines) == 20
    decided = decisions(page, n3=AD, n4=RELATED)
    found = record_of(page, decided)
    assert (found["kind"], found["lines"], found["labels"]) == ("oneline", [ONELINE], ["body"])
    assert [span["text"] for span in found["spans"]] == [page.lines[3].text, page.lines[4].text]
    gold = gold_document(record(page, decided))
    assert label_units(gold, split(gold.text).lines) == decided.labels
    assert decisions_of(page, found) == decided


def test_a_page_is_labelled_by_its_visible_lines():
    markup = (Path(__file__).parents[1] / "pages" / "bridge.html").read_text("utf-8")
    page = page_of(Document("a", markup, "html"))
    found = record_of(page, decisions(page))
    assert found["kind"] == "page"
    assert gold_document(record(page, decisions(page))).text.split() == page.text.split()


def test_a_record_of_another_text_says_nothing():
    page = split("One line.\nTwo lines.")
    assert decisions_of(split("One line."), record_of(page, decisions(page))) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"labels": ["body"], "parts": []},
        {"labels": ["body", "bodies"], "parts": []},
        {"labels": ["body", None], "parts": []},
        {"labels": ["body", "body"]},
        {"labels": ["body", "body"], "parts": [[0, 0, 3]]},
        {"labels": ["body", "body"], "parts": [[0, 0, 30, "ad"]]},
        {"labels": ["body", "body"], "parts": [[0, 3, 3, "ad"]]},
        {"labels": ["body", "body"], "parts": [[2, 0, 3, "ad"]]},
        {"labels": ["body", "body"], "parts": [[0, True, 3, "ad"]]},
        {"labels": ["body", "body"], "parts": [[0, 0, 3, "body"]]},
        {"labels": ["ad", "body"], "parts": [[0, 0, 3, "ad"]]},
        {"labels": ["body", "body"], "parts": [[0, 0, 3, "ad"], [0, 2, 5, "ad"]]},
    ],
    ids=str,
)
def test_what_does_not_fit_the_document_is_refused(value):
    with pytest.raises(InputError):
        checked(value, split("One line.\nTwo lines.").lines)
