"""Which documents to look at first: where the machine is unsure, where rules and model differ, what is rare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cleaner.cleaning import Cleaner
from cleaner.document import Document, Page, Verdict
from cleaner.labels import KEPT, Label
from cleaner.review.decisions import Decisions, Part
from cleaner.rules import load_rules
from cleaner.scoring import ask, measure
from cleaner.split import HTML
from cleaner.stack import stack

_LOOKED, _ODD = 5, 3
"""Doubtful lines that count, and lines where rules and model differ; length alone makes no page doubtful."""
_CLOSE = 0.5
"""From this closeness on a line is shown as doubtful: its odds are within twice those of the threshold."""
_EDGE = 1e-4
"""Scores have four digits."""


class Judged(NamedTuple):
    """A document as the machine sees it."""

    document: Document
    page: Page
    verdicts: tuple[Verdict, ...]
    decided: Decisions
    close: tuple[float, ...]
    """How near each line's score is to the threshold, 0 to 1."""
    odd: tuple[bool, ...]
    """Where a rule says otherwise than the model would alone."""

    @property
    def near(self) -> int:
        """How many lines are near the threshold."""
        return sum(close >= _CLOSE for close in self.close)

    def is_doubtful(self, line: int) -> bool:
        """Tell whether a line deserves a look."""
        return self.odd[line] or self.close[line] >= _CLOSE

    def foreign(self) -> frozenset[Label]:
        """Return the labels of what goes."""
        found = {*self.decided.labels, *(part.label for part in self.decided.parts)}
        return frozenset(found - KEPT)


class Reasons(NamedTuple):
    """Why a document stands where it stands: three numbers from 0 to 1, added up."""

    doubt: float
    disagreement: float
    rarity: float
    rarest: Label | None

    @property
    def total(self) -> float:
        """The more, the sooner it is shown."""
        return self.doubt + self.disagreement + self.rarity


def judged(engine: Cleaner, document: Document) -> Judged:
    """Clean a document, and compare what rules and model say of it.

    Raises `InputError` for a document that cannot be cleaned.
    """
    page, verdicts, spans = engine.explain(document)
    parts = [Part(at, span.start, span.end, span.label) for at, inside in spans.items() for span in inside]
    labels = [verdict.label for verdict in verdicts]
    decided = Decisions(tuple(labels), tuple(sorted(part for part in parts if labels[part.line] in KEPT)))
    alone, limit = _model_alone(engine, page, document.kind)
    close = tuple(_closeness(score, limit) for score in alone or [verdict.score for verdict in verdicts])
    ruled = [verdict.source.startswith("rule:") for verdict in verdicts]
    odd = tuple(
        by_rule and verdict.keep != (score < limit)
        for by_rule, verdict, score in zip(ruled, verdicts, alone or [limit] * len(verdicts), strict=True)
    )
    return Judged(document, page, verdicts, decided, close, odd if alone else (False,) * len(verdicts))


def _model_alone(engine: Cleaner, page: Page, kind: str) -> tuple[list[float] | None, float]:
    """Return what the model says before rules and neighbours decide, None without one; and the threshold."""
    model, policy = engine.line_model(kind), engine.policy(kind)
    if model is None or not page.lines:
        return None, policy.threshold
    laid = stack([page])
    hits = load_rules().sweep([line.text for line in page.lines], laid)
    guesses = ask(model, laid, measure(model, laid, hits, [page] if model.kind == HTML else ()), policy)
    return list(guesses.foreign), guesses.thresholds[0]


def _closeness(score: float, limit: float) -> float:
    """Compare odds: 1 at the threshold, a half where they are twice or half of its odds, towards 0 at both ends."""
    odds = [p / (1 - p) for p in (min(max(value, _EDGE), 1 - _EDGE) for value in (score, limit))]
    return min(odds) / max(odds)


def ranked(pool: Sequence[Judged], counts: Mapping[Label, int] | None = None) -> list[tuple[Judged, Reasons]]:
    """Order documents, the most doubtful first; the same documents come in the same order.

    *counts* says how many documents have each label, if the *pool* is not all of them.
    """
    known = Counter(label for one in pool for label in one.foreign()) if counts is None else counts
    reasons = [(one, _reasons(one, known)) for one in pool]
    return sorted(reasons, key=lambda pair: (-pair[1].total, pair[0].document.id))


def _reasons(one: Judged, counts: Mapping[Label, int]) -> Reasons:
    doubt = sum(sorted(one.close, reverse=True)[:_LOOKED]) / _LOOKED
    rarest = min(one.foreign(), key=lambda label: (counts[label], label), default=None)
    rarity = 0.0 if rarest is None else 1 / counts[rarest]
    return Reasons(doubt, min(1.0, sum(one.odd) / _ODD), rarity, rarest)
