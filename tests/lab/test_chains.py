from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lab.chains import Stretch, chain

PLACES = st.tuples(st.integers(0, 12), st.integers(1, 3), st.integers(0, 8), st.integers(1, 3), st.integers(1, 5))
STRETCHES = st.lists(
    PLACES.map(lambda at: Stretch(at[0], at[0] + at[1], at[2], at[2] + at[3], float(at[4]))), max_size=7
)


def follows(first, second):
    may_share = second.right >= first.right_end - 1 and second.right > first.right
    return second.left >= first.left_end and may_share


def worth(stretches, gap):
    """What a chain is worth, or nothing for what is none."""
    pairs = list(pairwise(stretches))
    if not all(follows(first, second) for first, second in pairs):
        return 0.0
    return sum(one.weight for one in stretches) - gap * sum(second.left - first.left_end for first, second in pairs)


@given(STRETCHES, st.sampled_from([0.0, 0.25, 2.0]))
def test_no_other_chain_is_worth_more(stretches, gap):
    found = [stretches[number] for number in chain(stretches, gap=gap)]
    ordered = sorted(stretches)
    best = max(worth(some, gap) for size in range(len(ordered) + 1) for some in combinations(ordered, size))
    assert worth(found, gap) == pytest.approx(best)


def test_nothing_makes_an_empty_chain():
    assert chain([], gap=0.1) == []


def test_of_equal_stretches_the_nearest_is_taken():
    far, near, anchor = Stretch(0, 2, 0, 2, 2), Stretch(50, 52, 0, 2, 2), Stretch(60, 80, 2, 22, 20)
    assert chain([anchor, far, near], gap=0.001) == [2, 0]
    assert chain([anchor, far], gap=0.001) == [1, 0]


def test_a_stretch_that_costs_more_than_it_is_worth_is_left_out():
    assert chain([Stretch(0, 1, 0, 1, 1), Stretch(500, 520, 1, 21, 20)], gap=0.01) == [1]


def test_one_word_cannot_be_taken_twice_but_a_last_word_may_be_shared():
    word = [Stretch(0, 1, 3, 4, 1), Stretch(1, 2, 3, 4, 1)]
    assert len(chain(word, gap=0.0)) == 1
    runs = [Stretch(0, 4, 0, 4, 4), Stretch(4, 8, 3, 7, 4)]
    assert chain(runs, gap=0.0) == [0, 1]
