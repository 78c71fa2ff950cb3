from dataclasses import replace

import numpy as np

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


def test_a_label_is_the_likeliest_of_those_asked_for(parts, card):
    model = LineModel(card, "0123456789abcdef", **parts)
    laid = stack([split("One line.\nAdvertisement\n|")])
    measured = np.random.default_rng(0).normal(size=(len(feature_names()), 3)).astype(np.float32)
    named = model.names.scores(grams(laid)).T.astype(np.float32)
    margins = model.naming.margins(np.concatenate([measured, named]))
    for among in (np.array(KEPT_AT), np.setdiff1d(np.arange(len(LABELS)), KEPT_AT)):
        expected = among[margins[:, among].argmax(axis=1)]
        assert model.likeliest(measured, grams(laid), among).tolist() == expected.tolist()


def test_a_model_goes_by_name_and_digest_and_knows_its_thresholds(parts, card):
    model = LineModel(card, "0123456789abcdef", **parts)
    assert model.name == "by-chance@0123456789ab"
    assert model.threshold("careful") == 0.8


def test_a_model_without_thresholds_is_one_of_pages(card, parts):
    assert LineModel(card, "", **parts).kind == "text"
    assert LineModel(replace(card, thresholds={}), "", **parts).kind == "html"


def test_margins_are_what_trees_and_network_say_together(parts, card):
    laid = stack([split("One line.\nAdvertisement\n|"), split("Another page.")])
    measured = np.random.default_rng(0).normal(size=(len(feature_names()), 4)).astype(np.float32)
    with_network = LineModel(card, "", **parts)
    alone = replace(with_network, network=None)
    named = parts["names"].scores(grams(laid)).T.astype(np.float32)
    added = parts["network"].logits((measured, named), laid.page_of())
    told = with_network.surroundings(measured, grams(laid), laid.page_of())
    assert np.array_equal(told, added)
    assert alone.surroundings(measured, grams(laid), laid.page_of()) is None
    trees = alone.margins(measured, grams(laid), laid.page_of())
    assert np.array_equal(trees, parts["second"].margins(measured)[:, 0])
    assert np.array_equal(
        with_network.margins(measured, grams(laid), laid.page_of()),
        trees + np.rint(added / parts["second"].scale).astype(np.int64),
    )
