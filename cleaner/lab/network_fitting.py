"""Fitting the networks over lines with NumPy alone, and rounding them to whole numbers.

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

from cleaner.grouping import Grouping, grouped
from cleaner.labels import LABELS
from cleaner.model.network import ACTIVE, SIDES, SIGMAS, STEPS, Network, most, rooted

LAYERS = 3
PAGES = 24
"""So many pages are a batch."""
_FEWEST_STEPS = 100
"""Little to learn from is seen oftener than the recipe says, until so many batches were."""
RATE, DECAY = 2e-3, 0.02
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
    """How likely it is that the line should go."""
    named: Floats
    """Lines by labels: how likely each is, nothing where nobody knows."""
    weights: Floats
    """What it counts that the line is found, 0 where nobody knows."""

    def of(self, lines: NDArray[Any]) -> Task:
        """Return the task of some lines."""
        return Task(self.foreign[lines], self.named[lines], self.weights[lines])


def known_labels(codes: NDArray[np.int64]) -> Floats:
    """Return lines by labels: 1 for the label of the number in *codes*, nothing where that is -1."""
    return np.asarray(codes[:, None] == np.arange(len(LABELS)), np.float32)


class Nearby(NamedTuple):
    """Which lines are on one page, and which are kin, in one sense after the other."""

    page_of: NDArray[np.int64]
    kins: tuple[Grouping, ...] = ()


class Places(NamedTuple):
    """Where lines stand, by numbers: of their page, and of their kin on it in one sense after the other."""

    page_of: NDArray[np.int64]
    kins: tuple[NDArray[np.int64], ...] = ()

    def of(self, lines: NDArray[Any]) -> Places:
        """Return the places of some lines."""
        return Places(self.page_of[lines], tuple(kin[lines] for kin in self.kins))

    def nearby(self) -> Nearby:
        """Return which of these lines are together."""
        return Nearby(self.page_of, tuple(grouped(kin) for kin in self.kins))


class Recipe(NamedTuple):
    """What is different for texts and pages."""

    epochs: int
    """So often all lines are seen, if they are many."""
    labelled: float
    """What naming a line counts beside finding it."""
    dropped: float
    """Share of what is known of a line at first that is dropped, so that no channel is leaned on too much."""
    dropped_adds: float
    """The same for what each layer adds."""
    channels: int = 48
    """Numbers that are known of a line."""
    networks: int = 1
    """So many begin from weights of their own, and are averaged."""
    hidden: float = 0.0
    """Share of the features that is hidden on all lines of a page at once, others on each page and each time it is
    seen: what only holds together on the sites learned from is not learned by heart (feature-wise dropout, as in
    Srivastava et al., JMLR 2014)."""


class Dropping(NamedTuple):
    """What share of activations is dropped by chance, see `Recipe`; nothing without *random*."""

    known: float = 0.0
    adds: float = 0.0
    random: np.random.Generator | None = None


NOTHING = Dropping()


class _Seen(NamedTuple):
    """What the way back needs of the way there."""

    entry: Floats
    known: list[Floats]
    """Before each layer, and after the last."""
    looked: list[Floats]
    masks: list[Floats]
    """What dropout left: of the entry, then of what each layer adds."""


def fit_network(
    features: Floats, task: Task, places: Places, rows: NDArray[np.bool_], recipe: Recipe, *, seed: int
) -> Network:
    """Learn from the lines in *rows*, as many networks as the *recipe* asks for; *features* are features by lines.

    A page is either learned from or not: *rows* hold all of its lines or none.
    """
    learned = rooted(features[:, rows])
    centre = learned.mean(axis=1, dtype=np.float64).astype(np.float32)
    spread = learned.std(axis=1, dtype=np.float64).astype(np.float32) + np.float32(1e-3)
    inputs = np.clip((learned.T - centre) / spread, -SIGMAS, SIGMAS).astype(np.float32)
    inputs = np.rint(inputs * STEPS) / np.float32(STEPS)
    task, places = task.of(rows), places.of(rows)
    rounded = []
    for number in range(recipe.networks):
        random = np.random.default_rng((seed, number))
        weights = _started(len(features), recipe.channels, len(places.kins), random)
        _descend(weights, inputs, (task, places), recipe, random)
        rounded.append(_rounded(weights, inputs, places))
    together = {name: np.stack([one[name] for one in rounded]) for name in rounded[0]}
    return Network(centre=centre, step=STEPS / spread, **together)


def _started(features: int, channels: int, kins: int, random: np.random.Generator) -> Weights:
    def drawn(*shape: int) -> Floats:
        widest = 1 / math.sqrt(shape[-2])
        return random.uniform(-widest, widest, shape).astype(np.float32)

    return {
        "entry": drawn(features, channels),
        "entry_bias": np.zeros(channels, np.float32),
        **{f"looks{layer}": drawn((SIDES + kins) * channels, channels) for layer in range(LAYERS)},
        **{f"looks_bias{layer}": np.zeros(channels, np.float32) for layer in range(LAYERS)},
        **{f"adds{layer}": drawn(channels, channels) for layer in range(LAYERS)},
        **{f"adds_bias{layer}": np.zeros(channels, np.float32) for layer in range(LAYERS)},
        "answers": drawn(channels, 1 + len(LABELS)),
        "answers_bias": np.zeros(1 + len(LABELS), np.float32),
    }


def _descend(
    weights: Weights, inputs: Floats, lessons: tuple[Task, Places], recipe: Recipe, random: np.random.Generator
) -> None:
    """Change *weights* in place, batch after batch."""
    task, places = lessons
    pages = _pages(places.page_of)
    mean, square = ({name: np.zeros_like(of) for name, of in weights.items()} for _ in range(2))
    batches = -(-len(pages) // PAGES)
    epochs = max(recipe.epochs, -(-_FEWEST_STEPS // batches))
    steps = epochs * batches
    for step, lines in enumerate(_batches(pages, epochs, random), 1):
        nearby = places.of(lines).nearby()
        shown = _shown(inputs[lines], nearby.page_of, recipe.hidden, random)
        seen, answers = forward(weights, shown, nearby, Dropping(recipe.dropped, recipe.dropped_adds, random))
        slopes = back(weights, shown, nearby, seen, loss_slope(answers, task.of(lines), recipe.labelled))
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


def _batches(pages: list[NDArray[np.int64]], epochs: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(epochs):
        order = random.permutation(len(pages))
        for low in range(0, len(order), PAGES):
            yield np.concatenate([pages[at] for at in order[low : low + PAGES]])


def _shown(inputs: Floats, page_of: NDArray[np.int64], hidden: float, random: np.random.Generator) -> Floats:
    """Hide a share of the features of each page: they are as if they had their mean."""
    if not hidden:
        return inputs
    nth = np.cumsum(np.diff(page_of, prepend=page_of[0]) != 0)
    shown = random.random((int(nth[-1]) + 1, inputs.shape[1]), np.float32) >= hidden
    return np.where(shown[nth], inputs, np.float32(0))


def _rate(done: float) -> float:
    """Return the learning rate when a share of the steps is *done*: up and down along half waves."""
    if done < _WARMING:
        return RATE * (0.04 + 0.96 * (1 - math.cos(math.pi * done / _WARMING)) / 2)
    return RATE * (1 + math.cos(math.pi * (done - _WARMING) / (1 - _WARMING))) / 2


def loss(answers: Floats, task: Task, labelled: float) -> float:
    """Return what *answers*, lines by 1 + labels, cost: finding foreign lines, and naming those of known label."""
    found, known = answers[:, 0].astype(np.float64), task.named.any(axis=1)
    said, named = answers[known, 1:].astype(np.float64), task.named[known]
    finding = np.logaddexp(0, found) - found * task.foreign
    naming = named * (np.log(np.exp(said).sum(axis=1, keepdims=True)) - said)
    return float((finding * task.weights).mean() + labelled * naming.sum() / max(1, len(named)))


def loss_slope(answers: Floats, task: Task, labelled: float) -> Floats:
    """Return how `loss` changes with each answer."""
    slope = np.zeros_like(answers)
    # Beyond eighty logits, where `exp` would overflow, chances are 0 and 1 anyway.
    chances = 1 / (1 + np.exp(-np.clip(answers[:, 0], -80, 80)))
    slope[:, 0] = (chances - task.foreign) * task.weights / np.float32(len(answers))
    known = np.flatnonzero(task.named.any(axis=1))
    slope[known, 1:] = (shares(answers[known, 1:]) - task.named[known]) * np.float32(labelled / max(1, len(known)))
    return slope


def shares(logits: Floats) -> Floats:
    """Return the chances of labels, lines by labels, which add up to 1 in each line (softmax)."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def forward(weights: Weights, inputs: Floats, nearby: Nearby, dropping: Dropping = NOTHING) -> tuple[_Seen, Floats]:
    """Return what was seen on the way, and the answers, lines by 1 + labels."""
    entry = np.maximum(inputs @ weights["entry"] + weights["entry_bias"], 0)
    masks = [_mask(entry.shape, dropping.known, dropping.random)]
    known, looked = [entry * masks[0]], []
    for layer in range(LAYERS):
        sides = _sides(known[-1], nearby, 1 << layer)
        looked.append(np.maximum(sides @ weights[f"looks{layer}"] + weights[f"looks_bias{layer}"], 0))
        masks.append(_mask(entry.shape, dropping.adds, dropping.random))
        added = looked[-1] @ weights[f"adds{layer}"] + weights[f"adds_bias{layer}"]
        known.append(known[-1] + added * masks[-1])
    return _Seen(entry, known, looked, masks), known[-1] @ weights["answers"] + weights["answers_bias"]


def back(weights: Weights, inputs: Floats, nearby: Nearby, seen: _Seen, slope: Floats) -> Weights:
    """Return the slopes of all weights from those of the answers (back-propagation)."""
    slopes = {"answers": seen.known[-1].T @ slope, "answers_bias": slope.sum(axis=0)}
    known = slope @ weights["answers"].T
    for layer in reversed(range(LAYERS)):
        added, looked = known * seen.masks[layer + 1], seen.looked[layer]
        slopes[f"adds{layer}"], slopes[f"adds_bias{layer}"] = looked.T @ added, added.sum(axis=0)
        sums = np.where(looked > 0, added @ weights[f"adds{layer}"].T, np.float32(0))
        sides = _sides(seen.known[layer], nearby, 1 << layer)
        slopes[f"looks{layer}"], slopes[f"looks_bias{layer}"] = sides.T @ sums, sums.sum(axis=0)
        known = known + _unsided(sums @ weights[f"looks{layer}"].T, nearby, 1 << layer)
    sums = np.where(seen.entry > 0, known * seen.masks[0], np.float32(0))
    return {**slopes, "entry": inputs.T @ sums, "entry_bias": sums.sum(axis=0)}


def _mask(shape: tuple[int, ...], dropped: float, random: np.random.Generator | None) -> Floats:
    if random is None:
        return np.ones(shape, np.float32)
    return np.where(random.random(shape, np.float32) < dropped, np.float32(0), np.float32(1 / (1 - dropped)))


def _sides(known: Floats, nearby: Nearby, distance: int) -> Floats:
    """Return what is known of the line above, the line, the line below, and its kin on average, beside each other."""
    same = (nearby.page_of[distance:] == nearby.page_of[:-distance])[:, None]
    sides = np.zeros((len(known), SIDES + len(nearby.kins), known.shape[1]), known.dtype)
    sides[:, 1] = known
    sides[distance:, 0] = known[:-distance] * same
    sides[:-distance, 2] = known[distance:] * same
    for number, kin in enumerate(nearby.kins, SIDES):
        sides[:, number] = kin.means(known.T).T
    return sides.reshape(len(known), -1)


def _unsided(slope: Floats, nearby: Nearby, distance: int) -> Floats:
    """Return the slope of what is known from that of `_sides`."""
    same = (nearby.page_of[distance:] == nearby.page_of[:-distance])[:, None]
    above, own, below, *of_kins = np.moveaxis(slope.reshape(len(slope), SIDES + len(nearby.kins), -1), 1, 0)
    total = own.copy()
    total[:-distance] += above[distance:] * same
    total[distance:] += below[:-distance] * same
    # A mean changes with each of its lines as with every other, and its slopes with it.
    for of_kin, kin in zip(of_kins, nearby.kins, strict=True):
        total += kin.means(of_kin.T).T
    return total


def _rounded(weights: Weights, inputs: Floats, places: Places) -> dict[str, NDArray[Any]]:
    """Round weights and activations to whole numbers that no line learned from goes beyond.

    Return them as `Network` has them, of one network.
    """
    seen, _ = forward(weights, inputs, places.nearby())
    channels = weights["entry"].shape[1]
    # What is known has one scale throughout, since layers add to it.
    unit = max(float(np.abs(known).max()) for known in seen.known) / ACTIVE
    looked = [max(float(of_layer.max()), 1e-6) / ACTIVE for of_layer in seen.looked]
    entry, entry_scale = _whole(weights["entry"], most(len(weights["entry"]), STEPS * SIGMAS))
    # What kin say is added to the exact sum of the three sides afterwards.
    looks = [_whole(weights[f"looks{layer}"], most(SIDES * channels, ACTIVE)) for layer in range(LAYERS)]
    adds = [_whole(weights[f"adds{layer}"], most(channels, ACTIVE)) for layer in range(LAYERS)]
    answers, answers_scale = _whole(weights["answers"], most(channels, ACTIVE))
    return {
        "entry": entry,
        "entry_bias": _single(weights["entry_bias"] / unit),
        "entry_gain": _single(entry_scale / STEPS / unit),
        "looks": np.stack([_stacked(whole) for whole, _ in looks]),
        "looks_bias": _single([weights[f"looks_bias{layer}"] / looked[layer] for layer in range(LAYERS)]),
        "looks_gain": _single([looks[layer][1] * unit / looked[layer] for layer in range(LAYERS)]),
        "adds": np.stack([whole for whole, _ in adds]),
        "adds_bias": _single([weights[f"adds_bias{layer}"] / unit for layer in range(LAYERS)]),
        "adds_gain": _single([adds[layer][1] * looked[layer] / unit for layer in range(LAYERS)]),
        "answers": answers,
        "answers_bias": weights["answers_bias"],
        "answers_gain": _single(answers_scale * unit),
    }


def _whole(weights: Floats, highest: int) -> tuple[NDArray[np.int8], Floats]:
    """Return weights turned over, outputs by inputs, as whole numbers, and what one is worth, by output."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / highest
    return np.rint(weights / scale).astype(np.int8).T, scale.astype(np.float32)


def _stacked(looks: NDArray[np.int8]) -> NDArray[np.int8]:
    """Turn outputs by sides and inputs into sides and outputs by inputs, as `Network.looks` has them."""
    parts: Any = looks.reshape(len(looks), -1, len(looks))
    return np.concatenate(list(np.moveaxis(parts, 1, 0)))


def _single(values: Any) -> Floats:
    return np.asarray(values, np.float32)
