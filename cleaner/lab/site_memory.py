"""What site memory adds: labelled documents cleaned by models of other sites, with and without it.

The memory is learned from raw corpora in which the labelled documents stand; what it says of a line never
counts the document at hand, so each is judged by the rest of its site. The weights of its evidence are fitted
on other sites than the document's, in the same folds as the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import Cleaner
from cleaner.document import Document, Page, Verdict
from cleaner.judge import UNDECIDED
from cleaner.lab.curves import CurvePoint, LinePoints, curve, join_points, line_points
from cleaner.lab.gold import GoldDocument
from cleaner.lab.records import read_records
from cleaner.sites import SITE, Memory
from cleaner.sites.evidence import Seen, seen, signs
from cleaner.stack import stack

Floats = NDArray[np.float64]
_LIST = "folds.json"
_PULL = 1.0
"""Strength of the pull of weights towards nothing (ridge)."""


def keep_folds(documents: Sequence[GoldDocument], models: Iterable[tuple[Path, list[int]]], folder: Path) -> None:
    """Note in *folder*, where the *models* of the folds are, which of them did not see which document."""
    fold_of: dict[str, int] = {}
    for number, (_, members) in enumerate(models):
        fold_of.update((documents[at].id, number) for at in members)
    (folder / _LIST).write_text(json.dumps(fold_of), encoding="utf-8")


def raw_documents(paths: Iterable[Path], labelled: Sequence[GoldDocument]) -> Iterator[Document]:
    """Yield the documents of raw corpora that know their site, and the labelled ones that are not among them."""
    found = set()
    for path in paths:
        for _, record in read_records(path):
            if record.get("domain"):
                found.add(record["id"])
                yield Document(record["id"], record["text"], meta={SITE: record["domain"]})
    for document in labelled:
        if document.id not in found and document.site:
            yield Document(document.id, document.text, meta={SITE: document.site})


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled document as a model of other sites judged it."""

    gold: GoldDocument
    fold: int
    page: Page
    verdicts: tuple[Verdict, ...]
    points: LinePoints
    seen: Seen


def judged(documents: Sequence[GoldDocument], folder: Path, memory: Memory) -> list[Judged]:
    """Judge documents with the models of *folder* and look their lines up."""
    fold_of: Mapping[str, int] = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    rows = []
    for gold in documents:
        if gold.id not in fold_of:
            continue
        engine = Cleaner(model=folder / str(fold_of[gold.id]))
        page, verdicts, _ = engine.explain(Document(gold.id, gold.text))
        points = line_points(gold, page.lines, [verdict.score for verdict in verdicts])
        rows.append(
            Judged(gold, fold_of[gold.id], page, verdicts, points, seen(memory, stack([page]), [gold.site or ""]))
        )
    return rows


class Lines(NamedTuple):
    """The lines of judged documents end to end."""

    points: LinePoints
    signs: Floats
    """Lines by signs, 0 where a rule decided."""
    fold: NDArray[np.int64]
    of: NDArray[np.int64]
    """Other documents of the site."""


def lines_of(rows: Sequence[Judged]) -> Lines:
    """Lay judged documents end to end."""
    points = join_points([row.points for row in rows])
    open_ = np.concatenate([[verdict.source in (*UNDECIDED, "context") for verdict in row.verdicts] for row in rows])
    return Lines(
        points,
        np.concatenate([signs(row.seen) for row in rows]) * open_[:, None],
        np.repeat([row.fold for row in rows], [len(row.verdicts) for row in rows]),
        np.concatenate([row.seen.of for row in rows]),
    )


def weights(lines: Lines, among: NDArray[np.bool_]) -> Floats:
    """Fit what each sign adds to the model's log-odds: logistic regression upon them, by Newton's method."""
    said = np.abs(lines.signs).any(axis=1) & among
    x, y, base = lines.signs[said], lines.points.is_cruft[said], _odds(lines.points.scores[said])
    fitted = np.zeros(x.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(base + x @ fitted)))
        gradient = x.T @ (y - chance) - _PULL * fitted
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + _PULL * np.eye(len(fitted))
        step = np.linalg.solve(bend, gradient)
        fitted += step
        if np.abs(step).max() < 1e-6:
            break
    return fitted


def held_out_lifts(lines: Lines) -> Floats:
    """Return the log-odds that memory adds to each line, by weights of other folds."""
    lifted = np.zeros(len(lines.fold))
    for fold in np.unique(lines.fold).tolist():
        inside = lines.fold == fold
        lifted[inside] = lines.signs[inside] @ weights(lines, ~inside)
    return lifted


def curves(lines: Lines, lifts: Floats, rows: NDArray[np.bool_]) -> dict[str, tuple[CurvePoint, ...]]:
    """Return the curve of some lines without and with the memory."""
    scores, chars, cruft = lines.points.scores[rows], lines.points.chars[rows], lines.points.is_cruft[rows]
    return {
        "without": curve(scores, chars, cruft),
        "with": curve(raised(scores, lifts[rows]), chars, cruft),
    }


def raised(scores: Floats, lifts: Floats) -> Floats:
    """Add log-odds to probabilities."""
    return np.where(lifts == 0, scores, 1 / (1 + np.exp(-(_odds(scores) + lifts))))


def _odds(scores: Floats) -> Floats:
    sure = np.clip(scores, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(sure / (1 - sure)))
