"""`cleaner train-pages`: a model for HTML pages, its probabilities from sites that it did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.lab.gold import read_gold
from cleaner.lab.page_cards import describe_pages
from cleaner.lab.page_fitting import fit_pages
from cleaner.lab.page_samples import PageSample, page_sample
from cleaner.lab.page_validation import validate_pages
from cleaner.lab.pages import read_pages
from cleaner.model import LineModel, save_model


def train_pages(
    pages: Sequence[Path],
    labelled: Sequence[Path],
    folder: Path,
    *,
    name: str = "pages",
    licence: str = "not stated",
    seed: int = 0,
) -> LineModel:
    """Train on pages with gold texts and write the model; the same input gives the same bytes.

    *labelled* are labelled documents made of these pages, which say what lines are. Raises
    `InputError` for records that are none, `MissingExtra` without scikit-learn.
    """
    sample = read_sample(pages, labelled, seed=seed)
    fitted = fit_pages(sample, seed=seed)
    data = tuple(_source(path, licence) for path in (*pages, *labelled))
    card, calibration = describe_pages(sample, fitted.margins, name=name, data=data, seed=seed)
    whole = validate_pages(sample, fitted)
    card = replace(card, scores={"lines": card.scores, "pages": whole.modes, "expected": whole.expected})
    return save_model(folder, card, {**fitted.parts._asdict(), **fitted.naming, "calibration": calibration})


def read_sample(pages: Sequence[Path], labelled: Sequence[Path], *, seed: int = 0) -> PageSample:
    """Read and measure pages, and the labels of their lines."""
    golds = (page for path in pages for page in read_pages(path))
    return page_sample(golds, (document for path in labelled for document in read_gold(path)), seed=seed)


def _source(path: Path, licence: str) -> dict[str, Any]:
    return {"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest(), "licence": licence}
