"""What each feature of a line had to do with what the networks say of it.

Integrated gradients (Sundararajan, Taly and Yan, ICML 2017): the features of the line go in small steps from those of
another line to its own, and each gets the mean slope along the way times how far it went. The lines around stay as
they are, and so does what kin say. Activations are not rounded here, so credits add up to what the way changes but
for a small rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.grouping import Grouping
from cleaner.model.network import ACTIVE, SIDES, Floats, Network

_STEPS = 8
"""Stations on the way; twice as many change a credit little and take twice as long."""


class _Around(NamedTuple):
    """What stands around one line: W lines, the line itself in the middle."""

    known: Floats
    """H by W: what is known of each by itself."""
    said: Floats
    """B by H by W: what kin say in each layer."""
    there: NDArray[np.bool_]
    """W: which of them are lines of the page."""


class _Layer(NamedTuple):
    """What the way back needs of a layer: which activations were not at a bound, where nothing has a slope."""

    seen: NDArray[np.bool_]
    added: NDArray[np.bool_]
    after: NDArray[np.bool_]


def network_credit(
    network: Network,
    inputs: Sequence[NDArray[np.float32]],
    page_of: NDArray[np.int64],
    kins: Sequence[Grouping],
    lines: Sequence[int],
    usual: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Return what each feature of some *lines* adds to how foreign they are, held against the features *usual*.

    In logits, features by lines. *inputs*, *page_of* and *kins* are what `Network.logits` takes.
    """
    quantised = network.quantised([part[:, list(lines)] for part in inputs])
    start = network.quantised([usual[:, None]])
    far = quantised - start
    middles = (np.arange(_STEPS) + 0.5) / _STEPS
    known = network.entered(inputs, len(page_of))
    credit = np.zeros(quantised.shape)
    for one, of_one in enumerate(known):
        said = _said(network, one, of_one, page_of, kins)
        for number, line in enumerate(lines):
            way = start + far[:, [number]] * middles
            slopes = _slopes(network, one, way.astype(np.float32), _around(of_one, said, page_of, line))
            credit[:, number] += far[:, number] * slopes / len(known)
    return credit


def _said(
    network: Network, one: int, known: Floats, page_of: NDArray[np.int64], kins: Sequence[Grouping]
) -> list[Floats]:
    """Return what kin say in each layer: channels by lines."""
    said = []
    for layer in range(network.layers):
        said.append(np.sum([np.zeros_like(known), *network.of_kin(one, layer, known, kins)], axis=0))
        known = network.looked(one, layer, known, page_of, kins)
    return said


def _around(known: Floats, said: Sequence[Floats], page_of: NDArray[np.int64], line: int) -> _Around:
    reach = (1 << len(said)) - 1
    wide = np.arange(line - reach, line + reach + 1)
    at = np.clip(wide, 0, len(page_of) - 1)
    there = (wide == at) & (page_of[at] == page_of[line])
    return _Around(known[:, at], np.stack([of_layer[:, at] for of_layer in said]), there)


def _slopes(network: Network, one: int, way: Floats, around: _Around) -> NDArray[np.float64]:
    """Return how the answer changes with each feature of the middle line, on average over the stations of its *way*.

    Arrays are stations by lines by channels.
    """
    entry = network.entry[one].astype(np.float32)
    gain, bias = network.entry_gain[one], network.entry_bias[one]
    entered = (entry @ way).T * gain + bias
    middle = len(around.there) // 2
    known = np.repeat(around.known.T[None], way.shape[1], axis=0)
    known[:, middle] = np.clip(entered, 0, ACTIVE)
    known *= around.there[:, None]
    layers = []
    for layer in range(network.layers):
        known, moved = _forward(network, (one, layer), known, around)
        layers.append(moved)
    slope = np.zeros_like(known)
    slope[:, middle] = network.answers[one, 0].astype(np.float32) * network.answers_gain[one, 0]
    for layer in reversed(range(network.layers)):
        slope = _back(network, (one, layer), slope, layers[layer]) * around.there[:, None]
    moved_entry = (entered > 0) & (entered < ACTIVE)
    return np.asarray(((slope[:, middle] * moved_entry * gain) @ entry).mean(axis=0, dtype=np.float64))


def _forward(network: Network, at: tuple[int, int], known: Floats, around: _Around) -> tuple[Floats, _Layer]:
    """Let all lines look around once, as `Network.looked` does."""
    above, own, below = _sides(network, at)
    distance = 1 << at[1]
    seen = known @ own.T + around.said[at[1]].T
    seen[:, distance:] += known[:, :-distance] @ above.T
    seen[:, :-distance] += known[:, distance:] @ below.T
    seen = seen * network.looks_gain[at] + network.looks_bias[at]
    active = np.clip(seen, 0, ACTIVE)
    added = active @ network.adds[at].astype(np.float32).T * network.adds_gain[at] + network.adds_bias[at]
    after = known + np.clip(added, -ACTIVE, ACTIVE)
    moved = _Layer((seen > 0) & (seen < ACTIVE), np.abs(added) < ACTIVE, np.abs(after) < ACTIVE)
    return np.clip(after, -ACTIVE, ACTIVE) * around.there[:, None], moved


def _back(network: Network, at: tuple[int, int], slope: Floats, moved: _Layer) -> Floats:
    """Return how the answer changes with what was known before a layer, from how it does with what is known after."""
    above, own, below = _sides(network, at)
    distance = 1 << at[1]
    slope = slope * moved.after
    seen = (slope * moved.added * network.adds_gain[at]) @ network.adds[at].astype(np.float32)
    seen *= moved.seen * network.looks_gain[at]
    before: Floats = slope + seen @ own
    before[:, :-distance] += seen[:, distance:] @ above
    before[:, distance:] += seen[:, :-distance] @ below
    return before


def _sides(network: Network, at: tuple[int, int]) -> Floats:
    channels = network.entry.shape[1]
    return np.asarray(network.looks[at][: SIDES * channels], np.float32).reshape(SIDES, channels, channels)
