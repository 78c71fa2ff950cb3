"""Why the model thinks what it thinks of the lines of a page: what its features and n-grams had to do with it.

Each line is held against an ordinary one: the middle paragraph of a plain article written for
this. Weights are logits. A positive one speaks for foreign, a negative one for body; those of all
features add up to the difference between the two lines' margins. They tell how the model came to
its score, not what is true of the world, and not which label it chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import Cleaner
from cleaner.document import Document, Page
from cleaner.features import Gram, feature_names
from cleaner.features.meanings import meaning
from cleaner.features.spelled import Spelled, spell
from cleaner.model import Around, Forest, LineModel
from cleaner.model.credit import gram_credit, tree_credit
from cleaner.rules import load_rules
from cleaner.scoring import measure
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
"""Names of what the network and an adapted model add, beside those of the features."""
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
    """Of the second stage."""
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

    Without a model there is nothing to weigh: an empty list. It takes about a millisecond a line.
    """
    kind = TEXT if engine.front is not None else document.kind
    model = engine.line_model(kind)
    if model is None or not lines:
        return []
    pages = (page, _ordinary(kind))
    laid = stack(pages)
    hits = load_rules().sweep([line.text for page in pages for line in page.lines], laid)
    grams, measured, around, _ = measure(model, laid, hits, pages if model.kind == HTML else ())
    usual, of_lines = measured[:, len(page.lines) + _MIDDLE], measured[:, list(lines)]
    features = _weights(model.second, of_lines, usual, model.kind)
    for name, added in _added(model, grams, around):
        features = _joined(features, name, added[list(lines)], added[len(page.lines) + _MIDDLE])
    parts = _parts(model, page, lines, laid, [gram.spread() for gram in grams])
    return [Weighed(*of_line) for of_line in zip(features, parts, strict=True)]


@cache
def _ordinary(kind: str) -> Page:
    """Return the plain article, one of whose paragraphs lines are held against."""
    if kind == TEXT:
        return page_of(Document("", _ARTICLE))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in _ARTICLE.split("\n\n"))
    return page_of(Document("", f"<html><body><main><article>{body}</article></main></body></html>", HTML))


def _weights(
    forest: Forest, of_lines: NDArray[np.float32], usual: NDArray[np.float32], kind: str
) -> list[tuple[Weight, ...]]:
    names = feature_names(kind)[: len(usual)]
    seen = int(forest.features.max()) + 1
    credit = tree_credit(forest, of_lines[:seen], usual[:seen])
    weighed = []
    for line in range(credit.shape[1]):
        order = np.argsort(-np.abs(credit[:, line]), kind="stable")
        weights = [
            Weight(names[at], float(of_lines[at, line]), float(usual[at]), float(credit[at, line]))
            for at in order[credit[order, line] != 0].tolist()
        ]
        weighed.append(tuple(weights))
    return weighed


def _added(model: LineModel, grams: Sequence[Gram], around: Around | None) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield what parts of the model beside the trees add to the margin of every line, by name."""
    if around is not None:
        yield NETWORK, around.answers[0]
    if model.correction is not None:
        yield CORRECTION, model.correction.scores(grams)[:, 0]


def _joined(
    features: Sequence[tuple[Weight, ...]], name: str, added: NDArray[np.float64], usual: float
) -> list[tuple[Weight, ...]]:
    """Put what a part adds to each line among the weights of its features."""
    weighed = []
    for of_line, own in zip(features, added.tolist(), strict=True):
        weight = Weight(name, own, float(usual), own - float(usual))
        weighed.append(tuple(sorted((*of_line, weight), key=lambda one: -abs(one.weight))))
    return weighed


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
