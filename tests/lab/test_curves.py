import numpy as np
import pytest

from cleaner.lab.curves import curve, join_points, line_points, reliability
from cleaner.lab.gold import gold_document
from cleaner.split import split

SCORES = [0.9, 0.8, 0.7, 0.6, 0.6, 0.1]
CHARS = [5, 5, 10, 5, 20, 70]
CRUFT = [True, True, False, True, False, False]
# Falling: cruft, cruft, 10 of 100 body characters, then cruft and 20 body characters together.


@pytest.mark.parametrize(
    ("limit", "removed", "lost", "threshold"),
    [
        (0.0, 2 / 3, 0.0, 0.8),
        (0.09, 2 / 3, 0.0, 0.8),
        (0.1, 2 / 3, 0.1, 0.7),
        (0.29, 2 / 3, 0.1, 0.7),
        (0.3, 1.0, 0.3, 0.6),
        (1.0, 1.0, 1.0, 0.1),
    ],
)
def test_the_curve_takes_lines_of_equal_score_together(limit, removed, lost, threshold):
    (point,) = curve(SCORES, CHARS, CRUFT, limits=[limit])
    assert point == pytest.approx((limit, removed, lost, threshold))


def test_when_the_highest_score_is_too_dear_there_is_no_threshold():
    (point,) = curve([0.9, 0.5], [10, 0], [False, True], limits=[0.5])
    assert point == (0.5, 0.0, 0.0, None)


def test_scores_that_are_all_alike_cannot_tell_anything_apart():
    (point,) = curve([0.5] * 6, CHARS, CRUFT, limits=[0.99])
    assert point.cruft_removed == 0


def test_no_lines_make_an_empty_curve():
    assert [point.cruft_removed for point in curve([], [], [])] == [0.0] * 6


def test_reliability_by_hand():
    table = reliability([0.05, 0.05, 0.95, 1.0], [False, True, True, True])
    assert table.bins[0] == pytest.approx((0.0, 0.1, 2, 0.05, 0.5))
    assert table.bins[9] == pytest.approx((0.9, 1.0, 2, 0.975, 1.0))
    assert [entry.lines for entry in table.bins] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert table.brier == pytest.approx((0.0025 + 0.9025 + 0.0025 + 0) / 4)
    assert table.gap == pytest.approx((2 * 0.45 + 2 * 0.025) / 4)


def test_a_perfect_score_has_no_error():
    table = reliability([0.0, 1.0], [False, True])
    assert (table.brier, table.gap) == (0.0, 0.0)
    assert reliability([], []).brier == 0.0


def test_points_of_a_document_know_body_and_cruft():
    spans = [{"line": 0, "start": 4, "end": 8, "text": "WXYZ", "label": "ad"}]
    document = gold_document(
        {"id": "x", "lines": ["ab  WXYZ cdefg", "Share"], "labels": ["body", "social"], "spans": spans}
    )
    points = line_points(document, split(document.text).lines, [0.2, 0.7])
    assert points.chars.tolist() == [7, 0]
    assert points.is_cruft.tolist() == [False, True]
    joined = join_points([points, points])
    assert joined.scores.tolist() == [0.2, 0.7, 0.2, 0.7]
    assert joined.is_cruft.dtype == np.bool_
    assert len(join_points([]).scores) == 0
