"""Every shipped rule against its own lines, and every pattern against hostile ones."""

import re
import time

import pytest

from cleaner.document import Line, Page
from cleaner.labels import KEPT
from cleaner.rules import Rule, load_rules
from cleaner.stack import stack

RULES = load_rules()
JUDGING = [rule for rule in RULES.rules if rule.verdict != "span"]
SPANNING = [rule for rule in RULES.rules if rule.verdict == "span"]
PATTERNS = [rule for rule in RULES.rules if rule.pattern is not None]

HOSTILE_UNITS = (
    *("a", "1", " ", ".", "(", "[", "|", '"', "\u2014", "a ", "A ", "1 ", "1,", "| ", "( ", "a.b-", "A | ", "News > "),
    *(
        "the cookies ",
        "we earn ",
        "sign up ",
        "Read more ",
        "Share on Facebook ",
        "By Al ",
        "Photo: A ",
        ". [Aa ",
        "(Source: ",
    ),
    *(
        "https://t.co/abcdef ",
        "pic.twitter.com/abcdef ",
        "\u2014 a (@b) ",
        "\u00a9 2019 ",
        "e-mail ",
        "support our ",
        "mehr zu ",
    ),
)


def named(rules: list[Rule]) -> dict[str, object]:
    return {"argvalues": rules, "ids": [rule.id for rule in rules]}


@pytest.mark.parametrize("rule", **named(JUDGING))
def test_a_rule_hits_its_hits_and_spares_its_misses(rule):
    assert [line for line in rule.hits if rule not in RULES.hits(line)] == []
    assert [line for line in rule.misses if rule in RULES.hits(line)] == []


@pytest.mark.parametrize("rule", **named(SPANNING))
def test_a_span_rule_cuts_exactly_the_marked_stretch(rule):
    for marked in rule.hits:
        line = marked.replace("\u27e6", "").replace("\u27e7", "")
        found = [line[span.start : span.end] for span in RULES.spans(line) if span.source == rule.source]
        assert found == re.findall("\u27e6(.*?)\u27e7", marked)
        assert RULES.span_candidates(stack([Page("", (Line(line, 0, len(line)),))])).all()


@pytest.mark.parametrize("rule", **named(SPANNING))
def test_a_span_rule_leaves_its_misses_whole(rule):
    assert [line for line in rule.misses if RULES.spans(line)] == []


@pytest.mark.parametrize("rule", **named(PATTERNS))
def test_no_pattern_runs_away(rule):
    for unit in HOSTILE_UNITS:
        line = (unit * 50_000)[:50_000]
        begin = time.perf_counter()
        for _ in rule.pattern.finditer(line):
            pass
        assert time.perf_counter() - begin < 2, f"{rule.id} on repeats of {unit!r}"


def test_only_keep_rules_name_labels_that_are_kept():
    assert [rule.id for rule in RULES.rules if (rule.label in KEPT) != (rule.verdict == "keep")] == []


def test_no_rule_is_longer_than_one_sentence_of_reason():
    assert [rule.id for rule in RULES.rules if not rule.why.endswith(".") or rule.why.count(". ")] == []
