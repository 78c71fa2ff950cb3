"""Rules of languages told by their letters: each against its own lines, and only on pages that have the letters."""

import time

import pytest

from cleaner.document import Line, Page
from cleaner.labels import KEPT
from cleaner.rules import letters, load_rules
from cleaner.rules.letters import LETTERS, load_language
from cleaner.stack import stack

LANGUAGES = [lang for lang, _ in LETTERS]
RULES = [rule for lang in LANGUAGES for rule in load_language(lang).rules]
PROSE = "Rada zagłosowała w poniedziałek za zamknięciem mostu, który jest za słaby."


def sweep(*pages):
    laid = stack([Page("", tuple(Line(line, 0, len(line)) for line in page)) for page in pages])
    return [[rule.id for rule in hits] for hits in load_rules().sweep([line for page in pages for line in page], laid)]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_hits_its_hits_and_spares_its_misses(rule):
    rules = load_language(rule.lang)
    assert [
        line for line in (*rule.hits, *rule.phrases) if rule.match == "whole" and rule not in rules.hits(line)
    ] == []
    assert [line for line in rule.hits if rule not in rules.hits(line)] == []
    assert [line for line in rule.misses if rule in rules.hits(line)] == []
    assert rule.why.endswith(".")
    assert rule.label not in KEPT


def test_no_two_rules_share_an_id_in_all_files():
    ids = [rule.id for rule in (*RULES, *load_rules().rules)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.pattern], ids=lambda rule: rule.id)
def test_no_pattern_runs_away(rule):
    for unit in (*(sign for _, rows in LETTERS for row in rows for sign in row), "1", " ", "icp", "(", rule.hits[0]):
        begin = time.perf_counter()
        rule.pattern.search((unit * 50_000)[:50_000])
        assert time.perf_counter() - begin < 2


def test_a_page_is_told_by_its_letters_not_a_line():
    assert sweep([PROSE, "REKLAMA"]) == [[], ["ad.label-pl"]]
    assert sweep(["The board voted on Monday.", "REKLAMA"]) == [[], []]
    assert sweep(["The board voted on Monday.", "REKLAMA"], [PROSE]) == [[], [], []]


def test_a_name_does_not_make_a_page_foreign():
    assert sweep(["Lech Wałęsa spoke in Gdańsk.", "Reklama"]) == [[], []]


def test_a_language_is_not_read_before_a_page_has_its_letters(monkeypatch):
    monkeypatch.setattr(letters, "load_language", lambda lang: pytest.fail(f"{lang} was read"))
    assert sweep(["The “board” — as ever — voted on Monday… naïve café über señor", "Advertisement"])[1]


def test_hits_of_both_sorts_come_in_the_order_of_verdicts():
    (_, hits) = sweep(["旧桥将于四月关闭，市议会周一作出决定。", "©2021 版权所有：All rights reserved"])
    assert hits == ["legal.copyright", "legal.words"]
    assert sweep(["旧桥将于四月关闭，市议会周一作出决定。", "【廣告】", "分享到："])[1:] == [
        ["ad.label-zh"],
        ["social.button-zh"],
    ]


@pytest.mark.parametrize("line", ["分享到：", "【分享到】", "「分享到」", "  分享到。", "分享到 ："])
def test_wide_signs_around_a_phrase_do_not_hide_it(line):
    assert [rule.id for rule in load_language("zh").hits(line)] == ["social.button-zh"]
