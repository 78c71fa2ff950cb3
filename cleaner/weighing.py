"""Why the model thinks what it thinks of the lines of a page: what its features and n-grams had to do with it.

Each line is held against an ordinary one: the middle paragraph of a plain article written for
this. Weights are logits. A positive one speaks for foreign, a negative one for body; those of all
features add up to the difference between the two lines' margins. They tell how the model came to
its score, not what is true of the world, and not which label it chose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import Cleaner
from cleaner.document import Document, Page
from cleaner.features import Gram, feature_names, kins, markup_of
from cleaner.features.meanings import meaning
from cleaner.features.spelled import Spelled, spell
from cleaner.labels import LABELS
from cleaner.model import LineModel
from cleaner.model.credit import gram_credit, tree_credit
from cleaner.model.network_credit import network_credit
from cleaner.rules import load_rules
from cleaner.scoring import Measured, measure
from cleaner.split import HTML, TEXT, page_of
from cleaner.stack import Stack, stack

_ARTICLE = """\
The ferry between Halden and the island of Tolna will not run until the end of March, the harbour board said on \
Monday, after divers found cracks in the main pier.

Around two hundred people cross the strait on a working day. Most of them are pupils and nurses, and for them the \
way by road takes an hour and a half longer.

“We knew that the pier was old, but nobody had expected damage of this kind,” said Anna Berg, who has led the \
board since 2019. She did not want to say what the repairs would cost.

The pier was built in 1961 and last repaired in the nineties. Its pillars stand in water that is eleven metres \
deep, so the work can only be done when the sea is calm.

Until then a smaller boat will carry passengers three times a day, without cars. The council will decide in its \
next meeting whether the buses should run more often."""
NETWORK, CORRECTION = "network", "correction"
"""Names of what the networks make of all but the line itself, and of what an adapted model adds; beside features."""
_MIDDLE = 2
"""The number of the paragraph against which lines are held."""


class Weight(NamedTuple):
    """What one feature of a line had to do with its score."""

    name: str
    value: float
    usual: float
    """The value of the ordinary line."""
    weight: float
    """In logits; positive ones speak for foreign."""

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, with what the feature means."""
        numbers = {"value": _short(self.value), "usual": _short(self.usual), "weight": round(self.weight, 4)}
        return {"name": self.name, "means": meaning(self.name), **numbers}


class Part(NamedTuple):
    """What one n-gram of a line adds to the score of the first stage."""

    gram: Spelled
    weight: float

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"what": self.gram.what, "text": self.gram.text, "weight": round(self.weight, 4)}


class Weighed(NamedTuple):
    """What had to do with the score of one line, the weightiest first."""

    features: tuple[Weight, ...]
    """Of the trees and the networks."""
    grams: tuple[Part, ...]
    """Of the first stage, which hands its sum on as the feature `score`."""

    def as_dict(self, most: int) -> dict[str, Any]:
        """Return the *most* weighty of each sort for JSON."""
        sorts: dict[str, Sequence[Weight | Part]] = {
            "features": self.features,
            "grams": self.grams,
        }
        return {name: [one.as_dict() for one in sort[:most]] for name, sort in sorts.items() if sort}


def weigh(engine: Cleaner, document: Document, page: Page, lines: Sequence[int]) -> list[Weighed]:
    """Weigh some *lines* of the *page* that `Cleaner.explain` made of *document*.

    Without a model there is nothing to weigh: an empty list. It takes some ten milliseconds a line.
    """
    kind = TEXT if engine.front is not None else document.kind
    model = engine.line_model(kind)
    if model is None or not lines:
        return []
    pages = (page, _ordinary(kind))
    laid = stack(pages)
    hits = load_rules().sweep([line.text for page in pages for line in page.lines], laid)
    measured = measure(model, laid, hits, pages if model.kind == HTML else ())
    usual = len(page.lines) + _MIDDLE
    features = _weights(model, measured, _credit(model, pages, laid, measured, (lines, usual)), (lines, usual))
    grams = measured.grams
    parts = _parts(model, page, lines, laid, [gram.spread() for gram in grams])
    return [Weighed(*of_line) for of_line in zip(features, parts, strict=True)]


@cache
def _ordinary(kind: str) -> Page:
    """Return the plain article, one of whose paragraphs lines are held against."""
    if kind == TEXT:
        return page_of(Document("", _ARTICLE))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in _ARTICLE.split("\n\n"))
    return page_of(Document("", f"<html><body><main><article>{body}</article></main></body></html>", HTML))


def _credit(
    model: LineModel, pages: Sequence[Page], laid: Stack, measured: Measured, told: tuple[Sequence[int], int]
) -> NDArray[np.float64]:
    """Return what each feature adds to the margins of some lines, held against the usual one: features by lines.

    *told* are the numbers of these lines and of the usual one.
    """
    lines, usual = list(told[0]), told[1]
    of_trees, of_lines = model.second, measured.features
    seen = int(of_trees.features.max()) + 1
    credit = np.zeros((len(_looked_at(measured)), len(lines)))
    counted = 1.0 if model.network is None else model.blend.trees
    if counted:
        credit[:seen] = counted * tree_credit(of_trees, of_lines[:seen, lines], of_lines[:seen, usual])
    if model.network is not None:
        of_pages = markup_of(pages, laid) if model.kind == HTML else None
        inputs = [_looked_at(measured)]
        credit += network_credit(
            model.network, inputs, laid.page_of(), kins(laid, of_pages), lines, inputs[0][:, usual]
        )
    return credit


def _looked_at(measured: Measured) -> NDArray[np.float32]:
    """Return all that trees and networks look at of the lines themselves, features by lines."""
    around = measured.around
    if around is None or around.named is None:
        return measured.features
    return np.concatenate([measured.features, around.named])


def _weights(
    model: LineModel, measured: Measured, credit: NDArray[np.float64], told: tuple[Sequence[int], int]
) -> list[tuple[Weight, ...]]:
    """Gather by line what its features add, and what is added besides, the weightiest first."""
    lines, usual = told
    names = (*feature_names(model.kind), *(f"like_{label}" for label in LABELS))
    values = _looked_at(measured)
    added = list(_added(model, measured, credit, told))
    weighed = []
    for number, line in enumerate(lines):
        own = [
            Weight(names[at], float(values[at, line]), float(values[at, usual]), float(credit[at, number]))
            for at in np.flatnonzero(credit[:, number]).tolist()
        ]
        own += [of_lines[number] for of_lines in added]
        weighed.append(tuple(sorted(own, key=lambda one: -abs(one.weight))))
    return weighed


def _added(
    model: LineModel, measured: Measured, credit: NDArray[np.float64], told: tuple[Sequence[int], int]
) -> Iterator[list[Weight]]:
    """Yield what is not a matter of single features, of each line.

    Of what the networks say that is what their features do not account for: what they make of the lines around, and
    what the bound of the blend takes off.
    """
    lines, usual = list(told[0]), told[1]
    if measured.around is not None:
        trees = model.second.margins(measured.features)[:, 0] * model.second.scale
        said = measured.around.answers[0]
        both = model.blend.logits(trees, said)
        rest = both[lines] - both[usual] - [math.fsum(of_line) for of_line in credit.T.tolist()]
        yield [_added_weight(NETWORK, said, line, usual, weight) for line, weight in zip(lines, rest, strict=True)]
    if model.correction is not None:
        added = model.correction.scores(measured.grams)[:, 0]
        yield [_added_weight(CORRECTION, added, line, usual, added[line] - added[usual]) for line in lines]


def _added_weight(name: str, said: NDArray[np.float64], line: int, usual: int, weight: float) -> Weight:
    return Weight(name, float(said[line]), float(said[usual]), float(weight))


def _parts(
    model: LineModel, page: Page, lines: Sequence[int], laid: Stack, grams: Sequence[Gram]
) -> list[tuple[Part, ...]]:
    credit_of = [gram_credit(model.first, gram) for gram in grams]
    of_lines = []
    for number in lines:
        sums: dict[Spelled, float] = {}
        for spelled, gram, credit in zip(_spelled(model, page, number, laid), grams, credit_of, strict=True):
            own = credit[gram.bounds[number] : gram.bounds[number + 1]].tolist()
            for one, weight in zip(spelled, own, strict=True):
                sums[one] = sums.get(one, 0.0) + weight
        order = sorted(sums.items(), key=lambda item: -abs(item[1]))
        of_lines.append(tuple(Part(one, weight) for one, weight in order if weight))
    return of_lines


def _spelled(model: LineModel, page: Page, number: int, laid: Stack) -> list[list[Spelled]]:
    return spell(page, number, laid, number, markup=model.kind == HTML)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
