"""Faulty rule files are refused with the file, the rule and the fault."""

import pytest

from cleaner.errors import RuleError
from cleaner.rules.loading import check_patterns, parse_rules

GOOD = {
    "id": '"ad.mark"',
    "verdict": '"drop"',
    "phrases": '["advert"]',
    "why": '"A mark."',
    "hits": '["Advert"]',
    "misses": '["Adverts rose"]',
}
PATTERN = {"phrases": None, "match": '"pattern"', "pattern": "'^advert$'", "most_words": "3"}

FAULTS = [
    ({"colour": '"red"'}, "unknown key 'colour'"),
    ({"why": None}, "'why' is missing"),
    ({"hits": "[]"}, "'hits' is missing or empty"),
    ({"misses": None}, "'misses' is missing"),
    ({"hits": '["a", 1]'}, "'hits' must be a list of texts"),
    ({"id": '"Ad Mark"'}, "an id is a family"),
    ({"id": '"colour.mark"'}, "unknown label 'colour'"),
    ({"label": '"colour"'}, "unknown label 'colour'"),
    ({"verdict": '"burn"'}, "unknown verdict 'burn'"),
    ({"match": '"middle"'}, "unknown match 'middle'"),
    ({"match": '"inside"'}, "needs 'most_words'"),
    ({"most_words": "-1"}, "'most_words' must be"),
    ({"score": "1.5"}, "'score' must lie"),
    ({"phrases": None}, "needs 'phrases'"),
    ({"phrases": '["..."]'}, "nothing but punctuation"),
    ({"phrases": '["advert", "Advert!"]'}, "stands there twice"),
    ({"triggers": '["advert"]'}, "'triggers' belong to patterns"),
    ({**PATTERN, "pattern": "'(advert'"}, "bad pattern"),
    ({**PATTERN, "pattern": "7"}, "'pattern' must be a text"),
    ({**PATTERN, "most_words": "40"}, "a pattern needs 'triggers'"),
    ({**PATTERN, "most_words": None}, "a drop rule needs 'most_words'"),
    ({**PATTERN, "verdict": '"span"'}, "a span rule needs a pattern, and triggers"),
]


def written(change):
    fields = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    return "[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in fields.items())


def test_a_good_file_loads():
    (rule,) = parse_rules(written({}), file="en.toml", lang="en")
    assert (rule.id, rule.label, rule.match, rule.lang, rule.source) == ("ad.mark", "ad", "whole", "en", "rule:ad.mark")


@pytest.mark.parametrize(("change", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_a_fault_is_named_with_its_file_and_rule(change, fault):
    with pytest.raises(RuleError, match=fault.replace("(", r"\(")) as caught:
        check_patterns(parse_rules(written(change), file="en.toml"), file="en.toml")
    assert caught.value.file == "en.toml"
    assert caught.value.rule == (change.get("id") or GOOD["id"]).strip('"')


def test_two_rules_cannot_share_an_id():
    with pytest.raises(RuleError, match="taken by another"):
        parse_rules(written({}) + "\n" + written({}), file="en.toml")


@pytest.mark.parametrize("text", ["[[rule]\n", "name = 1", "rule = 1"])
def test_a_file_that_is_no_rule_file_is_refused(text):
    with pytest.raises(RuleError, match=r"en\.toml"):
        parse_rules(text, file="en.toml")
