"""Credits of the networks' features: they add up, and what does not differ gets none."""

import numpy as np
import pytest

from cleaner.grouping import grouped
from cleaner.model.network_credit import network_credit
from tests.model.conftest import a_network

FEATURES = 7


@pytest.fixture
def network():
    # Lower gains than others' keep activations off their bounds, beyond which nothing has a slope.
    drawn = a_network(FEATURES, np.random.default_rng(3), kins=2)
    return drawn._replace(entry_gain=drawn.entry_gain / 4, looks_gain=drawn.looks_gain / 4)


@pytest.fixture
def lines():
    return np.random.default_rng(4).normal(0, 3, (FEATURES, 60)).astype(np.float32)


PAGE_OF = np.repeat([0, 1, 2], [25, 5, 30])


def without_kin(network):
    return network._replace(looks=network.looks[:, :, : 3 * network.entry.shape[1]])


@pytest.mark.parametrize("line", [0, 10, 24, 27, 59])
def test_credits_add_up_to_what_the_features_change(network, lines, line):
    # Kin stay as they are on the way, but would change with the line if it were scored anew.
    network = without_kin(network)
    other = lines.copy()
    other[:, line] = lines[:, 40]
    own, instead = (network.logits([of], PAGE_OF)[0, line] for of in (lines, other))
    credit = network_credit(network, [lines], PAGE_OF, (), [line], lines[:, 40])[:, 0]
    assert abs(own - instead) > 0.01
    assert credit.sum() == pytest.approx(own - instead, rel=0.1, abs=0.02)


def test_what_is_the_same_in_both_lines_gets_nothing(network, lines):
    usual = lines[:, 7].copy()
    usual[:3] += 1
    kins = grouped(PAGE_OF), grouped(PAGE_OF * 3 + np.arange(60) % 3)
    credit = network_credit(network, [lines[:2], lines[2:]], PAGE_OF, kins, [7], usual)[:, 0]
    seen, instead = network.quantised([np.stack([lines[:, 7], usual], axis=1)]).T
    assert np.array_equal(credit != 0, seen != instead)
    assert 0 < np.count_nonzero(credit) <= 3


def test_lines_are_credited_alone_as_together(network, lines):
    kins = grouped(PAGE_OF), grouped(PAGE_OF * 3 + np.arange(60) % 3)
    together = network_credit(network, [lines], PAGE_OF, kins, [3, 26, 50], lines[:, 40])
    alone = network_credit(network, [lines], PAGE_OF, kins, [26], lines[:, 40])
    assert np.array_equal(together[:, 1], alone[:, 0])


def test_lines_of_other_pages_have_nothing_to_do_with_it(network, lines):
    network = without_kin(network)
    elsewhere = lines.copy()
    elsewhere[:, 25:] += 9
    usual = np.zeros(FEATURES, np.float32)
    first, again = (network_credit(network, [of], PAGE_OF, (), [24], usual) for of in (lines, elsewhere))
    assert np.array_equal(first, again)
