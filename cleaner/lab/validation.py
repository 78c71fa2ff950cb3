"""`cleaner evaluate`: the whole road on documents of sites that its model never saw."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document, Line
from cleaner.lab.curves import LinePoints, line_points
from cleaner.lab.evaluate import Evaluation, score
from cleaner.lab.gold import GoldDocument
from cleaner.lab.mistakes import Mistake, mistakes
from cleaner.lab.samples import sample, with_excerpts
from cleaner.lab.tables import aligned
from cleaner.lab.training import describe, hold_out, lessons_of
from cleaner.lab.unlabelled import Unlabelled
from cleaner.model import save_model
from cleaner.report import Report

RULES = "rules alone"
DEFAULT = Cleaner().mode
Judged = tuple[tuple[Line, float, str], ...]
KINDS = ("residual", "page", "oneline")


@dataclass(frozen=True, slots=True)
class Run:
    """What one way of cleaning did with every document."""

    name: str
    reports: tuple[Report, ...]
    points: tuple[LinePoints, ...] = ()
    """Scores of the lines, for the curve; none for the rules alone."""
    judged: tuple[Judged, ...] = ()
    """The lines with score and source, of the default mode alone."""

    def mistakes(self, documents: Sequence[GoldDocument]) -> list[Mistake]:
        """List the worst of what this run got wrong; empty for a run that does not hold its lines."""
        return mistakes(documents, self.reports, self.judged) if self.judged else []

    def evaluate(self, documents: Sequence[GoldDocument], kind: str | None = None) -> Evaluation:
        """Score this run on the documents of one kind, or on all."""
        chosen = [at for at, document in enumerate(documents) if kind in (None, document.kind)]
        points = [self.points[at] for at in chosen] if self.points else ()
        return score([documents[at] for at in chosen], [self.reports[at].removed for at in chosen], points)


def fold_models(
    documents: Sequence[GoldDocument],
    folder: Path,
    *,
    teach: Sequence[GoldDocument] = (),
    unlabelled: Sequence[Unlabelled] = (),
    seed: int = 0,
) -> Iterator[tuple[Path, list[int]]]:
    """Train a model for each fold of sites on the others, in *folder*; yield its place and what it may judge.

    Those are the numbers of the *documents* that neither its weights nor its thresholds have seen. *teach* are
    documents, and *unlabelled* texts, to learn from that are not measured. Takes hours.
    """
    lessons = with_excerpts(lessons_of(documents, teach, unlabelled), seed=seed)
    lines = sample(lessons)
    held_out = hold_out(lessons, lines, seed=seed)
    for number, parts in enumerate(held_out.models):
        inside = held_out.fold == number
        card, calibration = describe(lessons, lines, held_out.margins, ~inside)
        place = folder / str(number)
        save_model(place, card, {**parts._asdict(), "calibration": calibration})
        yield place, [at for at in np.unique(lines.document[inside]).tolist() if at < len(documents)]


def validate(
    documents: Sequence[GoldDocument],
    teach: Sequence[GoldDocument] = (),
    unlabelled: Sequence[Unlabelled] = (),
    *,
    seed: int = 0,
) -> tuple[Run, ...]:
    """Clean every document in every mode with a model of other sites, and with the rules alone.

    Not only the weights: the thresholds too come from other folds than the document's. *teach*
    are documents, and *unlabelled* texts, to learn from that are not measured.
    """
    reports: dict[str, dict[int, Report]] = {mode: {} for mode in MODES}
    judged: dict[int, Judged] = {}
    with tempfile.TemporaryDirectory(prefix="cleaner-folds-") as folder:
        for place, members in fold_models(documents, Path(folder), teach=teach, unlabelled=unlabelled, seed=seed):
            for mode in MODES:
                reports[mode].update(_clean(Cleaner(mode=mode, model=place), documents, members))
            judged.update((at, _judged(Cleaner(model=place), documents[at])) for at in members)
    # A document without a single line is in no fold, and nothing can be removed from it.
    alone = _clean(Cleaner(rules_only=True), documents, range(len(documents)))
    every = range(len(documents))
    lines_of = tuple(judged.get(at, ()) for at in every)
    scored = tuple(_points(documents[at], lines_of[at]) for at in every)
    runs = [
        Run(mode, tuple(reports[mode].get(at, alone[at]) for at in every), scored, lines_of if mode == DEFAULT else ())
        for mode in MODES
    ]
    return (*runs, Run(RULES, tuple(alone[at] for at in every)))


def summary(scored: Mapping[tuple[str, str], Evaluation]) -> str:
    """Render the main numbers of all runs, by kind and sample, in percent."""
    head = ("", "documents", "body lost", "cruft lines removed", "label right", "span precision", "span recall")
    rows = []
    for (name, kind), evaluation in scored.items():
        for part in (evaluation.total, *evaluation.parts["sample"]):
            tally = part.tally
            shares = (
                tally.body_loss,
                tally.cruft_removed,
                tally.label_accuracy,
                tally.span_precision,
                tally.span_recall,
            )
            where = kind if part is evaluation.total else f"{kind}, {part.name}"
            rows.append((f"{name}, {where}", str(tally.documents), *(f"{100 * share:.2f}" for share in shares)))
    return aligned(head, rows)


def _clean(cleaner: Cleaner, documents: Sequence[GoldDocument], members: Sequence[int]) -> dict[int, Report]:
    given = (Document(documents[at].id, documents[at].text) for at in members)
    return {at: cleaned.report for at, cleaned in zip(members, cleaner.clean_many(given), strict=True)}


def _judged(cleaner: Cleaner, document: GoldDocument) -> Judged:
    page, verdicts, _ = cleaner.explain(Document(document.id, document.text))
    return tuple((line, verdict.score, verdict.source) for line, verdict in zip(page.lines, verdicts, strict=True))


def _points(document: GoldDocument, judged: Judged) -> LinePoints:
    return line_points(document, [line for line, _, _ in judged], [score for _, score, _ in judged])
