"""What a line is among its neighbours: small convolutional networks over the lines of a page, in integers.

Every line begins as its features; each layer lets it look at the line so many above and below it, adds what
that says to what is known of the line already (residual connections, He et al., CVPR 2016), and looks twice
as far as the layer before (dilated convolutions, Yu and Koltun, ICLR 2016). Web2Text (Vogels et al., ECIR
2018) was the first to read a page's blocks like this. A line also looks at the mean of its kin: of all lines
of the page, and of those that look like it.

Several networks that began from other weights by chance see the same lines, and what they say is averaged: where one
is sure by accident the others seldom are (Hansen and Salamon, IEEE PAMI 1990).

Weights and activations are whole numbers, small enough that every sum is exact in single precision. So the
answer depends neither on the order in which a library for linear algebra adds, nor on the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.grouping import Grouping

Floats = NDArray[np.float32]

EXACT = 1 << 24
"""Whole numbers up to here are exact in single precision."""
STEPS, SIGMAS = 16, 4
"""A feature is measured in so many steps a standard deviation, and cut off after so many of these."""
ACTIVE = 1000
"""The highest activation."""
SIDES = 3
"""A convolution sees the line above, the line itself and the line below."""
_WINDOW = 2048
"""Lines that are read at once; what a layer holds of them fits into the cache of a core."""
_ALONE = 1 << 18
"""OpenBLAS hands products of more multiplications than this to several threads, which workers beside
each other would only fight over."""
_ROWS = 32
"""Rows of weights that are multiplied at once: with more of them at a time, blocks of lines get so narrow that
OpenBLAS spends more on packing than on multiplying."""


class Network(NamedTuple):
    """Weights of N networks with F features, H channels and B layers; whole numbers stand in for 32-bit floats."""

    centre: Floats
    """F: what is taken from each feature, after the root of its size."""
    step: Floats
    """F: one over the width of a step."""
    entry: NDArray[np.int8]
    """N by H by F."""
    entry_bias: Floats
    entry_gain: Floats
    """N by H: from sums to activations."""
    looks: NDArray[np.int8]
    """N by B by (3 + K)H by H: what a layer makes of the line above, the line, the line below, and the means of K
    kins."""
    looks_bias: Floats
    looks_gain: Floats
    adds: NDArray[np.int8]
    """N by B by H by H: what it adds to what is known."""
    adds_bias: Floats
    adds_gain: Floats
    answers: NDArray[np.int8]
    """N by A by H: the first one says how foreign a line is, the others how much it is like each label."""
    answers_bias: Floats
    answers_gain: Floats
    """N by A: from sums to logits."""

    def logits(
        self, inputs: Sequence[NDArray[np.float32]], page_of: NDArray[np.int64], kins: Sequence[Grouping] = ()
    ) -> NDArray[np.float64]:
        """Return all answers about each line among the lines of its page, in logits: answers by lines.

        *inputs* are features by lines, one below the other; *page_of* is the number of each line's page, *kins*
        say which lines are of one sort, in as many senses as the networks have learned.
        """
        known = self.entered(inputs, len(page_of))
        total = np.zeros((self.answers.shape[1], len(page_of)))
        for one in range(len(known)):
            for layer in range(self.layers):
                known[one] = self.looked(one, layer, known[one], page_of, kins)
            answers = product(self.answers[one].astype(np.float32), known[one]).astype(np.float64)
            total += answers * self.answers_gain[one, :, None] + self.answers_bias[one, :, None]
        return total / len(known)

    @property
    def layers(self) -> int:
        """How often a line looks around, each time twice as far."""
        return int(self.looks.shape[1])

    @property
    def reach(self) -> int:
        """How many lines above and below a line have to do with its score, kin aside."""
        return (1 << self.layers) - 1

    def entered(self, inputs: Sequence[NDArray[np.float32]], count: int) -> Floats:
        """Return what is known of each line by itself: networks by channels by lines."""
        known = np.empty((*self.entry.shape[:2], count), np.float32)
        entries = self.entry.astype(np.float32)
        for lines in _windows(count):
            quantised = self.quantised([part[:, lines] for part in inputs])
            for one, entry in enumerate(entries):
                sums = product(entry, quantised)
                known[one, :, lines] = _activated(sums, self.entry_bias[one], self.entry_gain[one], 0)
        return known

    def of_kin(self, one: int, layer: int, known: Floats, kins: Sequence[Grouping]) -> list[Floats]:
        """Return what a layer of one network makes of the mean of each line's kin, in one sense after the other."""
        of_kins = self.looks[one, layer, SIDES * len(known) :].astype(np.float32)
        return [
            kin.means(product(of_kins[low : low + len(known)], known))
            for low, kin in zip(range(0, len(of_kins), len(known)), kins, strict=True)
        ]

    def looked(
        self, one: int, layer: int, known: Floats, page_of: NDArray[np.int64], kins: Sequence[Grouping]
    ) -> Floats:
        """Return what one network knows of all lines after a layer."""
        looks, adds = (weights[one, layer].astype(np.float32) for weights in (self.looks, self.adds))
        sides = looks[: SIDES * len(known)]
        said = self.of_kin(one, layer, known, kins)
        distance, count = 1 << layer, known.shape[1]
        after = np.empty_like(known)
        for lines in _windows(count):
            first, stop = max(0, lines.start - distance), min(count, lines.stop + distance)
            seen = beside(product(sides, known[:, first:stop]), page_of[first:stop], distance)
            seen = seen[:, lines.start - first : lines.stop - first]
            for of_kin in said:
                seen += of_kin[:, lines]
            seen = _activated(seen, self.looks_bias[one, layer], self.looks_gain[one, layer], 0)
            added = _activated(product(adds, seen), self.adds_bias[one, layer], self.adds_gain[one, layer], -ACTIVE)
            added += known[:, lines]
            np.clip(added, -ACTIVE, ACTIVE, out=after[:, lines])
        return after

    def quantised(self, inputs: Sequence[NDArray[np.float32]]) -> Floats:
        """Return features in whole steps from their centre, cut off on both sides."""
        laid = np.concatenate([rooted(part) for part in inputs])
        laid -= self.centre[:, None]
        laid *= self.step[:, None]
        np.rint(laid, out=laid)
        return np.clip(laid, -STEPS * SIGMAS, STEPS * SIGMAS, out=laid)


def _windows(count: int) -> Iterator[slice]:
    return (slice(low, min(low + _WINDOW, count)) for low in range(0, count, _WINDOW))


def rooted(features: NDArray[np.float32]) -> Floats:
    """Return the root of each feature's size, with its sign: counts and lengths reach far to one side."""
    return np.copysign(np.sqrt(np.abs(features)), features)


def product(weights: Floats, of_lines: Floats) -> Floats:
    """Multiply *weights* with a matrix of channels by lines, some rows and some lines at a time."""
    out = np.empty((len(weights), of_lines.shape[1]), np.float32)
    for low in range(0, len(weights), _ROWS):
        rows = weights[low : low + _ROWS]
        blocked, rest = _blocks(of_lines, max(1, _ALONE // rows.size))
        into, rest_into = _blocks(out[low : low + _ROWS], blocked.shape[-1])
        np.matmul(rows, blocked, out=into)
        np.matmul(rows, rest, out=rest_into)
    return out


def _blocks(of_lines: Floats, width: int) -> tuple[Floats, Floats]:
    """Return views of as many lines: whole blocks of *width*, as blocks by channels by lines, and what is left."""
    whole = of_lines.shape[1] // width
    blocked = of_lines[:, : whole * width].reshape(len(of_lines), whole, width).transpose(1, 0, 2)
    return blocked, of_lines[:, whole * width :]


def beside(sides: Floats, page_of: NDArray[np.int64], distance: int) -> Floats:
    """Add up what is said of the line above, the line itself and the line below, stacked as 3H by lines.

    Above and below are at a *distance* in lines; lines of other pages say nothing.
    """
    above, own, below = sides.reshape(SIDES, -1, sides.shape[1])
    if distance < len(page_of):
        same = page_of[distance:] == page_of[:-distance]
        own[:, distance:] += above[:, :-distance] * same
        own[:, :-distance] += below[:, distance:] * same
    return own


def _activated(sums: Floats, bias: Floats, gain: Floats, lowest: int) -> Floats:
    """Turn sums into activations, in place."""
    sums *= gain[:, None]
    sums += bias[:, None]
    np.rint(sums, out=sums)
    return np.clip(sums, lowest, ACTIVE, out=sums)


def most(width: int, active: int) -> int:
    """Return the highest weight at which sums of *width* products with activations up to *active* are exact."""
    return min(127, EXACT // (width * active))
