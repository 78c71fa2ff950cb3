"""`cleaner evaluate`: the whole road on documents of sites that its model never saw."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document, Removal
from cleaner.lab.curves import LinePoints, line_points
from cleaner.lab.evaluate import Evaluation, score
from cleaner.lab.gold import GoldDocument
from cleaner.lab.samples import gold_lesson, sample, weak_lessons
from cleaner.lab.training import WEAK_SHARE, describe, hold_out
from cleaner.model import save_model

RULES = "rules alone"
KINDS = ("residual", "page", "oneline")


@dataclass(frozen=True, slots=True)
class Run:
    """What one way of cleaning did with every document."""

    name: str
    removals: tuple[tuple[Removal, ...], ...]
    points: tuple[LinePoints, ...] = ()
    """Scores of the lines, for the curve; none for the rules alone."""

    def evaluate(self, documents: Sequence[GoldDocument], kind: str | None = None) -> Evaluation:
        """Score this run on the documents of one kind, or on all."""
        chosen = [at for at, document in enumerate(documents) if kind in (None, document.kind)]
        points = [self.points[at] for at in chosen] if self.points else ()
        return score([documents[at] for at in chosen], [self.removals[at] for at in chosen], points)


def validate(documents: Sequence[GoldDocument], weak: Sequence[Path] = (), *, seed: int = 0) -> tuple[Run, ...]:
    """Clean every document in every mode with a model of other sites, and with the rules alone.

    Not only the weights: the thresholds too come from other folds than the document's.
    """
    lessons = [*map(gold_lesson, documents), *(lesson for path in weak for lesson in weak_lessons(path, WEAK_SHARE))]
    lines = sample(lessons)
    held_out = hold_out(lessons, lines, seed=seed)
    removals: dict[str, list[tuple[Removal, ...]]] = {mode: [()] * len(documents) for mode in MODES}
    points: list[LinePoints] = [line_points(document, (), ()) for document in documents]
    with tempfile.TemporaryDirectory(prefix="cleaner-folds-") as folder:
        for number, parts in enumerate(held_out.models):
            inside = held_out.fold == number
            card, calibration = describe(lessons, lines, held_out.margins, ~inside)
            place = Path(folder) / str(number)
            save_model(place, card, {**parts._asdict(), "calibration": calibration})
            members = np.unique(lines.document[inside & lines.named]).tolist()
            for mode in MODES:
                for at, removed in zip(
                    members, _clean(Cleaner(mode=mode, model=place), documents, members), strict=True
                ):
                    removals[mode][at] = removed
            for at in members:
                points[at] = _points(Cleaner(model=place), documents[at])
    alone = tuple(_clean(Cleaner(rules_only=True), documents, range(len(documents))))
    runs = [Run(mode, tuple(removals[mode]), tuple(points)) for mode in MODES]
    return (*runs, Run(RULES, alone))


def _clean(cleaner: Cleaner, documents: Sequence[GoldDocument], members: Sequence[int]) -> list[tuple[Removal, ...]]:
    given = (Document(documents[at].id, documents[at].text) for at in members)
    return [cleaned.report.removed for cleaned in cleaner.clean_many(given)]


def _points(cleaner: Cleaner, document: GoldDocument) -> LinePoints:
    page, verdicts, _ = cleaner.explain(Document(document.id, document.text))
    return line_points(document, page.lines, [verdict.score for verdict in verdicts])
