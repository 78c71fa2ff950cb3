"""The network over lines: exact sums, pages apart, windows without seams."""

from collections.abc import Sequence

import numpy as np
import pytest

from cleaner.grouping import Grouping, grouped
from cleaner.labels import LABELS
from cleaner.model import network as subject
from cleaner.model.network import ACTIVE, EXACT, SIGMAS, STEPS, Network, beside, most, product, rooted
from tests.model.conftest import CHANNELS, LAYERS, a_network

FEATURES = 7


def drawn(kins: int = 0) -> Network:
    return a_network(FEATURES, np.random.default_rng(0), kins)


def kin_of(page_of: np.ndarray, kins: int) -> tuple[Grouping, ...]:
    """Group all lines of a page, then every third one."""
    senses = (page_of, page_of * 3 + np.arange(len(page_of)) % 3)
    return tuple(grouped(sense) for sense in senses[:kins])


def lines_of(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 20, (FEATURES, count)).astype(np.float32)


def dot(weights: Sequence[int], values: Sequence[int]) -> int:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def plainly(network: Network, features: np.ndarray, kins: Sequence[Grouping] = ()) -> np.ndarray:
    """Score the lines of one page as the docstrings say it: by the average of the networks."""
    found = [alone_plainly(network, one, features, kins) for one in range(len(network.entry))]
    return np.sum(found, axis=0) / len(found)


def alone_plainly(all_of_them: Network, one: int, features: np.ndarray, kins: Sequence[Grouping]) -> np.ndarray:
    """Score them by one network alone, number by number, in whole Python numbers."""
    network = all_of_them._replace(
        **{name: of[one] for name, of in all_of_them._asdict().items() if name not in ("centre", "step")}
    )
    scored = []
    for column in features.T:
        root = np.copysign(np.sqrt(np.abs(column)), column)
        steps = np.clip(np.rint((root - network.centre) * network.step), -STEPS * SIGMAS, STEPS * SIGMAS)
        scored.append([int(step) for step in steps])

    def activated(total: float, bias: np.float32, gain: np.float32, lowest: int) -> int:
        return int(np.clip(np.rint(np.float32(total) * gain + bias), lowest, ACTIVE))

    known = [
        [
            activated(sum(int(w) * s for w, s in zip(row, steps, strict=True)), bias, gain, 0)
            for row, bias, gain in zip(network.entry, network.entry_bias, network.entry_gain, strict=True)
        ]
        for steps in scored
    ]
    for layer in range(LAYERS):
        sides, distance = network.looks[layer].reshape(-1, CHANNELS, CHANNELS).astype(int).tolist(), 1 << layer
        after = []
        for at in range(len(known)):
            around = [known[at + d] if 0 <= at + d < len(known) else [0] * CHANNELS for d in (-distance, 0, distance)]
            groups = [np.flatnonzero(kin.of_line == kin.of_line[at]).tolist() for kin in kins]
            seen = []
            for out in range(CHANNELS):
                total = np.float32(sum(dot(side[out], line) for side, line in zip(sides, around, strict=False)))
                for side, group in zip(sides[3:], groups, strict=True):
                    total += np.float32(sum(dot(side[out], known[one]) for one in group) / len(group))
                seen.append(activated(total, network.looks_bias[layer, out], network.looks_gain[layer, out], 0))
            added = [
                activated(
                    sum(int(network.adds[layer, out, of]) * seen[of] for of in range(CHANNELS)),
                    network.adds_bias[layer, out],
                    network.adds_gain[layer, out],
                    -ACTIVE,
                )
                for out in range(CHANNELS)
            ]
            after.append([max(-ACTIVE, min(ACTIVE, old + new)) for old, new in zip(known[at], added, strict=True)])
        known = after
    last = [
        [sum(int(w) * value for w, value in zip(row, line, strict=True)) for line in known] for row in network.answers
    ]
    return np.array(last) * network.answers_gain[:, None] + network.answers_bias[:, None]


@pytest.mark.parametrize("kins", [0, 2])
def test_scores_are_what_the_layers_say_number_by_number(kins: int):
    network, features, page_of = drawn(kins), lines_of(40), np.zeros(40, np.int64)
    found = network.logits([features], page_of, kin_of(page_of, kins))
    assert np.array_equal(found, plainly(network, features, kin_of(page_of, kins)))
    assert found.std() > 0.01


def test_features_may_come_in_several_parts():
    network, features, page_of = drawn(), lines_of(30), np.zeros(30, np.int64)
    whole = network.logits([features], page_of)
    assert np.array_equal(network.logits([features[:3], features[3:]], page_of), whole)


@pytest.mark.parametrize("kins", [0, 2])
@pytest.mark.parametrize("window", [1, 5, 64])
def test_windows_leave_no_seams(monkeypatch: pytest.MonkeyPatch, window: int, kins: int):
    network, features, page_of = drawn(kins), lines_of(200), np.repeat([0, 1, 2], [90, 3, 107])
    whole = network.logits([features], page_of, kin_of(page_of, kins))
    monkeypatch.setattr(subject, "_WINDOW", window)
    assert np.array_equal(network.logits([features], page_of, kin_of(page_of, kins)), whole)


@pytest.mark.parametrize("kins", [0, 2])
def test_a_page_is_scored_alone_as_among_others(kins: int):
    network, features = drawn(kins), lines_of(120)
    # Three divides the lines of every page, so which are kin is the same alone.
    page_of = np.repeat(np.arange(6), [3, 6, 39, 9, 60, 3])
    together = network.logits([features], page_of, kin_of(page_of, kins))
    for page in range(6):
        own = page_of == page
        alone = network.logits([features[:, own]], page_of[own], kin_of(page_of[own], kins))
        assert np.array_equal(alone, together[:, own])


def test_kin_speak_from_afar_and_others_do_not():
    network, features, page_of = drawn(2), lines_of(60), np.zeros(60, np.int64)
    kins = grouped(np.arange(60) // 30), grouped(np.arange(60) % 30)
    before = network.logits([features], page_of, kins)
    features[:, 0] += 500
    changed = (network.logits([features], page_of, kins) != before).any(axis=0)
    assert changed[29], "of one group with the first line"
    assert changed[30], "of one group in the other sense"


def test_as_many_senses_of_kin_as_it_learned_are_asked_for():
    page_of = np.zeros(5, np.int64)
    with pytest.raises(ValueError, match="zip"):
        drawn(2).logits([lines_of(5)], page_of, kin_of(page_of, 1))


def test_lines_farther_than_it_reaches_do_not_count():
    network, features, page_of = drawn(), lines_of(60), np.zeros(60, np.int64)
    before = network.logits([features], page_of)
    features[:, 0] += 500
    changed = np.flatnonzero((network.logits([features], page_of) != before).any(axis=0))
    assert network.reach == 7
    assert 0 in changed
    assert changed.max() <= network.reach


def test_several_networks_are_averaged():
    network, features, page_of = drawn(), lines_of(50), np.zeros(50, np.int64)
    apart = [
        network._replace(
            **{name: of[[one]] for name, of in network._asdict().items() if name not in ("centre", "step")}
        )
        for one in range(2)
    ]
    first, second = (one.logits([features], page_of) for one in apart)
    assert np.array_equal(network.logits([features], page_of), (first + second) / 2)
    assert not np.array_equal(first, second)


def test_no_lines_get_no_scores():
    assert drawn().logits([lines_of(0)], np.zeros(0, np.int64)).shape == (1 + len(LABELS), 0)


def test_products_are_exact_at_the_bounds_that_are_promised():
    for width, active in ((144, ACTIVE), (48, ACTIVE), (140, STEPS * SIGMAS)):
        highest = most(width, active)
        assert width * highest * active <= EXACT
        weights = np.full((3, width), highest, np.float32)
        weights[1] *= -1
        of_lines = np.full((width, 500), active, np.float32)
        of_lines[0] -= 1
        exact = highest * (width * active - 1)
        assert np.array_equal(product(weights, of_lines), np.array([[exact], [-exact], [exact]]) * np.ones(500))


def test_roots_keep_signs():
    assert rooted(np.array([[4.0, -9.0, 0.0]], np.float32)).tolist() == [[2.0, -3.0, 0.0]]


def test_lines_of_other_pages_say_nothing():
    sides = np.arange(9, dtype=np.float32).reshape(3, 3) + 1
    assert beside(sides.copy(), np.array([0, 0, 1]), 1).tolist() == [[4 + 8, 5 + 1, 6]]
    assert beside(sides.copy(), np.array([0, 0, 0]), 5).tolist() == [[4, 5, 6]]
