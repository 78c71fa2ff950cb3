"""Fitting the network: slopes against differences, what it can learn, and rounding."""

import numpy as np
import pytest

from cleaner.lab import network_fitting as subject
from cleaner.lab.network_fitting import (
    Places,
    Recipe,
    Task,
    back,
    fit_network,
    forward,
    known_labels,
    loss,
    loss_slope,
)
from cleaner.labels import LABELS
from cleaner.model.network import Network, most

RECIPE = Recipe(epochs=9, labelled=0.5, dropped=0.3, dropped_adds=0.2)


def made(lines: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return features of lines, and the pages of eight to twelve lines that they stand on."""
    random = np.random.default_rng(seed)
    pages = np.repeat(np.arange(lines), random.integers(8, 13, lines))[:lines]
    return random.normal(0, 1, (6, lines)).astype(np.float32), pages


def task_of(foreign: np.ndarray) -> Task:
    return Task(foreign.astype(np.float32), known_labels(np.where(foreign, 2, 0)), np.ones(len(foreign), np.float32))


def kin_of(page_of: np.ndarray) -> tuple[np.ndarray, ...]:
    """Kin in two senses: all lines of a page, and every third one."""
    return page_of, page_of * 3 + np.arange(len(page_of)) % 3


@pytest.mark.parametrize("kins", [0, 2])
def test_slopes_are_those_of_the_loss(kins):
    features, page_of = made(50)
    random = np.random.default_rng(1)
    task = task_of(random.random(50) < 0.4)._replace(weights=random.random(50).astype(np.float32))
    task.foreign[1::4] = 0.3
    task.named[1::4] = 1 / len(LABELS)
    task.named[::4] = 0
    weights = {name: of.astype(np.float64) for name, of in subject._started(6, RECIPE.channels, kins, random).items()}
    inputs, nearby = features.T.astype(np.float64), Places(page_of, kin_of(page_of)[:kins]).nearby()
    seen, answers = forward(weights, inputs, nearby)
    slopes = back(weights, inputs, nearby, seen, loss_slope(answers, task, 0.5).astype(np.float64))
    assert slopes.keys() == weights.keys()
    for name, of in weights.items():
        at = tuple(int(random.integers(size)) for size in of.shape)
        losses = []
        for moved in (1e-4, -1e-4):
            of[at] += moved
            losses.append(loss(forward(weights, inputs, nearby)[1], task, 0.5))
            of[at] -= moved
        assert slopes[name][at] == pytest.approx((losses[0] - losses[1]) / 2e-4, rel=0.02, abs=2e-5), name


def test_it_learns_what_only_the_line_above_tells():
    features, page_of = made(6000)
    above = np.append(False, page_of[1:] == page_of[:-1])
    foreign = above & (np.append(0, features[0, :-1]) > 0.3)
    unseen = page_of > 450
    network = fit_network(features, task_of(foreign), Places(page_of), ~unseen, RECIPE._replace(epochs=20), seed=0)
    right = (network.logits([features[:, unseen]], page_of[unseen])[0] > 0) == foreign[unseen]
    assert right.mean() > 0.95


def test_features_are_hidden_on_all_lines_of_a_page():
    page_of = np.repeat([3, 4, 9], [5, 1, 6])
    shown = subject._shown(np.ones((12, 4000), np.float32), page_of, 0.3, np.random.default_rng(0))
    hidden = shown == 0
    assert 0.25 < hidden.mean() < 0.35
    assert ((shown == 1) | hidden).all()
    assert (hidden[:5] == hidden[0]).all()
    assert (hidden[6:] == hidden[6]).all()
    assert not np.array_equal(hidden[0], hidden[5])
    assert not np.array_equal(hidden[5], hidden[6])


def test_who_learns_with_features_hidden_leans_on_no_single_one():
    features, page_of = made(6000)
    random = np.random.default_rng(7)
    foreign = features[0] > 0
    features[1:] = foreign + random.normal(0, 0.7, (5, 6000))
    unseen = page_of > 450
    elsewhere = features[:, unseen]
    elsewhere[0] = random.permutation(elsewhere[0])
    right = []
    for hidden in (0.0, 0.4):
        recipe = RECIPE._replace(hidden=hidden)
        network = fit_network(features, task_of(foreign), Places(page_of), ~unseen, recipe, seed=0)
        right.append(((network.logits([elsewhere], page_of[unseen])[0] > 0) == foreign[unseen]).mean())
    assert right[1] > right[0] + 0.05


def test_it_learns_what_only_kin_tell():
    features, page_of = made(6000)
    kin = kin_of(page_of)[1]
    mean = np.bincount(kin, weights=features[0], minlength=kin.max() + 1) / np.maximum(np.bincount(kin), 1)
    foreign, unseen = mean[kin] > 0, page_of > 450
    network = fit_network(
        features, task_of(foreign), Places(page_of, (kin,)), ~unseen, RECIPE._replace(epochs=20), seed=0
    )
    kins = Places(page_of, (kin,)).of(unseen).nearby().kins
    right = (network.logits([features[:, unseen]], page_of[unseen], kins)[0] > 0) == foreign[unseen]
    assert right.mean() > 0.9


def test_the_same_seed_gives_the_same_network_and_another_one_another():
    features, page_of = made(800)
    task, every = task_of(features[1] > 0), np.ones(800, bool)
    first, again, other = (fit_network(features, task, Places(page_of), every, RECIPE, seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first.entry, other.entry)


def test_each_of_several_networks_begins_elsewhere():
    features, page_of = made(800)
    task, every = task_of(features[1] > 0), np.ones(800, bool)
    one, three = (
        fit_network(features, task, Places(page_of), every, RECIPE._replace(networks=networks), seed=0)
        for networks in (1, 3)
    )
    assert np.array_equal(one.entry[0], three.entry[0])
    assert len(np.unique(three.entry.reshape(3, -1), axis=0)) == 3


def test_lines_left_out_teach_nothing():
    features, page_of = made(900)
    rows = page_of < 40
    spoiled = features.copy()
    spoiled[:, ~rows] = 1e6
    task = task_of(features[1] > 0)
    first = fit_network(features, task, Places(page_of), rows, RECIPE, seed=0)
    again = fit_network(spoiled, task, Places(page_of), rows, RECIPE, seed=0)
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))


@pytest.mark.parametrize("kins", [0, 2])
def test_rounding_changes_little(kins):
    features, page_of = made(1200)
    random = np.random.default_rng(0)
    weights = subject._started(6, RECIPE.channels, kins, random)
    inputs = np.clip(np.rint(features.T * 16) / 16, -4, 4).astype(np.float32)
    places = Places(page_of, kin_of(page_of)[:kins])
    rounded = {name: of[None] for name, of in subject._rounded(weights, inputs, places).items()}
    network = Network(np.zeros(6, np.float32), np.full(6, 16, np.float32), **rounded)
    squared = np.copysign(inputs.T**2, inputs.T)
    found = network.logits([squared], page_of, places.nearby().kins)
    plain = forward(weights, inputs, places.nearby())[1].T
    assert np.abs(found - plain).max() < 0.05 * plain.std()
    assert np.abs(network.looks).max() <= most(3 * RECIPE.channels, 1000)


def test_long_pages_are_learned_in_parts():
    parts = subject._pages(np.repeat([3, 4], [450, 10]))
    assert [len(part) for part in parts] == [150, 150, 150, 10]
    assert np.array_equal(np.concatenate(parts), np.arange(460))


def test_the_loss_is_that_of_both_questions():
    answers = np.zeros((1, 1 + len(LABELS)), np.float32)
    task = Task(np.ones(1, np.float32), known_labels(np.array([2])), np.full(1, 3, np.float32))
    assert loss(answers, task, 0.5) == pytest.approx(3 * np.log(2) + 0.5 * np.log(len(LABELS)))


def test_lines_of_unknown_label_teach_no_label():
    answers = np.zeros((2, 1 + len(LABELS)), np.float32)
    task = Task(np.ones(2, np.float32), known_labels(np.array([2, -1])), np.zeros(2, np.float32))
    assert loss(answers, task, 1.0) == pytest.approx(np.log(len(LABELS)))
    slope = loss_slope(answers, task, 1.0)
    assert slope[0, 3] < 0 < slope[0, 1]
    assert not slope[1].any()
    assert not slope[:, 0].any()
