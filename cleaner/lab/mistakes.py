"""What a run got wrong, the worst first, for a developer to read: averages hide what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from cleaner.document import Line, Removal
from cleaner.lab.gold import GoldDocument, gold_codes, label_units
from cleaner.lab.measure import IS_KEPT
from cleaner.labels import KEPT, LABELS, Label
from cleaner.report import Report

MOST = 1_000
"""So many of either sort are listed; nobody reads on."""

Mistake = dict[str, Any]


def mistakes(
    documents: Sequence[GoldDocument],
    reports: Sequence[Report],
    judged: Sequence[Sequence[tuple[Line, float, str]]],
    *,
    most: int = MOST,
) -> list[Mistake]:
    """List the body that went, most characters first, then the cruft that stayed, highest score first.

    *judged* are the lines of each document with score and source. Some of either are no mistakes
    but faults of the labels.
    """
    lost: list[Mistake] = []
    left: list[Mistake] = []
    for document, report, lines in zip(documents, reports, judged, strict=True):
        lost += _lost(document, report.removed)
        left += _left(document, report.removed, lines)
    lost.sort(key=itemgetter("chars"), reverse=True)
    left.sort(key=itemgetter("score"), reverse=True)
    return [*lost[:most], *left[:most]]


def _lost(document: GoldDocument, removed: Sequence[Removal]) -> Iterator[Mistake]:
    codes = gold_codes(document)
    for removal in removed:
        inside = codes[removal.start : removal.end]
        body = inside[(inside >= 0) & IS_KEPT[inside]]
        if not len(body):
            continue
        label = LABELS[int(np.bincount(body).argmax())]
        # The promises allow it: a headline's repeats go.
        if removal.source == "repeat" and label is Label.HEADLINE:
            continue
        said = {"removed_as": removal.label, "source": removal.source, "score": removal.score}
        yield _mistake("lost", document, label, said, len(body), removal.text.strip())


def _left(
    document: GoldDocument, removed: Sequence[Removal], lines: Sequence[tuple[Line, float, str]]
) -> Iterator[Mistake]:
    gone = np.zeros(len(document.text), np.bool_)
    for removal in removed:
        gone[removal.start : removal.end] = True
    labels = label_units(document, [line for line, _, _ in lines])
    for (line, score, source), label in zip(lines, labels, strict=True):
        # Half of it is what counts as removed in `cleaner.lab.measure` too.
        if label not in KEPT and 2 * int(gone[line.start : line.end].sum()) < line.end - line.start:
            said = {"source": source, "score": score}
            yield _mistake("left", document, label, said, len("".join(line.text.split())), line.text)


def _mistake(
    sort: str, document: GoldDocument, label: Label, said: dict[str, Any], chars: int, text: str
) -> Mistake:  # fmt: skip
    place = {"id": document.id, "site": document.site, "lang": document.lang, "kind": document.kind}
    return {"mistake": sort, **place, "label": label, **said, "chars": chars, "text": text}
