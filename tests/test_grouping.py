"""Lines of one sort: sums and means over their groups."""

import numpy as np

from cleaner.grouping import grouped


def test_lines_of_one_key_share_their_mean_wherever_they_stand():
    grouping = grouped(np.array([7, 3, 7, 9, 3]))
    values = np.array([[1, 2, 3, 4, 6], [0, 0, 1, 0, 0]], np.float32)
    assert grouping.means(values).tolist() == [[2, 4, 2, 4, 4], [0.5, 0, 0.5, 0, 0]]
    assert grouping.sums(values).tolist() == [[8, 4, 4], [0, 1, 0]]
    assert grouping.counts.tolist() == [2, 2, 1]


def test_sums_of_whole_numbers_are_exact_beyond_single_precision():
    values = np.array([1 << 24, 1, 1 << 24, 1], np.float32)
    assert grouped(np.zeros(4)).sums(values).tolist() == [(1 << 25) + 2]


def test_no_lines_have_no_groups():
    grouping = grouped(np.zeros(0, np.int64))
    assert grouping.sums(np.zeros((3, 0), np.float32)).shape == (3, 0)
    assert grouping.means(np.zeros((3, 0), np.float32)).shape == (3, 0)
