import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Document
from cleaner.document import Span
from cleaner.inline import apart, glued_headlines, seams
from cleaner.labels import Label
from cleaner.split import split
from cleaner.stack import stack

CASES = json.loads((Path(__file__).parent / "glued.json").read_text("utf-8"))
RULES = Cleaner(rules_only=True)


def unmarked(text):
    """A text without its marks, and the stretch between them."""
    before, _, rest = text.partition("⟦")
    stretch, _, behind = rest.partition("⟧")
    return before + stretch + behind, stretch


BEYOND = pytest.mark.xfail(raises=ValueError, reason="only title case without words of prose is told from a sentence")
"""Nothing is found; a case that comes to hold must be moved (xfail is strict)."""


@pytest.mark.parametrize(
    "marked", [*CASES["found"], *(pytest.param(text, marks=BEYOND) for text in CASES["not_yet_found"])]
)
def test_a_headline_between_two_sentences_is_found_whole(marked):
    text, stretch = unmarked(marked)
    (span,) = glued_headlines(text)
    assert text[span.start : span.end] == stretch
    assert (span.label, span.source) == (Label.RELATED, "context")


@pytest.mark.parametrize("marked", CASES["found"])
def test_a_glued_headline_is_cut_out_by_the_whole_road(marked):
    text, stretch = unmarked(marked)
    assert RULES.clean(text).text == text.replace(stretch, "")


@pytest.mark.parametrize("text", CASES["missed"])
def test_names_and_titles_in_a_sentence_are_not_headlines(text):
    assert glued_headlines(text) == ()


@given(st.lists(st.sampled_from(CASES["missed"] + CASES["found"]), max_size=5), st.integers(0, 4))
def test_the_gate_is_open_wherever_a_headline_is_found(marked, cut):
    bodies = [unmarked(text)[0] for text in marked]
    gates = seams(stack([split("\n".join(bodies[:cut])), split("\n".join(bodies[cut:]))]))
    assert len(gates) == len(bodies)
    assert all(gate or not glued_headlines(body) for gate, body in zip(gates, bodies, strict=True))


CAPITAL_SEAM = "The board met. Big Pier Closed For Repairs Near CAF\u00c9 The mayor also said so."


@pytest.mark.parametrize("before", ["", "A line that ends small", "THE END."])
@pytest.mark.parametrize("behind", ["", "a line that begins small"])
def test_the_lines_around_do_not_open_the_gate(before, behind):
    pages = [split(text) for text in (before, CAPITAL_SEAM, behind)]
    assert not seams(stack(pages)).any()
    documents = [Document("x", text) for text in (before, CAPITAL_SEAM, behind)]
    assert list(RULES.clean_many(documents))[1] == RULES.clean(CAPITAL_SEAM, "x")


def test_a_page_without_lines_has_no_seams():
    assert len(seams(stack([]))) == 0
    assert len(seams(stack([split(""), split(" ")]))) == 0


def test_spans_are_sorted_and_never_overlap():
    first, inside, last = (Span(at, at + 4, Label.AD, "x", 0.9) for at in (2, 4, 6))
    assert apart([last, inside, first]) == (first, last)
    assert apart([]) == ()
