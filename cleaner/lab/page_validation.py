"""The whole road on pages of sites that the model did not see, by the measures of three benchmarks."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document
from cleaner.lab.overlap import (
    Share,
    mean_share,
    shingle_score,
    shingle_shares,
    snippet_counts,
    total_snippets,
    word_score,
)
from cleaner.lab.page_cards import describe_pages
from cleaner.lab.page_fitting import Fitted
from cleaner.lab.page_samples import PageSample
from cleaner.lab.pages import GoldPage
from cleaner.lab.tables import markdown
from cleaner.model import save_model
from cleaner.report import Cleaned

DEFAULT = Cleaner().mode
Scores = Mapping[str, Any]
EXPECTED = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Lower ends of the bins of what is expected of a page."""


class Validation(NamedTuple):
    """What came out on sites left out."""

    modes: Mapping[str, Scores]
    """By mode and source."""
    expected: Mapping[str, Sequence[Mapping[str, float]]]
    """By source, for bins of the F1 expected in the default mode: pages, and the word F1 found, on average."""


def validate_pages(sample: PageSample, fitted: Fitted) -> Validation:
    """Clean every page in every mode with a model and its calibration of other sites, and score what is left.

    Only what names lines has seen all pages; it does not say which go.
    """
    found: dict[str, dict[int, Cleaned]] = {mode: {} for mode in MODES}
    with tempfile.TemporaryDirectory(prefix="cleaner-folds-") as folder:
        for number, parts in enumerate(fitted.folds):
            inside = fitted.fold == number
            card, calibration = describe_pages(sample, fitted.margins, ~inside)
            place = Path(folder) / str(number)
            save_model(place, card, {**parts._asdict(), **fitted.naming, "calibration": calibration})
            members = np.unique(sample.page_of[inside]).tolist()
            documents = [Document(sample.pages[at].id, sample.pages[at].html, "html") for at in members]
            for mode in MODES:
                cleaned = Cleaner(mode=mode, model=place).clean_many(documents)
                found[mode].update(zip(members, map(_light, cleaned), strict=True))
    order = range(len(sample.pages))
    return Validation(
        {mode: scores_by_source(sample.pages, [of_mode[at].text for at in order]) for mode, of_mode in found.items()},
        expected_and_found(sample.pages, [found[DEFAULT][at] for at in order]),
    )


def _light(cleaned: Cleaned) -> Cleaned:
    """Let go of the page, of which there are thousands."""
    return Cleaned(cleaned.text, replace(cleaned.report, removed=()))


def expected_and_found(
    pages: Sequence[GoldPage], results: Sequence[Cleaned]
) -> Mapping[str, Sequence[Mapping[str, float]]]:
    """Say by source how well pages came out of which little or much was expected."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for page, cleaned in zip(pages, results, strict=True):
        expected = cleaned.report.expected_f1
        if page.gold is not None and expected is not None:
            pairs.setdefault(page.source, []).append((expected, word_score(cleaned.text, page.gold).f1))
    return {source: _binned(np.array(of_source)) for source, of_source in sorted(pairs.items())}


def _binned(pairs: NDArray[np.float64]) -> list[Mapping[str, float]]:
    bins = np.searchsorted(EXPECTED, pairs[:, 0], side="right") - 1
    return [
        {"from": low, "pages": int((bins == at).sum()), "found": round(float(pairs[bins == at, 1].mean()), 4)}
        for at, low in enumerate(EXPECTED)
        if (bins == at).any()
    ]


def scores_by_source(pages: Sequence[GoldPage], texts: Sequence[str]) -> Scores:
    """Score outputs, one a page, by source: words as WCXB counts, 4-grams as scrapinghub, snippets as trafilatura."""
    found: dict[str, Any] = {}
    for source in sorted({page.source for page in pages}):
        pairs = [(page, text) for page, text in zip(pages, texts, strict=True) if page.source == source]
        golden = [(page, text, page.gold) for page, text in pairs if page.gold is not None]
        if golden:
            found[source] = _golden(golden)
        else:
            counts = total_snippets(snippet_counts(text, page.wanted, page.unwanted) for page, text in pairs)
            found[source] = {"pages": len(pairs), "snippet_f1": round(counts.f1, 4), **counts._asdict()}
    return found


def _golden(golden: Sequence[tuple[GoldPage, str, str]]) -> Scores:
    words = [word_score(text, gold) for _, text, gold in golden]
    by_type: dict[str, list[Share]] = {}
    for (page, _, _), share in zip(golden, words, strict=True):
        by_type.setdefault(page.page_type, []).append(share)
    return {
        "pages": len(golden),
        "words": _rounded(mean_share(words)),
        "shingles": _rounded(shingle_score([shingle_shares(text, gold) for _, text, gold in golden])),
        "halved": sum(share.recall < 0.5 for share in words),
        "types": {name: {"pages": len(shares), **_rounded(mean_share(shares))} for name, shares in by_type.items()},
    }


def _rounded(share: Share) -> dict[str, float]:
    return {name: round(value, 4) for name, value in share._asdict().items()}


def table(scores: Mapping[str, Scores]) -> str:
    """Render the scores of `validate_pages`: a row for each source and mode."""
    head = ["", "pages", "word F1", "P", "R", "pages half lost", "4-gram F1", "snippet F1"]
    rows = []
    for mode, by_source in scores.items():
        for source, found in by_source.items():
            if "words" in found:
                words = [f"{found['words'][name]:.3f}" for name in ("f1", "precision", "recall")]
                cells = [*words, str(found["halved"]), f"{found['shingles']['f1']:.3f}", ""]
            else:
                cells = ["", "", "", "", "", f"{found['snippet_f1']:.3f}"]
            rows.append([f"{source}, {mode}", str(found["pages"]), *cells])
    return markdown(head, rows)
