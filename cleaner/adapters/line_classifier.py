"""For scikit-learn: our own line model as a classifier, trained by the code that trains the shipped one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.adapters.rows import is_missing
from cleaner.document import Page
from cleaner.errors import InputError, MissingExtra
from cleaner.labels import KEPT, LABELS, Label
from cleaner.model import LineModel, save_model
from cleaner.rules import load_rules
from cleaner.scoring import measure
from cleaner.split import split
from cleaner.stack import stack

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils.validation import check_is_fitted
except ImportError as error:
    raise MissingExtra("this estimator", "sklearn") from error

_KEPT = np.array([at for at, label in enumerate(LABELS) if label in KEPT])
_FOREIGN = np.array([at for at, label in enumerate(LABELS) if label not in KEPT])


class LineClassifier(ClassifierMixin, BaseEstimator):
    """Tell what the lines of documents are: the model alone, without the rules' verdicts and neighbours.

    X has two or three columns and a row for each line, the lines of a document in their order:
    the name of the document, the line, and the site that it comes from. Lines of one site are never
    parted when held-out scores are made; without that column or a value in it each document is a site of its own.

    Parameters
    ----------
    random_state : int, default=0
        Deals the sites and seeds the trees; the same lines give the same model.

    Attributes
    ----------
    classes_ : ndarray of str
        The fifteen labels, in the order of the columns of `predict_proba`.
    card_ : cleaner.model.Card
        Held-out scores, and the thresholds of the modes.
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, X: Any, y: Sequence[str]) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn from labelled lines; what is said of blank lines is not looked at.

        Raises `InputError` for lines or labels that do not fit, `SettingError` for fewer than five
        sites, `MissingExtra` without SciPy.
        """
        from cleaner.lab.gold import gold_document
        from cleaner.lab.samples import gold_lesson
        from cleaner.lab.training import learn

        labels = list(y)
        documents = _documents(X, len(labels))
        records = [
            {"id": name, "source": name, "site": site, "lines": lines, "labels": [labels[row] for row in rows]}
            for name, site, lines, rows in documents
        ]
        lessons = [gold_lesson(gold_document(record)) for record in records]
        self.card_, self.parts_ = learn(lessons, seed=self.random_state, name="lines")
        self.classes_ = np.array([label.value for label in LABELS])
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return how likely each line has each label, lines by labels; a blank line is body."""
        check_is_fitted(self)
        documents = _documents(X)
        pages = [split("\n".join(document.lines)) for document in documents]
        judged = _judge(LineModel(self.card_, "", **self.parts_), pages)
        blank = np.eye(len(LABELS))[[LABELS.index(Label.BODY)]]
        found = np.zeros((sum(len(document.rows) for document in documents), len(LABELS)))
        first = 0
        for document, page in zip(documents, pages, strict=True):
            stop = first + len(page.lines)
            # The last row is that of blank lines, which -1 stands for.
            found[list(document.rows)] = np.concatenate([judged[first:stop], blank])[_units(document.lines, page)]
            first = stop
        return found

    def predict(self, X: Any) -> NDArray[np.str_]:  # noqa: N803
        """Return the label of each line: the likeliest one of the likelier side, kept or foreign.

        A foreign line often has several likely labels, none of which alone outdoes body.
        """
        chances = self.predict_proba(X)
        side = chances[:, _FOREIGN].sum(axis=1, keepdims=True) >= 0.5
        foreign = np.isin(np.arange(len(LABELS)), _FOREIGN)
        return np.asarray(self.classes_[np.where(side == foreign, chances, -1.0).argmax(axis=1)])

    def save(self, folder: str | Path) -> None:
        """Write the model for `Cleaner(model=folder)` and `cleaner clean --model`."""
        check_is_fitted(self)
        save_model(Path(folder), self.card_, self.parts_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.no_validation = True
        return tags


class _Document(NamedTuple):
    name: str
    site: str | None
    lines: list[str]
    rows: list[int]


def _documents(X: Any, count: int | None = None) -> list[_Document]:  # noqa: N803
    table = np.asarray(X, dtype=object)
    if table.ndim != 2 or table.shape[1] not in (2, 3):
        raise InputError("a line needs the name of its document, its text and perhaps its site: two or three columns")
    if count not in (None, len(table)):
        raise InputError(f"{count} labels given for {len(table)} lines")
    documents: dict[str, _Document] = {}
    for row, (name, line, *told) in enumerate(table.tolist()):
        if not isinstance(line, str):
            raise InputError(f"the line is {type(line).__name__}, not str", place=f"row {row}")
        site = None if not told or is_missing(told[0]) else str(told[0])
        document = documents.setdefault(name, _Document(str(name), site, [], []))
        document.lines.append(line)
        document.rows.append(row)
    return list(documents.values())


def _judge(model: LineModel, pages: Sequence[Page]) -> NDArray[np.float64]:
    """Return the probabilities of all labels for the lines of *pages*, lines by labels."""
    laid = stack(pages)
    hits = load_rules().sweep([line.text for page in pages for line in page.lines], laid)
    of_lines, measured, around, _ = measure(model, laid, hits)
    foreign = model.foreign(measured, of_lines, around)
    chances = np.zeros((laid.count, len(LABELS)))
    for among, side in ((_FOREIGN, foreign), (_KEPT, 1 - foreign)):
        scores = model.label_scores(measured, of_lines, around, among)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances[:, among] = side[:, None] * odds / odds.sum(axis=1, keepdims=True)
    return chances


def _units(lines: Sequence[str], page: Page) -> list[int]:
    """Return for each given line the number of the product's line that has most of it, -1 for blank ones.

    The product judges paragraphs of hard-wrapped text and pieces of long lines.
    """
    bounds = accumulate((len(line) + 1 for line in lines), initial=0)
    units, at = [], 0
    for begin, end in pairwise(bounds):
        while at < len(page.lines) and page.lines[at].end <= begin:
            at += 1
        best, most, number = -1, 0, at
        while number < len(page.lines) and page.lines[number].start < end - 1:
            shared = min(end - 1, page.lines[number].end) - max(begin, page.lines[number].start)
            best, most = (number, shared) if shared > most else (best, most)
            number += 1
        units.append(best)
    return units
