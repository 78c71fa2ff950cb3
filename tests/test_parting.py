"""Each page finds the probability from which on its lines go."""

import numpy as np
import pytest

from cleaner.document import Document, Verdict
from cleaner.labels import Label
from cleaner.parting import BETAS, CERTAIN, expected_f1, partings
from cleaner.split import page_of
from cleaner.stack import stack


def laid_out(*pages):
    return stack([page_of(Document("", "\n".join(lines))) for lines in pages])


def parted(chances, laid, beta=1.0):
    return partings(np.array(chances), laid, beta).tolist()


def expected_f(chances, chars, threshold, beta):
    """Return the F-measure to be expected, straight from its definition."""
    kept = chances < threshold
    hits, body = ((1 - chances) * chars)[kept].sum(), ((1 - chances) * chars).sum()
    return (1 + beta**2) * hits / (chars[kept].sum() + beta**2 * body)


def test_a_sure_page_parts_between_its_body_and_its_cruft():
    laid = laid_out(["a" * 90, "b" * 90, "c" * 20])
    (threshold,) = parted([0.02, 0.1, 0.85], laid)
    assert 0.1 < threshold <= 0.85


def test_a_page_that_the_model_doubts_keeps_its_best_lines():
    laid = laid_out(["a" * 90, "b" * 90, "c" * 90])
    (threshold,) = parted([0.7, 0.72, 0.89], laid)
    assert threshold == pytest.approx(0.7201)


def test_what_is_certain_goes_though_it_be_the_best_of_its_page():
    assert parted([0.95, 0.99], laid_out(["Accept all", "Reject all"])) == [CERTAIN]


@pytest.mark.parametrize("beta", BETAS.values())
def test_no_other_threshold_would_make_more_of_the_page(beta):
    dice = np.random.default_rng(7)
    for _ in range(50):
        lines = ["x" * int(size) for size in dice.integers(1, 300, 12)]
        chances = np.round(dice.random(12) * 0.89, 4)
        (threshold,) = parted(chances, laid_out(lines), beta)
        chars = np.array([len(line) for line in lines])
        best = max(expected_f(chances, chars, at + 1e-4, beta) for at in chances)
        assert expected_f(chances, chars, threshold, beta) == pytest.approx(best)


def test_bolder_modes_never_remove_less():
    assert BETAS["careful"] > BETAS["balanced"] > BETAS["thorough"]
    dice = np.random.default_rng(8)
    for _ in range(50):
        laid = laid_out(["x" * int(size) for size in dice.integers(1, 300, 30)])
        chances = np.round(dice.random(30), 4)
        thresholds = [parted(chances, laid, BETAS[mode])[0] for mode in ("careful", "balanced", "thorough")]
        assert thresholds == sorted(thresholds, reverse=True)


def test_pages_do_not_know_of_each_other():
    first, second = ["a" * 40, "b" * 10], ["c" * 300, "d" * 7, "e" * 80]
    chances = [0.2, 0.6], [0.8, 0.81, 0.4]
    together = parted([*chances[0], *chances[1]], laid_out(first, second))
    assert together == [*parted(chances[0], laid_out(first)), *parted(chances[1], laid_out(second))]


def test_pages_without_lines_have_a_threshold_too():
    laid = laid_out([], ["a" * 40], [])
    assert len(parted([0.2], laid)) == 3
    assert parted([], laid_out([])) == [CERTAIN]


def fit(*lines):
    """Return what is expected of lines given as text, probability, and whether they stay."""
    page = page_of(Document("", "\n".join(text for text, _, _ in lines)))
    verdicts = [Verdict(Label.BODY if keep else Label.AD, keep, "model", score) for _, score, keep in lines]
    return expected_f1(page, verdicts)


def test_all_is_expected_of_a_page_that_is_sure():
    assert fit(("a" * 80, 0.0, True), ("b" * 20, 1.0, False)) == 1.0


def test_what_is_left_and_what_is_lost_both_count_by_their_characters():
    assert fit(("a" * 80, 0.0, True), ("b" * 80, 1.0, True)) == pytest.approx(2 / 3, abs=0.01)
    assert fit(("a" * 80, 0.0, True), ("b" * 80, 0.0, False)) == pytest.approx(2 / 3, abs=0.01)
    assert fit(("a" * 80, 0.0, True), ("b" * 8, 1.0, True)) > 0.9


def test_nothing_is_expected_of_a_page_of_which_nothing_stays():
    assert fit(("a" * 80, 0.95, False)) == 0.0
    assert fit(("a" * 80, 1.0, False)) == 0.0
