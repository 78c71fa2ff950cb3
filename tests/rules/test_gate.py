"""A line that a rule hits is never held back by the gate over whole stacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Line, Page
from cleaner.rules import RuleSet, load_rules
from cleaner.rules.gate import runs_of, sorts_of
from cleaner.rules.lines import EDGE, LONG, tokens
from cleaner.rules.loading import parse_rules
from cleaner.stack import stack

RULES = load_rules()
HITS = [line for rule in RULES.rules if rule.verdict != "span" for line in rule.hits]
PARTS = (
    "\u00a9",
    "\u2026",
    "\u00e0 ",
    "\u00c9",
    "\u00bb",
    "\u200b",
    "\u00a0",
    "\u3042",
    "\U0001d7ce",
    "_",
    "7",
    "|",
    "n\u00ba",
)
FILE = """
[[rule]]
id = "related.start"
verdict = "hint"
match = "start"
phrases = ["%s"]
why = "w."
hits = ["x"]
misses = ["y"]
"""


def laid(lines):
    return stack([Page("", tuple(Line(line, 0, len(line)) for line in lines))])


def missed(rules, lines):
    chosen = rules.candidates(laid(lines)).tolist()
    return [line for line, may in zip(lines, chosen, strict=True) if rules.hits(line) and not may]


def test_no_hit_is_held_back():
    assert missed(RULES, HITS) == []


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, str.capitalize, str.swapcase])
def test_no_hit_is_held_back_in_other_letters(change):
    assert missed(RULES, [change(line) for line in HITS]) == []


@pytest.mark.parametrize("part", PARTS)
def test_no_hit_is_held_back_with_odd_signs(part):
    mutated = [part + line for line in HITS] + [line + part for line in HITS]
    for line in HITS:
        at = sum(map(ord, line)) % (len(line) + 1)
        mutated += [line[:at] + part + line[at:], line[:at] + part + line[at + 1 :]]
    assert missed(RULES, mutated) == []


@pytest.mark.parametrize("filling", ["word " * LONG, "x" * 300, "\u3042" * 300])
def test_no_hit_is_held_back_in_long_lines(filling):
    assert missed(RULES, [line + filling for line in HITS] + [filling + line for line in HITS]) == []


@given(st.lists(st.tuples(st.sampled_from(HITS), st.text(max_size=6), st.integers(0, 300)), max_size=5))
def test_no_hit_is_held_back_however_it_is_mixed(parts):
    lines = [line[:at] + mixed + line[at:] for line, mixed, at in parts]
    assert missed(RULES, [*lines, "".join(lines)]) == []


@given(st.text())
def test_every_token_holds_one_run_at_most_and_no_run_lies_in_two(text):
    text = text.replace("\u00a9", "")[:LONG]
    of = laid([text])
    runs = runs_of(of, sorts_of(of))
    cores = [token.decode("utf-8", "ignore") for token in tokens(text)]
    cores = [core for core in cores if core]
    if text.isprintable() and max(text, default="") <= "\uffff":
        assert runs.hashes.tolist() == [
            run for core in cores for run in runs_of(laid([core]), sorts_of(laid([core]))).hashes.tolist()
        ]
        assert len(runs.hashes) == len(cores)


@pytest.mark.parametrize("phrase", ["\u00e0", "\u00e0 \u00e9couter", "\u00c0 \u00c0 la", "\U0002f8a1 \U0002f8a1"])
def test_phrases_without_runs_are_found_all_the_same(phrase):
    rules = RuleSet(parse_rules(FILE % phrase, file="test.toml"))
    lines = [
        f"{mark}{spelled} {EDGE}" for spelled in (phrase, phrase.upper(), phrase.title()) for mark in ("", "\u2022 ")
    ]
    assert all(rules.hits(line) for line in lines)
    assert missed(rules, lines) == []


def test_a_sweep_gives_what_single_lines_give():
    lines = [*HITS, "The harbour master was in two minds about it."]
    assert RULES.sweep(lines, laid(lines)) == [RULES.hits(line) for line in lines]


def test_ordinary_lines_are_held_back():
    assert not RULES.candidates(laid(["The harbour master was in two minds about it, and the ferry waited."])).any()
