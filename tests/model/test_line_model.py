from dataclasses import replace

import numpy as np

from cleaner.features import feature_names, grams, kins
from cleaner.labels import KEPT, LABELS
from cleaner.model import Blend, Calibration, LineModel
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
        assert model.likeliest(measured, grams(laid), None, among).tolist() == expected.tolist()


def test_a_model_goes_by_name_and_digest_and_knows_its_thresholds(parts, card):
    model = LineModel(card, "0123456789abcdef", **parts)
    assert model.name == "by-chance@0123456789ab"
    assert model.threshold("careful") == 0.8


def test_a_model_without_thresholds_is_one_of_pages(card, parts):
    assert LineModel(card, "", **parts).kind == "text"
    assert LineModel(replace(card, thresholds={}), "", **parts).kind == "html"


def test_the_network_adds_to_how_foreign_a_line_is_and_to_its_labels(parts, card):
    laid = stack([split("One line.\nAdvertisement\n|"), split("Another page.")])
    measured = np.random.default_rng(0).normal(size=(len(feature_names()), 4)).astype(np.float32)
    model, of_lines = LineModel(card, "", **parts), grams(laid)
    named = parts["names"].scores(of_lines).T.astype(np.float32)
    around = model.surroundings(measured, of_lines, laid.page_of(), kins(laid))
    assert np.array_equal(around.named, named)
    assert np.array_equal(around.answers, parts["network"].logits((measured, named), laid.page_of(), kins(laid)))
    assert replace(model, network=None).surroundings(measured, of_lines, laid.page_of(), kins(laid)) is None
    trees = model.margins(measured, of_lines, None)
    assert np.array_equal(trees, parts["second"].margins(measured)[:, 0])
    added = np.rint(around.answers[0] / parts["second"].scale).astype(np.int64)
    assert np.array_equal(model.margins(measured, of_lines, around), trees + added)
    half = replace(model, blend=Blend(trees=0.5, ahead=-20.0))
    logits = trees * parts["second"].scale
    held_back = np.minimum(around.answers[0], logits - 20)
    assert (held_back < around.answers[0]).any()
    found = half.margins(measured, of_lines, around) * parts["second"].scale
    assert np.allclose(found, logits / 2 + held_back, atol=1e-5)
    among = np.array([3, 5, 9])
    plain = model.label_scores(measured, of_lines, None, among)
    told = model.label_scores(measured, of_lines, around, among)
    assert np.allclose(told - plain, around.answers[1 + among].T, atol=1e-9)
