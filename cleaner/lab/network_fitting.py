"""Fitting the network over lines with NumPy alone, and rounding it to whole numbers.

A page is a row of lines and a batch some pages laid end to end, so nothing is padded. The labels of lines are
learned beside the question whether they are foreign: what tells sorts of cruft apart tells cruft from body, too
(multi-task learning, Caruana 1997). Optimised by Adam with decoupled weight decay (Loshchilov and Hutter,
ICLR 2019) over one cycle of the learning rate (Smith 2018).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.labels import LABELS
from cleaner.model.network import ACTIVE, SIDES, SIGMAS, STEPS, Network, most, rooted

CHANNELS, LAYERS = 48, 3
"""Half as many and twice as many channels do as well within a point on held-out sites."""
EPOCHS, PAGES = 9, 24
"""So often all lines are seen; so many pages are a batch."""
RATE, DECAY, DROPOUT, DROPPED_ADDS = 2e-3, 0.02, 0.3, 0.2
LABELLED = 1.0
"""What naming a line counts beside finding it. At a fifth of that names are worse, and finding is no better."""
_LONGEST = 200
"""Pages of more lines are learned in parts."""
_MEANS = 0.9, 0.999
_HIGHEST_NORM = 1.0
_WARMING = 0.3
"""Share of the steps in which the learning rate rises."""

Floats = NDArray[np.float32]
Weights = dict[str, Floats]


class Task(NamedTuple):
    """What is to be learned of each line."""

    foreign: Floats
    codes: NDArray[np.int64]
    weights: Floats

    def of(self, lines: NDArray[Any]) -> Task:
        """Return the task of some lines."""
        return Task(self.foreign[lines], self.codes[lines], self.weights[lines])


class _Seen(NamedTuple):
    """What the way back needs of the way there."""

    entry: Floats
    known: list[Floats]
    """Before each layer, and after the last."""
    looked: list[Floats]
    masks: list[Floats]
    """What dropout left: of the entry, then of what each layer adds."""


def fit_network(
    features: Floats, task: Task, page_of: NDArray[np.int64], rows: NDArray[np.bool_], *, seed: int
) -> Network:
    """Learn from the lines in *rows*; *features* are features by lines.

    A page is either learned from or not: *rows* hold all of its lines or none.
    """
    learned = rooted(features[:, rows])
    centre = learned.mean(axis=1, dtype=np.float64).astype(np.float32)
    spread = learned.std(axis=1, dtype=np.float64).astype(np.float32) + np.float32(1e-3)
    inputs = np.clip((learned.T - centre) / spread, -SIGMAS, SIGMAS).astype(np.float32)
    inputs = np.rint(inputs * STEPS) / np.float32(STEPS)
    task, page_of = task.of(rows), page_of[rows]
    random = np.random.default_rng(seed)
    weights = _started(len(features), random)
    _descend(weights, inputs, task, page_of, random)
    return _rounded(weights, centre, STEPS / spread, inputs, page_of)


def _started(features: int, random: np.random.Generator) -> Weights:
    def drawn(*shape: int) -> Floats:
        widest = 1 / math.sqrt(shape[-2])
        return random.uniform(-widest, widest, shape).astype(np.float32)

    return {
        "entry": drawn(features, CHANNELS),
        "entry_bias": np.zeros(CHANNELS, np.float32),
        **{f"looks{layer}": drawn(SIDES * CHANNELS, CHANNELS) for layer in range(LAYERS)},
        **{f"looks_bias{layer}": np.zeros(CHANNELS, np.float32) for layer in range(LAYERS)},
        **{f"adds{layer}": drawn(CHANNELS, CHANNELS) for layer in range(LAYERS)},
        **{f"adds_bias{layer}": np.zeros(CHANNELS, np.float32) for layer in range(LAYERS)},
        "answers": drawn(CHANNELS, 1 + len(LABELS)),
        "answers_bias": np.zeros(1 + len(LABELS), np.float32),
    }


def _descend(
    weights: Weights, inputs: Floats, task: Task, page_of: NDArray[np.int64], random: np.random.Generator
) -> None:
    """Change *weights* in place, batch after batch."""
    pages = _pages(page_of)
    mean, square = ({name: np.zeros_like(of) for name, of in weights.items()} for _ in range(2))
    steps = EPOCHS * -(-len(pages) // PAGES)
    for step, lines in enumerate(_batches(pages, random), 1):
        seen, answers = forward(weights, inputs[lines], page_of[lines], random)
        slopes = back(weights, inputs[lines], page_of[lines], seen, loss_slope(answers, task.of(lines)))
        norm = math.sqrt(sum(float((slope**2).sum()) for slope in slopes.values()))
        shrink = min(1.0, _HIGHEST_NORM / (norm + 1e-6))
        rate = _rate(step / steps)
        for name, slope in slopes.items():
            mean[name] += (1 - _MEANS[0]) * (slope * shrink - mean[name])
            square[name] += (1 - _MEANS[1]) * ((slope * shrink) ** 2 - square[name])
            moved = mean[name] / (1 - _MEANS[0] ** step)
            size = np.sqrt(square[name] / (1 - _MEANS[1] ** step)) + 1e-8
            weights[name] -= rate * (moved / size + DECAY * weights[name])


def _pages(page_of: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the numbers of each page's lines; long pages in parts of about equal length."""
    pages = np.split(np.arange(len(page_of)), np.flatnonzero(np.diff(page_of)) + 1)
    return [part for page in pages for part in np.array_split(page, -(-len(page) // _LONGEST)) if len(part)]


def _batches(pages: list[NDArray[np.int64]], random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(EPOCHS):
        order = random.permutation(len(pages))
        for low in range(0, len(order), PAGES):
            yield np.concatenate([pages[at] for at in order[low : low + PAGES]])


def _rate(done: float) -> float:
    """Return the learning rate when a share of the steps is *done*: up and down along half waves."""
    if done < _WARMING:
        return RATE * (0.04 + 0.96 * (1 - math.cos(math.pi * done / _WARMING)) / 2)
    return RATE * (1 + math.cos(math.pi * (done - _WARMING) / (1 - _WARMING))) / 2


def loss(answers: Floats, task: Task) -> float:
    """Return what *answers*, lines by 1 + labels, cost a line: finding foreign lines, and naming all."""
    found, named = answers[:, 0].astype(np.float64), answers[:, 1:].astype(np.float64)
    finding = np.logaddexp(0, found) - found * task.foreign
    naming = np.log(np.exp(named).sum(axis=1)) - named[np.arange(len(named)), task.codes]
    return float((finding * task.weights).mean() + LABELLED * naming.mean())


def loss_slope(answers: Floats, task: Task) -> Floats:
    """Return how `loss` changes with each answer."""
    slope = np.empty_like(answers)
    slope[:, 0] = (1 / (1 + np.exp(-answers[:, 0])) - task.foreign) * task.weights
    odds = np.exp(answers[:, 1:] - answers[:, 1:].max(axis=1, keepdims=True))
    slope[:, 1:] = LABELLED * odds / odds.sum(axis=1, keepdims=True)
    slope[np.arange(len(answers)), 1 + task.codes] -= LABELLED
    return slope / np.float32(len(answers))


def forward(
    weights: Weights, inputs: Floats, page_of: NDArray[np.int64], random: np.random.Generator | None = None
) -> tuple[_Seen, Floats]:
    """Return what was seen on the way, and the answers, lines by 1 + labels; without *random* nothing is dropped."""
    entry = np.maximum(inputs @ weights["entry"] + weights["entry_bias"], 0)
    masks = [_mask(entry.shape, DROPOUT, random)]
    known, looked = [entry * masks[0]], []
    for layer in range(LAYERS):
        sides = _sides(known[-1], page_of, 1 << layer)
        looked.append(np.maximum(sides @ weights[f"looks{layer}"] + weights[f"looks_bias{layer}"], 0))
        masks.append(_mask(entry.shape, DROPPED_ADDS, random))
        added = looked[-1] @ weights[f"adds{layer}"] + weights[f"adds_bias{layer}"]
        known.append(known[-1] + added * masks[-1])
    return _Seen(entry, known, looked, masks), known[-1] @ weights["answers"] + weights["answers_bias"]


def back(weights: Weights, inputs: Floats, page_of: NDArray[np.int64], seen: _Seen, slope: Floats) -> Weights:
    """Return the slopes of all weights from those of the answers (back-propagation)."""
    slopes = {"answers": seen.known[-1].T @ slope, "answers_bias": slope.sum(axis=0)}
    known = slope @ weights["answers"].T
    for layer in reversed(range(LAYERS)):
        added, looked = known * seen.masks[layer + 1], seen.looked[layer]
        slopes[f"adds{layer}"], slopes[f"adds_bias{layer}"] = looked.T @ added, added.sum(axis=0)
        sums = np.where(looked > 0, added @ weights[f"adds{layer}"].T, np.float32(0))
        sides = _sides(seen.known[layer], page_of, 1 << layer)
        slopes[f"looks{layer}"], slopes[f"looks_bias{layer}"] = sides.T @ sums, sums.sum(axis=0)
        known = known + _unsided(sums @ weights[f"looks{layer}"].T, page_of, 1 << layer)
    sums = np.where(seen.entry > 0, known * seen.masks[0], np.float32(0))
    return {**slopes, "entry": inputs.T @ sums, "entry_bias": sums.sum(axis=0)}


def _mask(shape: tuple[int, ...], dropped: float, random: np.random.Generator | None) -> Floats:
    if random is None:
        return np.ones(shape, np.float32)
    return np.where(random.random(shape, np.float32) < dropped, np.float32(0), np.float32(1 / (1 - dropped)))


def _sides(known: Floats, page_of: NDArray[np.int64], distance: int) -> Floats:
    """Return what is known of the line above, the line and the line below, beside each other."""
    same = (page_of[distance:] == page_of[:-distance])[:, None]
    sides = np.zeros((len(known), SIDES, known.shape[1]), np.float32)
    sides[:, 1] = known
    sides[distance:, 0] = known[:-distance] * same
    sides[:-distance, 2] = known[distance:] * same
    return sides.reshape(len(known), -1)


def _unsided(slope: Floats, page_of: NDArray[np.int64], distance: int) -> Floats:
    """Return the slope of what is known from that of `_sides`."""
    same = (page_of[distance:] == page_of[:-distance])[:, None]
    above, own, below = np.moveaxis(slope.reshape(len(slope), SIDES, -1), 1, 0)
    total = own.copy()
    total[:-distance] += above[distance:] * same
    total[distance:] += below[:-distance] * same
    return total


def _rounded(weights: Weights, centre: Floats, step: Floats, inputs: Floats, page_of: NDArray[np.int64]) -> Network:
    """Round weights and activations to whole numbers that no line learned from goes beyond."""
    seen, _ = forward(weights, inputs, page_of)
    # What is known has one scale throughout, since layers add to it.
    unit = max(float(np.abs(known).max()) for known in seen.known) / ACTIVE
    looked = [max(float(of_layer.max()), 1e-6) / ACTIVE for of_layer in seen.looked]
    entry, entry_scale = _whole(weights["entry"], STEPS * SIGMAS)
    looks = [_whole(weights[f"looks{layer}"], ACTIVE) for layer in range(LAYERS)]
    adds = [_whole(weights[f"adds{layer}"], ACTIVE) for layer in range(LAYERS)]
    answers, answers_scale = _whole(weights["answers"], ACTIVE)
    return Network(
        centre=centre,
        step=step,
        entry=entry,
        entry_bias=_single(weights["entry_bias"] / unit),
        entry_gain=_single(entry_scale / STEPS / unit),
        looks=np.stack([_stacked(whole) for whole, _ in looks]),
        looks_bias=_single([weights[f"looks_bias{layer}"] / looked[layer] for layer in range(LAYERS)]),
        looks_gain=_single([looks[layer][1] * unit / looked[layer] for layer in range(LAYERS)]),
        adds=np.stack([whole for whole, _ in adds]),
        adds_bias=_single([weights[f"adds_bias{layer}"] / unit for layer in range(LAYERS)]),
        adds_gain=_single([adds[layer][1] * looked[layer] / unit for layer in range(LAYERS)]),
        answers=answers,
        answers_bias=weights["answers_bias"],
        answers_gain=_single(answers_scale * unit),
    )


def _whole(weights: Floats, active: int) -> tuple[NDArray[np.int8], Floats]:
    """Return weights turned over, outputs by inputs, as whole numbers, and what one is worth, by output."""
    highest = most(len(weights), active)
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / highest
    return np.rint(weights / scale).astype(np.int8).T, scale.astype(np.float32)


def _stacked(looks: NDArray[np.int8]) -> NDArray[np.int8]:
    """Turn outputs by sides and inputs into sides and outputs by inputs, as `Network.looks` has them."""
    parts: Any = looks.reshape(len(looks), SIDES, -1)
    return np.concatenate(list(np.moveaxis(parts, 1, 0)))


def _single(values: Any) -> Floats:
    return np.asarray(values, np.float32)
