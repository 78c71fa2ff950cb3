"""How lines are matched, whatever the shipped rules say."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Line, Page
from cleaner.rules import RuleSet, load_rules
from cleaner.rules.lines import EDGE, LONG
from cleaner.rules.loading import parse_rules
from cleaner.stack import stack

FILE = """
[[rule]]
id = "ad.whole"
verdict = "drop"
phrases = ["\u00fcber uns", "buy now"]
why = "w."
hits = ["Buy now"]
misses = ["x"]

[[rule]]
id = "related.start"
verdict = "hint"
match = "start"
phrases = ["read:", "\u00e0 lire"]
why = "w."
hits = ["Read: x"]
misses = ["x"]

[[rule]]
id = "social.end"
verdict = "hint"
match = "end"
phrases = ["to tweet"]
why = "w."
hits = ["x to tweet"]
misses = ["x"]

[[rule]]
id = "legal.inside"
verdict = "drop"
match = "inside"
most_words = 8
phrases = ["author's own"]
why = "w."
hits = ["are the author's own"]
misses = ["x"]

[[rule]]
id = "keep.line"
verdict = "keep"
label = "body"
phrases = ["buy now"]
why = "w."
hits = ["Buy now"]
misses = ["x"]

[[rule]]
id = "caption.span"
verdict = "span"
pattern = '''\\| (?P<cut>[A-Z]+)'''
triggers = ["|"]
why = "w."
hits = ["x |\u27e6AP\u27e7"]
misses = ["x"]
"""
RULES = RuleSet(parse_rules(FILE, file="test.toml"))

LINES = [
    ("\u2022 BUY NOW!", ["keep.line", "ad.whole"]),
    ("Buy  now\u2026", ["keep.line", "ad.whole"]),
    ("Buy nowhere", []),
    ("\u00dcber uns", ["ad.whole"]),
    ("\u00dcBER UNS:", ["ad.whole"]),
    ("Read: The storm", ["related.start"]),
    ("Read the storm", []),
    ("\u00c0 lire aussi", ["related.start"]),
    ("Click to tweet.", ["social.end"]),
    ("He went into tweet", []),
    ("Views are the author\u2019s own.", ["legal.inside"]),
    ("Views are the author\u2019s own and this line has far too many words.", []),
    ("Coauthor's own car", []),
    ("", []),
    ("\ud800", []),
]


@pytest.mark.parametrize(("line", "ids"), LINES)
def test_rules_that_hit_come_in_a_fixed_order(line, ids):
    assert [rule.id for rule in RULES.hits(line)] == ids


def test_a_long_line_is_looked_at_in_its_head_and_tail_only():
    middle = "word " * LONG
    assert [rule.id for rule in RULES.hits(f"Read: {middle}")] == ["related.start"]
    assert [rule.id for rule in RULES.hits(f"{middle}to tweet")] == ["social.end"]
    assert RULES.hits("x" * EDGE + " Read: " + middle) == ()


@pytest.mark.parametrize(
    "line",
    [
        '"Help!"',
        "\u201cI accept.\u201d",
        "\u201eHilfe!\u201c",
        "\u00ab Aide ! \u00bb",
        '"Go back", ',
        '"Yesterday."',
        '"Comment?"',
        "'Help!'",
    ],
)
def test_a_line_of_dialogue_is_no_button(line):
    assert [rule for rule in load_rules().hits(line) if rule.verdict == "drop"] == []


@pytest.mark.parametrize(
    "line", ['"Help"', "\u00ab Back to top", "\u00ab Prev Next \u00bb", "Help!", '"Help! Contact"', '"']
)
def test_quotation_marks_alone_do_not_make_dialogue(line):
    plain = line.strip('"\u00ab\u00bb ')
    assert [rule.id for rule in load_rules().hits(line) if rule.match == "whole"] == [
        rule.id for rule in load_rules().hits(plain) if rule.match == "whole"
    ]


REPORTED = (
    "Donate to the fund of our town, the bishop said.",
    "\u201cDonate to our cause,\u201d the rebels wrote on the wall.",
    "By signing up for the army, he said, young men accept that they may die.",
    "Jetzt spenden, bat das Krankenhaus am Dienstag.",
    "The union said that the app does not provide medical advice.",
)


@pytest.mark.parametrize("line", REPORTED)
def test_what_somebody_is_said_to_have_said_is_dropped_by_no_rule(line):
    assert [rule.id for rule in load_rules().hits(line) if rule.verdict == "drop"] == []


@pytest.mark.parametrize(
    "line",
    [
        "Donate to our cause, as nobody else will.",
        "By signing up, you accept that we may write.",
        "Donate to our cause, we said.",
        "We said that the app does not provide medical advice.",
    ],
)
def test_what_the_page_itself_says_is_dropped(line):
    assert [rule.id for rule in load_rules().hits(line) if rule.verdict == "drop"] != []


def test_a_span_takes_along_the_blank_that_would_stand_double():
    cut = RuleSet(parse_rules(FILE.replace("(?P<cut>[A-Z]+)", "[A-Z]+").replace("\\| ", "[|]"), file="test.toml"))
    for line, left in [("one |AP two", "one two"), ("|AP two", "two"), ("one |AP", "one"), ("one|AP two", "one two")]:
        (span,) = cut.spans(line)
        assert line[: span.start] + line[span.end :] == left


def test_a_span_that_would_empty_the_line_is_not_reported():
    assert RULES.spans("|AP") == ()


def test_shipped_rules_are_read_once():
    assert load_rules() is load_rules()


@given(st.text())
def test_any_text_is_judged_and_spans_are_sorted_and_apart(text):
    rules = load_rules()
    rules.hits(text)
    at = 0
    for span in rules.spans(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end


@given(st.text(alphabet="ab (|)[].@\u2014 \ud83d", max_size=40))
def test_spans_are_found_only_where_the_gate_lets_them(text):
    rules = load_rules()
    assert not rules.spans(text) or rules.span_candidates(stack([Page("", (Line(text, 0, len(text)),))])).all()


def test_ordinary_lines_are_passed_over_quickly():
    lines = [
        f"{number} boats came into the harbour and the council of the town voted to open it" for number in range(2_000)
    ]
    rules = load_rules()
    begin = time.perf_counter()
    for line in lines:
        rules.hits(line)
    # Ten times what it takes on an idle core: a guard against a lost gate, not a benchmark.
    assert (time.perf_counter() - begin) / len(lines) < 30e-6
