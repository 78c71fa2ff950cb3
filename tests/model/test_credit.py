from itertools import permutations

import numpy as np
import pytest

from cleaner.features import grams
from cleaner.model.credit import gram_credit, tree_credit
from cleaner.split import split
from cleaner.stack import stack

FEATURES = 12


@pytest.fixture
def forest(parts):
    dice = np.random.default_rng(5)
    chosen = parts["second"].part(slice(3))
    return chosen._replace(features=dice.integers(0, FEATURES, chosen.features.shape).astype(np.int16))


@pytest.fixture
def lines():
    return np.random.default_rng(6).normal(size=(FEATURES, 40)).astype(np.float32)


def test_the_credits_add_up_to_the_difference_of_the_margins(forest, lines):
    margins = forest.margins(lines)[:, 0] * forest.scale
    credit = tree_credit(forest, lines[:, 1:], lines[:, 0])
    assert np.allclose(credit.sum(axis=0), margins[1:] - margins[0])
    assert (margins[1:] != margins[0]).any()


def test_they_are_the_mean_over_all_orders_of_taking_over_the_features(forest, lines):
    one = forest.part(slice(1))
    one = one._replace(features=np.arange(7, dtype=np.int16)[None])  # each feature once: conditions are features
    usual, line = lines[:, 0], lines[:, 1]
    orders = list(permutations(range(7)))
    mixed = np.empty((FEATURES, len(orders), 8), np.float32)
    for number, order in enumerate(orders):
        mixed[:, number, :] = usual[:, None]
        for step, feature in enumerate(order, 1):
            mixed[feature, number, step:] = line[feature]
    margins = one.margins(mixed.reshape(FEATURES, -1))[:, 0].reshape(len(orders), 8) * one.scale
    expected = np.zeros(FEATURES)
    for order, steps in zip(orders, np.diff(margins, axis=1), strict=True):
        expected[list(order)] += steps / len(orders)
    assert np.allclose(tree_credit(one, lines[:, 1:2], usual)[:, 0], expected)


def test_what_is_the_same_in_both_lines_gets_nothing(forest, lines):
    same = lines[:, 1:2].copy()
    same[:6] = lines[:6, :1]
    credit = tree_credit(forest, same, lines[:, 0])
    assert not credit[:6].any()
    assert credit[6:].any()


def test_a_line_settled_early_is_explained_by_the_trees_it_was_shown(forest, lines):
    first = forest.part(slice(1)).margins(lines)[:, 0]
    early = forest._replace(early=1, settled=int(np.median(first)))
    credit = tree_credit(early, lines, lines[:, 0])
    settled = first <= early.settled
    assert 0 < settled.sum() < len(settled)
    assert np.allclose(credit[:, settled], tree_credit(forest.part(slice(1)), lines[:, settled], lines[:, 0]))
    assert np.allclose(credit[:, ~settled], tree_credit(forest, lines[:, ~settled], lines[:, 0]))


def test_grams_add_up_to_the_score(parts):
    laid = stack([split("Sign up for our newsletter today.\nThe board met.\n!")])
    of_lines, sums = grams(laid), np.zeros(laid.count)
    for gram in of_lines:
        lines = np.repeat(np.arange(laid.count), np.diff(gram.bounds))
        sums += np.bincount(lines, weights=gram_credit(parts["first"], gram), minlength=laid.count)
    assert np.allclose(sums + parts["first"].bias[0], parts["first"].scores(of_lines)[:, 0])
