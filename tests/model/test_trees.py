from functools import cache

import numpy as np
import pytest

from cleaner.model import Forest
from cleaner.model import trees as trees_module

FEATURES, LINES = 6, 2_000


def data(classes):
    """Lines with some whole-number features, as most features are, and a target that depends on them."""
    dice = np.random.default_rng(classes)
    measured = dice.normal(size=(LINES, FEATURES)).astype(np.float32)
    measured[:, :3] = np.rint(measured[:, :3] * 3)
    target = np.digitize(
        measured[:, 0] * measured[:, 3] + measured[:, 4] + dice.normal(size=LINES), np.arange(classes - 1)
    )
    return measured, target


@pytest.fixture(autouse=True)
def one_thread():
    """Threads that wait for each other take ages on a busy machine."""
    pytest.importorskip("sklearn.ensemble")
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def fitted(classes, **settings):
    return _fitted(classes, tuple(settings.items()))


@cache
def _fitted(classes, settings):
    from sklearn.ensemble import HistGradientBoostingClassifier

    from cleaner.lab.fitting import freeze

    measured, target = data(classes)
    boosted = HistGradientBoostingClassifier(
        **{"max_iter": 12, "max_leaf_nodes": 8, "early_stopping": False, "random_state": 0} | dict(settings)
    )
    boosted.fit(measured, target)
    return boosted, freeze(boosted)


def other_lines():
    """Lines that the trees did not see, many of them on the thresholds and far outside."""
    dice = np.random.default_rng(9)
    lines = dice.normal(size=(2_000, FEATURES)).astype(np.float32) * 2
    lines[:, :3] = np.rint(lines[:, :3] * 3) / 2
    lines[:50] *= 1e6
    return lines


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("settings", [{}, {"min_samples_leaf": 600}, {"max_leaf_nodes": 2}], ids=str)
def test_frozen_trees_answer_as_scikit_learn_does(classes, settings):
    boosted, forest = fitted(classes, **settings)
    for lines in (data(classes)[0], other_lines()):
        expected = boosted.decision_function(lines).reshape(len(lines), -1)
        margins = forest.margins(np.ascontiguousarray(lines.T))
        assert margins.shape == expected.shape
        assert np.abs(margins * forest.scale - expected).max() < 1e-4


@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("block", [1, 7, 100, 5_000])
def test_blocks_of_any_size_give_the_same_numbers(classes, block, monkeypatch):
    _, forest = fitted(classes)
    measured = np.ascontiguousarray(other_lines()[:500].T)
    whole = forest.margins(measured)
    monkeypatch.setattr(trees_module, "_BLOCK", block)
    assert np.array_equal(forest.margins(measured), whole)


@pytest.mark.parametrize("cut", [1, 256, 499])
def test_lines_score_the_same_together_and_apart(cut):
    _, forest = fitted(3)
    measured = np.ascontiguousarray(other_lines()[:500].T)
    apart = [forest.margins(measured[:, :cut]), forest.margins(measured[:, cut:])]
    assert np.array_equal(forest.margins(measured), np.concatenate(apart))


def test_a_tree_by_hand():
    forest = Forest(
        features=np.array([[0, 1, 0, 0, 0, 0, 0]], np.int16),
        thresholds=np.array([[0.5, 0.5, *[np.inf] * 5]], np.float32),
        strikes=np.array([[0b001, 0b011, 0, 0, 0, 0, 0]], np.uint8),
        leaves=np.array([[10, 20, 30, 0, 0, 0, 0, 0]], np.int32),
        outputs=1,
        scale=1.0,
        base=np.array([5]),
    )
    lines = np.array([[0, 0], [0.5, 0.5], [1, 0], [0, 1], [1, 1]], np.float32)
    assert forest.margins(lines.T)[:, 0].tolist() == [15, 15, 25, 35, 35]


def test_a_settled_line_is_left_with_what_the_early_trees_say():
    _, forest = fitted(2)
    measured = np.ascontiguousarray(other_lines().T)
    whole = forest.margins(measured)[:, 0]
    early = forest._replace(
        **{name: getattr(forest, name)[:4] for name in ("features", "thresholds", "strikes", "leaves")}
    )
    begun = early.margins(measured)[:, 0]
    settled = int(np.median(begun))
    found = forest._replace(early=4, settled=settled).margins(measured)[:, 0]
    assert 0 < (begun <= settled).sum() < len(begun)
    assert np.array_equal(found, np.where(begun <= settled, begun, whole))


def test_no_lines_have_no_margins():
    _, forest = fitted(3)
    assert forest.margins(np.zeros((FEATURES, 0), np.float32)).shape == (0, 3)
