import numpy as np
import pytest

from cleaner.features import feature_names, grams
from cleaner.labels import KEPT, LABELS
from cleaner.model import Calibration, LineModel
from cleaner.split import split
from cleaner.stack import stack

KEPT_AT = [at for at, label in enumerate(LABELS) if label in KEPT]


def test_probabilities_rise_with_margins_and_stop_at_the_ends():
    curve = Calibration(np.array([-100, 0, 100]), np.array([0.1, 0.3, 0.9]))
    chances = curve.probability(np.array([-1000, -100, -50, 0, 50, 100, 1000]))
    assert chances.tolist() == [0.1, 0.1, 0.2, 0.3, 0.6, 0.9, 0.9]


@pytest.mark.parametrize("foreign", [0.0, 0.25, 1.0])
def test_labels_share_out_what_the_second_stage_says(parts, card, foreign):
    model = LineModel(card, "0123456789abcdef", **parts)
    laid = stack([split("One line.\nAdvertisement\n|")])
    measured = np.random.default_rng(0).normal(size=(len(feature_names()), 3)).astype(np.float32)
    odds = model.labels(measured, grams(laid), np.full(3, foreign))
    assert odds.shape == (3, len(LABELS))
    assert (odds >= 0).all()
    assert np.allclose(odds.sum(axis=1), 1)
    assert np.allclose(odds[:, KEPT_AT].sum(axis=1), 1 - foreign)


def test_a_model_goes_by_name_and_digest_and_knows_its_thresholds(parts, card):
    model = LineModel(card, "0123456789abcdef", **parts)
    assert model.name == "by-chance@0123456789ab"
    assert model.threshold("careful", "text") == 0.8
