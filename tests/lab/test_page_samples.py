"""Pages as arrays to learn from: what the gold, snippets and labels say of each line."""

import numpy as np
import pytest

pytest.importorskip("scipy.sparse")

from cleaner.lab.gold import gold_document
from cleaner.lab.page_samples import labels_of, page_sample
from cleaner.lab.pages import GoldPage
from cleaner.labels import LABELS

HTML = (
    "<nav><a href='/'>Home</a></nav><h1>Bridge shut</h1><p>The bridge was shut on Monday after an inspection.</p>"
    "<p>Nobody was hurt when the railing came down last week.</p><p>Sign up for our newsletter today.</p>"
)
GOLD = "Bridge shut\nThe bridge was shut on Monday after an inspection."


def page(name="1", html=HTML, gold=GOLD, wanted=(), unwanted=()):
    return GoldPage(name, "ours", "paper.com", "en", "article", html, gold, tuple(wanted), tuple(unwanted))


def labelled(name, lines, labels):
    return gold_document(
        {
            "id": name,
            "source": "ours",
            "site": "paper.com",
            "kind": "page",
            "lines": lines,
            "labels": labels,
            "spans": [],
        }
    )


def test_the_gold_says_which_lines_are_foreign():
    sample = page_sample([page()], [])
    assert sample.foreign.tolist() == [1, 0, 0, 1, 1]
    assert (sample.codes == -1).all()


def test_a_line_that_a_label_keeps_is_not_foreign_though_the_gold_ends_before_it():
    lent = labelled("1#extractor", ["Nobody was hurt when the railing came down last week."], ["body"])
    sample = page_sample([page()], [lent])
    assert sample.foreign.tolist() == [1, 0, 0, 0, 1]
    assert sample.codes.tolist() == [-1, -1, -1, LABELS.index("body"), -1]


def test_labels_name_foreign_lines_and_are_lent_to_their_own_page_alone():
    lent = labelled("1", ["Sign  up for our newsletter today."], ["subscribe"])
    sample = page_sample([page("1"), page("2")], [lent])
    subscribe = LABELS.index("subscribe")
    assert sample.codes.tolist() == [-1, -1, -1, -1, subscribe] + [-1] * 5


def test_labels_of_a_whole_page_go_by_place_and_those_of_extracted_texts_by_wording():
    html = "<nav><a href='/a'>Bridge shut</a></nav><h1>Bridge shut</h1><p>It was shut on Monday.</p>"
    lines, labels = ["Bridge shut", "Bridge shut", "It was shut on Monday."], ["related", "headline", "body"]
    given = page(html=html, gold=None, wanted=["nothing that the page has"])
    whole, part = labelled("1#visible", lines, labels), labelled("1#trafilatura", lines[1:], labels[1:])
    assert page_sample([given], [part, whole]).codes.tolist() == [LABELS.index(label) for label in labels]
    headline, body = LABELS.index("headline"), LABELS.index("body")
    assert page_sample([given], [part]).codes.tolist() == [headline, headline, body]
    assert page_sample([given], [labelled("1#a", lines, labels[::-1])]).foreign.tolist() == [0, 0, 1]


def test_a_label_against_the_gold_names_nothing():
    lent = labelled("1", ["Bridge shut"], ["related"])
    sample = page_sample([page()], [lent])
    assert sample.foreign[1] == 0
    assert sample.codes[1] == -1


def test_snippets_decide_the_lines_that_hold_them():
    sample = page_sample([page(gold=None, wanted=["shut on Monday"], unwanted=["newsletter", "Home"])], [])
    assert sample.foreign.tolist() == [1, -1, 0, -1, 1]


def test_a_gold_of_another_page_teaches_nothing():
    sample = page_sample([page(gold="Quite another story about a ferry that ran aground at the harbour mouth.")], [])
    assert (sample.foreign == -1).all()
    assert not sample.taught.any()


def test_pages_that_cannot_be_split_are_left_out():
    sample = page_sample([page("1", html="%PDF-1.7 binary"), page("2")], [])
    assert [each.id for each in sample.pages] == ["2"]


def test_of_a_long_page_only_some_lines_teach():
    rows = "".join(f"<li><a href='/{number}'>Item number {number}</a></li>" for number in range(2000))
    sample = page_sample([page(html=HTML + f"<ul>{rows}</ul>")], [])
    assert 100 < sample.taught.sum() < 250
    assert np.array_equal(sample.taught, page_sample([page(html=HTML + f"<ul>{rows}</ul>")], []).taught)


def test_labels_are_collected_by_page():
    found = labels_of([labelled("1#a", ["Home"], ["navigation"]), labelled("1#b", ["Bridge shut"], ["headline"])])
    assert found == {"1": [[("Home", LABELS.index("navigation"))], [("Bridge shut", LABELS.index("headline"))]]}
