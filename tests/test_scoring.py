from typing import NamedTuple

import numpy as np
import pytest

from cleaner.judge import Policy
from cleaner.labels import KEPT, LABELS, REMOVED, Label
from cleaner.model import Around
from cleaner.scoring import Guesses, ask, hit_counts, may_head, measure
from cleaner.split import split
from cleaner.stack import stack

STORY = "The ferry to Tolna was cancelled on Sunday after ice had closed the narrow passage between the two islands."
LONG = f"{STORY} {STORY}"
FAR = 8
"""The place of the first line that stands too low for a headline."""


class Hit(NamedTuple):
    verdict: str
    label: Label


class Scripted:
    """A model that says what it was told, and remembers which lines it was asked to name."""

    def __init__(self, foreign, odds):
        self.chances, self.odds = np.array(foreign), odds
        self.named = []

    def first_scores(self, grams):
        return np.zeros(len(grams[0].bounds) - 1)

    def surroundings(self, measured, _grams, page_of, kins):
        assert all(len(kin.of_line) == len(page_of) for kin in kins)
        assert measured.shape[1] == len(page_of)
        places = np.arange(len(page_of), dtype=float)[None]
        return Around(places.astype(np.float32), places)

    def foreign(self, measured, _grams, around):
        assert around.answers.tolist() == [list(range(measured.shape[1]))]
        assert measured.shape[1] == len(self.chances)
        # So that a line can be told when its label is asked for.
        measured[0] = self.chances
        return self.chances

    def likeliest(self, measured, grams, around, among):
        assert measured.shape[1] == len(grams[0].bounds) - 1
        # What is said of the lines around is that of these very lines.
        assert np.allclose(self.chances[around.answers[0].astype(int)], measured[0])
        self.named += [round(chance, 4) for chance in measured[0].tolist()]
        odds = [self.odds.get(LABELS[at], 0.0) for at in among.tolist()]
        return np.full(measured.shape[1], among[int(np.argmax(odds))])


def asked(texts, foreign, odds, threshold=0.5):
    """Ask a scripted model about one page, and return its guesses and what it was asked to name."""
    model = Scripted(foreign, odds)
    laid = stack([split("\n".join(texts))])
    guesses = ask(model, laid, measure(model, laid, [()] * len(texts)), Policy(threshold, KEPT))
    return list(guesses.of(0, len(texts))), model.named


HEADLINE_OR_AD = {Label.HEADLINE: 0.3, Label.BODY: 0.1, Label.AD: 0.4, Label.LEGAL: 0.2}


@pytest.mark.parametrize(
    ("chance", "guess"),
    [
        (0.4999, (0.4999, Label.BODY)),
        (0.5, (0.5, Label.AD)),
        (1.0, (1.0, Label.AD)),
    ],
)
def test_far_down_only_lines_that_reach_the_threshold_are_named(chance, guess):
    guesses, named = asked([LONG] * FAR + ["Order now"], [0.0] * FAR + [chance], HEADLINE_OR_AD)
    assert guesses[FAR] == guess
    assert named == ([chance] if chance >= 0.5 else [])


def test_lines_that_may_head_are_named_however_low_they_score():
    guesses, named = asked(["Ice keeps the ferry in port", LONG], [0.01, 0.02], HEADLINE_OR_AD)
    assert named == [0.01]
    assert guesses == [(0.01, Label.HEADLINE), (0.02, Label.BODY)]


@pytest.mark.parametrize(("chance", "label"), [(0.3, Label.BODY), (0.5, Label.RELATED)])
def test_a_guess_names_the_likeliest_label_of_its_own_sort(chance, label):
    odds = dict.fromkeys(LABELS, 0.01) | {Label.BODY: 0.02, Label.RELATED: 0.9, Label.SOURCE: 0.03}
    (guess,), _ = asked(["Ice keeps the ferry in port"], [chance], odds)
    assert guess[1] is label


def test_the_threshold_is_the_only_thing_that_changes_what_is_named_below():
    texts, chances = [LONG] * 4, [0.1, 0.4, 0.6, 0.9]
    assert [asked(texts, chances, HEADLINE_OR_AD, threshold)[1] for threshold in (0.05, 0.5, 0.95)] == [
        [0.1, 0.4, 0.6, 0.9],
        [0.6, 0.9],
        [],
    ]


def test_no_lines_no_guesses():
    model, laid = Scripted([], {}), stack([split("")])
    assert ask(model, laid, measure(model, laid, []), Policy(0.5, KEPT)) == Guesses([], [], [0.5])


def test_each_page_of_a_stack_goes_by_a_threshold_of_its_own_where_the_policy_wants_it():
    """The first page is sure of its article, the second doubts all of it."""
    texts, chances = [LONG, LONG, "Order now"], [0.02, 0.03, 0.8, 0.7, 0.71, 0.89]
    model, laid = Scripted(chances, HEADLINE_OR_AD), stack([split("\n".join(texts))] * 2)
    guesses = ask(model, laid, measure(model, laid, [()] * 6), Policy(0.5, KEPT, beta=1.0))
    gone = [chance >= guesses.thresholds[at // 3] for at, chance in enumerate(guesses.foreign)]
    assert gone == [False, False, True, False, False, True]
    assert [label is Label.AD for label in guesses.labels] == gone


def test_every_page_of_a_stack_has_a_head_of_its_own():
    long_page, short_page = split("\n".join(["A line"] * (FAR + 2))), split(f"{LONG}\nA line")
    found = may_head(stack([long_page, split(""), short_page]))
    assert found.tolist() == [True] * FAR + [False] * 2 + [False, True]


@pytest.mark.parametrize(("length", "found"), [(199, True), (200, False)])
def test_a_line_that_may_head_is_short(length, found):
    assert may_head(stack([split("x" * length)])).tolist() == [found]


def test_rule_hits_are_counted_by_removed_label_and_keep():
    drop, hint, keep = Hit("drop", Label.AD), Hit("hint", Label.AD), Hit("keep", Label.BODY)
    counts = hit_counts([(), (drop,), (drop, hint, Hit("hint", Label.LEGAL)), (keep, keep, drop)])
    assert counts.shape == (4, len(REMOVED) + 1)
    ad, legal = REMOVED.index(Label.AD), REMOVED.index(Label.LEGAL)
    expected = np.zeros_like(counts)
    expected[1, ad], expected[2, ad], expected[2, legal], expected[3, ad], expected[3, -1] = 1, 2, 1, 1, 2
    assert np.array_equal(counts, expected)


def test_no_hits_no_counts():
    assert hit_counts([]).shape == (0, len(REMOVED) + 1)
    assert not hit_counts([(), ()]).any()
