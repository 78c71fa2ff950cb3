from dataclasses import replace

import numpy as np
import pytest

from cleaner.features import BITS, KIN, feature_names, fingerprint_of_features
from cleaner.labels import LABELS
from cleaner.model import Calibration, Card, Forest, Linear, save_model
from cleaner.model.network import Network

CHANNELS, LAYERS = 6, 3
"""Of networks with weights by chance."""


def a_linear(outputs, dice):
    weights = np.zeros((1 << BITS, outputs), np.int8)
    weights[:: 1 << 8] = dice.integers(-100, 100, (1 << BITS - 8, outputs))
    return Linear(weights, dice.random(outputs) / 100, dice.normal(size=outputs))


def a_forest(outputs, features, dice):
    shape = (3 * outputs, 7)
    return Forest(
        features=dice.integers(0, features, shape).astype(np.int16),
        thresholds=dice.normal(size=shape).astype(np.float32),
        strikes=dice.integers(0, 128, shape).astype(np.uint8),
        leaves=dice.integers(-1000, 1000, (3 * outputs, 8)).astype(np.int32),
        outputs=outputs,
        scale=2.0**-20,
        base=dice.integers(-1000, 1000, outputs),
    )


def a_network(features: int, dice: np.random.Generator, kins: int = 0, networks: int = 2) -> Network:
    """Networks with weights by chance, whose activations stay between their bounds mostly."""

    def whole(*shape: int) -> np.ndarray:
        return dice.integers(-127, 128, (networks, *shape)).astype(np.int8)

    def gains(*shape: int) -> np.ndarray:
        return (0.01 + 0.02 * dice.random((networks, *shape))).astype(np.float32)

    def biases(*shape: int) -> np.ndarray:
        return dice.normal(0, 50, (networks, *shape)).astype(np.float32)

    return Network(
        centre=dice.normal(size=features).astype(np.float32),
        step=np.full(features, 16, np.float32),
        entry=whole(CHANNELS, features),
        entry_bias=biases(CHANNELS),
        entry_gain=gains(CHANNELS) * 10,
        looks=whole(LAYERS, (3 + kins) * CHANNELS, CHANNELS),
        looks_bias=biases(LAYERS, CHANNELS),
        looks_gain=gains(LAYERS, CHANNELS) / 4,
        adds=whole(LAYERS, CHANNELS, CHANNELS),
        adds_bias=biases(LAYERS, CHANNELS),
        adds_gain=gains(LAYERS, CHANNELS) / 4,
        answers=whole(1 + len(LABELS), CHANNELS),
        answers_bias=biases(1 + len(LABELS)) / 50,
        answers_gain=gains(1 + len(LABELS)) / 100,
    )


@pytest.fixture(scope="session")
def parts():
    """The parts of a model with weights by chance."""
    dice = np.random.default_rng(1)
    count = len(feature_names())
    return {
        "first": a_linear(1, dice),
        "second": a_forest(1, count, dice),
        "calibration": Calibration(np.array([-(1 << 20), 0, 1 << 20]), np.array([0.0, 0.4, 1.0])),
        "names": a_linear(len(LABELS), dice),
        "naming": a_forest(len(LABELS), count + len(LABELS), dice),
        "network": a_network(count + len(LABELS), dice, kins=len(KIN["text"])),
    }


@pytest.fixture(scope="session")
def saved(tmp_path_factory, parts, card):
    """A saved model; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("models") / "saved"
    save_model(folder, card, parts)
    return folder


@pytest.fixture(scope="session")
def card():
    return Card(
        name="by-chance",
        features=feature_names(),
        fingerprint=fingerprint_of_features(),
        labels=tuple(LABELS),
        thresholds={"text": {"careful": 0.8, "balanced": 0.6, "thorough": 0.3}},
        weights_sha256="",
        data=({"file": "a.jsonl", "licence": "CC0-1.0"},),
        counts={"body": 7},
        scores={"balanced": {"body_lost": 0.004}},
        versions={"numpy": "2"},
        seed=3,
    )


@pytest.fixture(scope="session")
def page_folder(tmp_path_factory, parts, card):
    """A saved model of HTML pages with weights by chance and features of markup."""
    dice = np.random.default_rng(2)
    count = len(feature_names("html"))
    stages = {
        "second": a_forest(1, count, dice),
        "naming": a_forest(len(LABELS), count + len(LABELS), dice),
        "network": a_network(count, dice, kins=len(KIN["html"])),
    }
    facts = {
        "features": feature_names("html"),
        "fingerprint": fingerprint_of_features("html"),
        "thresholds": {},
    }
    folder = tmp_path_factory.mktemp("models") / "pages"
    save_model(folder, replace(card, name="pages-by-chance", **facts), {**parts, **stages})
    return folder
