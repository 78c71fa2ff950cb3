import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.features import BITS, grams
from cleaner.model import Linear
from cleaner.model.linear import Lanes
from cleaner.split import split
from cleaner.stack import stack

MIXED = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))
TEXT = "\n".join([*MIXED["prose"], *MIXED["cruft"], "|", "\u6e2f\u52a1\u5c40", "a"])

DICE = np.random.default_rng(0)
LINEAR = Linear(
    DICE.integers(-30_000, 30_000, (1 << BITS, 3)).astype(np.int16), np.array([1e-4, 2e-4, 3e-4]), np.array([0, 1, -1])
)


def by_hand(linear, of_lines):
    """Score line by line, bucket by bucket."""
    scores = []
    for at in range(len(of_lines[0].bounds) - 1):
        total = np.zeros(len(linear.scale))
        for gram in of_lines:
            buckets = gram.buckets[gram.bounds[at] : gram.bounds[at + 1]]
            for bucket in buckets:
                total += linear.weights[bucket].astype(float) / len(buckets) ** 0.5
        scores.append(total * linear.scale + linear.bias)
    return np.array(scores)


def test_scores_are_what_adding_up_by_hand_gives():
    of_lines = grams(stack([split(TEXT)]))
    assert np.allclose(LINEAR.scores(of_lines), by_hand(LINEAR, of_lines), rtol=0, atol=1e-9)


def test_scores_are_what_the_training_matrix_gives():
    pytest.importorskip("scipy")
    from cleaner.lab.samples import sparse

    of_lines = grams(stack([split(TEXT)]))
    dense = sparse(of_lines) @ (LINEAR.weights * LINEAR.scale) + LINEAR.bias
    assert np.allclose(LINEAR.scores(of_lines), dense, rtol=0, atol=1e-9)


@given(st.lists(st.lists(st.sampled_from(TEXT.split("\n")), max_size=5).map("\n".join), max_size=5))
def test_scores_of_a_page_are_the_same_alone_and_in_a_stack(texts):
    together = LINEAR.scores(grams(stack([split(text) for text in texts])))
    alone = [LINEAR.scores(grams(stack([split(text)]))) for text in texts]
    assert np.array_equal(together, np.concatenate([*alone, together[:0]]))


def test_no_lines_have_no_scores():
    assert LINEAR.scores(grams(stack([]))).shape == (0, 3)


@pytest.mark.parametrize("most", [1, 3, 17])
def test_scores_are_the_same_however_many_grams_are_looked_up_at_once(monkeypatch, most):
    of_lines = grams(stack([split(TEXT), split("Another page.")]))
    whole = LINEAR.scores(of_lines)
    monkeypatch.setattr("cleaner.model.linear._GRAMS", most)
    assert np.array_equal(LINEAR.scores(of_lines), whole)


NARROW = Linear(DICE.integers(-127, 128, (1 << BITS, 15)).astype(np.int8), DICE.random(15), DICE.normal(size=15))
"""As many outputs as labels, in eight bits."""


@given(st.lists(st.lists(st.sampled_from([*TEXT.split("\n"), "la " * 400]), max_size=5).map("\n".join), max_size=5))
def test_four_outputs_to_a_word_give_the_same_scores(texts):
    of_lines = grams(stack([split(text) for text in texts]))
    assert np.array_equal(Lanes(NARROW).scores(of_lines), NARROW.scores(of_lines))


@pytest.mark.parametrize("weight", [-127, 127])
def test_sums_of_any_size_stay_in_their_lanes(weight):
    extreme = NARROW._replace(weights=np.full_like(NARROW.weights, weight))
    of_lines = grams(stack([split("word " * 1000)]))
    assert np.array_equal(Lanes(extreme).scores(of_lines), extreme.scores(of_lines))
