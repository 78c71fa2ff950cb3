"""Removals scored against labelled documents, in all and by kind, language, sample and source.

It knows nothing of how the removals came about: peers are measured by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cleaner.document import Removal
from cleaner.errors import SettingError
from cleaner.lab.characters import FloatArray
from cleaner.lab.curves import CurvePoint, LinePoints, Reliability, as_records, curve, join_points, reliability
from cleaner.lab.gold import GoldDocument
from cleaner.lab.measure import measure
from cleaner.lab.tables import aligned, percent
from cleaner.lab.tally import Tally, total
from cleaner.labels import KEPT, LABELS

AXES: tuple[tuple[str, Callable[[GoldDocument], str]], ...] = (
    ("kind", lambda document: document.kind),
    ("sample", lambda document: document.sample),
    ("kind, sample", lambda document: f"{document.kind}, {document.sample}"),
    ("lang", lambda document: document.lang),
    ("source", lambda document: document.source or "-"),
)
"""What documents are grouped by."""

RATIOS = (
    "body_loss",
    "cruft_removed",
    "cruft_chars_share",
    "kept_lines_loss",
    "label_accuracy",
    "span_precision",
    "span_recall",
    "span_label_accuracy",
    "span_char_precision",
    "span_char_recall",
)
"""Properties of `Tally` that go into the JSON form beside the counts."""

_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Score:
    """The counts of a group of documents, and how sure the two main shares are."""

    name: str
    tally: Tally
    body_loss_interval: tuple[float, float]
    """95 % bootstrap interval of the share of body characters lost, by document."""
    cruft_removed_interval: tuple[float, float]
    """The same of the share of cruft lines removed."""

    def as_dict(self) -> dict[str, Any]:
        """Return counts, shares and intervals as a JSON object."""
        record = asdict(self.tally)
        labels = {
            label.value: {**asdict(entry), "recall": entry.recall, "right_share": entry.right_share}
            for label, entry in zip(LABELS, self.tally.labels, strict=True)
        }
        shares = {name: getattr(self.tally, name) for name in RATIOS}
        intervals = {
            "body_loss_interval": list(self.body_loss_interval),
            "cruft_removed_interval": list(self.cruft_removed_interval),
        }
        return {**record, **shares, **intervals, "labels": labels}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How one way of cleaning did on labelled documents."""

    total: Score
    parts: Mapping[str, tuple[Score, ...]]
    """By axis (see `AXES`), the larger groups first."""
    curve: tuple[CurvePoint, ...] = ()
    """Empty when no line scores were given."""
    reliability: Reliability | None = None

    def part(self, axis: str, name: str) -> Score:
        """Return the score of one group, such as `part("kind", "page")`."""
        for score in self.parts.get(axis, ()):
            if score.name == name:
                return score
        raise SettingError(f"no documents of {axis} {name!r} were evaluated")

    def table(self) -> str:
        """Render everything for reading in a terminal; shares are in percent."""
        groups = [aligned(_HEAD, [_row(self.total)])]
        groups += [
            f"by {axis}\n" + aligned(_HEAD, [_row(score) for score in part]) for axis, part in self.parts.items()
        ]
        return "\n\n".join([*groups, _label_table(self.total.tally), *_score_tables(self)])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as a JSON object."""
        calibration = self.reliability
        return {
            "total": self.total.as_dict(),
            "parts": {axis: {score.name: score.as_dict() for score in part} for axis, part in self.parts.items()},
            "curve": as_records(self.curve),
            "reliability": calibration and {**calibration._asdict(), "bins": as_records(calibration.bins)},
        }


def score(
    documents: Sequence[GoldDocument],
    removals: Sequence[Sequence[Removal]],
    points: Sequence[LinePoints] = (),
    *,
    seed: int = 0,
) -> Evaluation:
    """Score what was removed from each of the documents.

    *points*, from `cleaner.lab.curves.line_points`, add the curve and the reliability table.
    """
    if not documents or len(documents) != len(removals):
        raise SettingError(f"{len(documents)} documents and {len(removals)} lists of removals cannot be scored")
    tallies = [measure(document, removed) for document, removed in zip(documents, removals, strict=True)]
    parts = {}
    for axis, name_of in AXES:
        groups: dict[str, list[Tally]] = {}
        for document, tally in zip(documents, tallies, strict=True):
            groups.setdefault(name_of(document), []).append(tally)
        larger_first = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        parts[axis] = tuple(_score(name, members, seed) for name, members in larger_first)
    lines = join_points(points)
    return Evaluation(
        total=_score("all", tallies, seed),
        parts=parts,
        curve=curve(*lines) if points else (),
        reliability=reliability(lines.scores, lines.is_cruft) if points else None,
    )


def _score(name: str, tallies: Sequence[Tally], seed: int) -> Score:
    lost = [(tally.body_chars_lost, tally.body_chars) for tally in tallies]
    removed = [(tally.cruft_lines_removed, tally.cruft_lines) for tally in tallies]
    return Score(name, total(tallies), _interval(lost, seed), _interval(removed, seed))


def _interval(counts: Sequence[tuple[int, int]], seed: int) -> tuple[float, float]:
    """Resample documents with replacement and return where the middle 95 % of the shares lie."""
    pairs = np.asarray(counts, dtype=np.float64)
    draws = np.random.default_rng(seed).multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), size=_RESAMPLES)
    sums: FloatArray = draws @ pairs
    shares = sums[:, 0] / np.maximum(sums[:, 1], 1)
    low, high = np.quantile(shares, (0.025, 0.975))
    return float(low), float(high)


_HEAD = (
    "", "docs", "cruft lines", "body lost", "(95 %)", "removed", "(95 %)", "chars", "kept lost",
    "label", "span P", "span R", "hurt", "ruined",
)  # fmt: skip


def _row(score: Score) -> tuple[str, ...]:
    tally = score.tally
    return (
        score.name,
        str(tally.documents),
        str(tally.cruft_lines),
        percent(tally.body_chars_lost, tally.body_chars, 2),
        _range(score.body_loss_interval, 2),
        percent(tally.cruft_lines_removed, tally.cruft_lines),
        _range(score.cruft_removed_interval, 1),
        percent(tally.cruft_chars_removed, tally.cruft_chars),
        percent(tally.kept_lines_lost, tally.kept_lines, 2),
        percent(tally.cruft_lines_right, tally.cruft_lines_removed),
        percent(tally.predicted_spans_hit, tally.predicted_spans),
        percent(tally.gold_spans_found, tally.gold_spans),
        str(tally.hurt),
        str(tally.ruined),
    )


def _range(interval: tuple[float, float], digits: int) -> str:
    return "-".join(f"{100 * edge:.{digits}f}" for edge in interval)


def _label_table(tally: Tally) -> str:
    rows = [
        (label.value, str(entry.lines), percent(entry.removed, entry.lines), percent(entry.right, entry.removed))
        for label, entry in zip(LABELS, tally.labels, strict=True)
        if entry.lines and label not in KEPT
    ]
    return "by label\n" + aligned(("", "lines", "removed", "label"), rows)


def _score_tables(evaluation: Evaluation) -> list[str]:
    calibration = evaluation.reliability
    if calibration is None:
        return []
    points = [
        (
            f"{100 * point.limit:g}",
            f"{100 * point.body_loss:.2f}",
            f"{100 * point.cruft_removed:.1f}",
            "-" if point.threshold is None else f"{point.threshold:.4f}",
        )
        for point in evaluation.curve
    ]
    bins = [
        (f"{entry.low:.1f}-{entry.high:.1f}", str(entry.lines), f"{entry.score:.3f}", f"{entry.cruft:.3f}")
        for entry in calibration.bins
    ]
    return [
        "cruft lines removed at a given loss of body characters\n"
        + aligned(("at most", "lost", "removed", "threshold"), points),
        f"scores as probabilities: Brier {calibration.brier:.4f}, mean gap {calibration.gap:.4f}\n"
        + aligned(("score", "lines", "mean", "cruft"), bins),
    ]
