"""Models as they are, side by side on labelled documents: what each loses and removes, and where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document
from cleaner.lab.curves import curve, join_points, line_points
from cleaner.lab.gold import GoldDocument, label_units
from cleaner.lab.measure import measure
from cleaner.lab.tables import aligned, percent
from cleaner.lab.tally import Tally, total
from cleaner.labels import KEPT

SHIPPED = "shipped"
LIMIT = 0.005
"""Loss of body characters at which the cruft that scores can find is read off."""


class Held(NamedTuple):
    """What one model did with all documents."""

    name: str
    tallies: Mapping[str, Tally]
    """By mode."""
    found: float
    """Share of cruft lines whose scores find them at a loss of `LIMIT`."""
    kept: tuple[bool, ...]
    """Of every line whether it stays in the default mode."""


class Parting(NamedTuple):
    """Lines that two models decide differently, in the default mode."""

    cruft_gained: int
    cruft_missed: int
    body_lost: int
    body_saved: int


def hold(name: str, folder: Path | None, documents: Sequence[GoldDocument]) -> Held:
    """Clean documents with the model in *folder*, the shipped one if None, in every mode.

    Raises `ModelError` where there is none.
    """
    texts = [Document(document.id, document.text) for document in documents]
    tallies = {}
    for mode in MODES:
        cleaned = Cleaner(mode=mode, model=folder).clean_many(texts)
        tallies[mode] = total([measure(of, one.report.removed) for of, one in zip(documents, cleaned, strict=True)])
    engine, points, kept = Cleaner(model=folder), [], []
    for document, text in zip(documents, texts, strict=True):
        page, verdicts, _ = engine.explain(text)
        points.append(line_points(document, page.lines, [verdict.score for verdict in verdicts]))
        kept += [verdict.keep for verdict in verdicts]
    (at_limit,) = curve(*join_points(points), (LIMIT,))
    return Held(name, tallies, at_limit.cruft_removed, tuple(kept))


def compare(folders: Sequence[Path], documents: Sequence[GoldDocument]) -> str:
    """Hold the shipped model and those in *folders* against labelled documents, and render what came of it."""
    held = [hold(SHIPPED, None, documents), *(hold(str(folder), folder, documents) for folder in folders)]
    told = [table(held)]
    foreign = _foreign(documents)
    for model in held[1:]:
        part = parting(held[0], model, foreign)
        told.append(
            f"{model.name} against {SHIPPED}, lines: cruft now removed {part.cruft_gained}, no longer "
            f"{part.cruft_missed}; body now lost {part.body_lost}, no longer {part.body_saved}"
        )
    return "\n\n".join(told)


def table(held: Sequence[Held]) -> str:
    """Render body lost and cruft removed of each model and mode, in percent."""
    head = ("", "documents", "body lost", "cruft lines removed", f"found at {LIMIT:.1%} lost")
    rows = []
    for model in held:
        for mode, tally in model.tallies.items():
            lost = percent(tally.body_chars_lost, tally.body_chars, 2)
            removed = percent(tally.cruft_lines_removed, tally.cruft_lines)
            rows.append((f"{model.name}, {mode}", str(tally.documents), lost, removed, f"{100 * model.found:.1f}"))
    return aligned(head, rows)


def parting(first: Held, second: Held, foreign: Sequence[bool]) -> Parting:
    """Count the lines that go or stay with the second model and not with the first."""
    changed = [
        (is_foreign, stays)
        for was, stays, is_foreign in zip(first.kept, second.kept, foreign, strict=True)
        if was != stays
    ]
    counts = (changed.count(sort) for sort in ((True, False), (True, True), (False, False), (False, True)))
    return Parting(*counts)


def _foreign(documents: Sequence[GoldDocument]) -> list[bool]:
    engine = Cleaner(rules_only=True)
    pages = (engine.explain(Document(document.id, document.text))[0] for document in documents)
    return [
        label not in KEPT
        for document, page in zip(documents, pages, strict=True)
        for label in label_units(document, page.lines)
    ]
