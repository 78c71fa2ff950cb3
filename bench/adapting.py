"""What a few corrected documents do to the shipped model, on the rest of their site or language and elsewhere.

    python -m bench.adapting DATA [--draws N] [--corrections N]

DATA is the folder with `lines/` and `pages/`. Languages: lines judged by people (`turku_line_quality`,
general web text already stripped; `boilernet_*`, text nodes of whole pages). Sites: visible lines of
pages, aligned with their gold texts, undecided ones left out. Each draw takes some documents as
corrections and measures on the others; `elsewhere` are texts of many other English, German and French sites.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.languages import line_groups
from cleaner import Cleaner, Document
from cleaner.errors import CleanerError
from cleaner.lab.adapting import adapted, base_model, margins_of
from cleaner.lab.alignment import FOREIGN, KEPT, align
from cleaner.lab.curves import curve
from cleaner.lab.gold import GoldDocument, gold_document
from cleaner.lab.measure import measure
from cleaner.lab.pages import GoldPage, read_pages
from cleaner.lab.samples import gold_lesson, sample
from cleaner.lab.sites import site_key
from cleaner.lab.tables import markdown
from cleaner.lab.tally import total
from cleaner.model import LineModel, save_model
from cleaner.split import HTML, page_of

LANGUAGES = (
    ("turku_line_quality", "sv"),
    ("turku_line_quality", "fi"),
    ("boilernet_jp", "ja"),
    ("boilernet_thai", "th"),
)
SITES = ("bbc.co.uk", "nymag.com", "arstechnica.com")
"""Of `msv_big9`, with forty pages each; the shipped model has learned from two, two and five other texts of theirs."""
ELSEWHERE = (("turku_line_quality", "en"), ("turku_line_quality", "de"), ("turku_line_quality", "fr"),
             ("boilernet_googletrends2017", "en"))  # fmt: skip
_FEW = 60
"""Documents of each group elsewhere."""
_FOUND = 0.5
_LIMIT = 0.005


class Point(NamedTuple):
    """How a model does on some documents, in shares."""

    at_limit: float
    """Cruft lines found at the loss of 0.5 % of body characters, by the model alone."""
    removed: float
    """Cruft lines removed by the whole road in its default mode."""
    lost: float
    """Body characters lost by it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return an exit code."""
    options = _options(arguments)
    try:
        base = base_model()
        elsewhere = [one for of_group in _elsewhere(options.data) for one in of_group]
        rows = []
        for name, documents in _groups(options.data):
            rows.append(_row(name, documents, base, elsewhere, options))
            print(rows[-1], file=sys.stderr)
        print(markdown(_HEAD, rows))
    except CleanerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


_HEAD = ("", "documents", "found at 0.5 %: shipped", "adapted", "gain", "whole road: shipped lost / removed", "adapted",
         "elsewhere, found at 0.5 %: shipped", "adapted", "elsewhere, lost / removed: shipped", "adapted")  # fmt: skip


def _row(
    name: str, documents: Sequence[GoldDocument], base: LineModel, elsewhere: Sequence[GoldDocument], options: Any
) -> tuple[str, ...]:
    before, after, other_before, other_after = [], [], [], []
    for draw in range(options.draws):
        order = np.random.default_rng(draw).permutation(len(documents))
        taught = [documents[at] for at in order[: options.corrections]]
        rest = [documents[at] for at in order[options.corrections :]]
        card, parts, _ = adapted(base, [gold_lesson(document) for document in taught])
        with tempfile.TemporaryDirectory(prefix="cleaner-adapted-") as folder:
            model = save_model(Path(folder), card, parts)
            before.append(_point(base, None, rest))
            after.append(_point(model, Path(folder), rest))
            if not draw:
                other_before.append(_point(base, None, elsewhere))
                other_after.append(_point(model, Path(folder), elsewhere))
    gains = [100 * (new.at_limit - old.at_limit) for old, new in zip(before, after, strict=True)]
    return (
        name,
        str(len(documents)),
        _at_limit(before),
        _at_limit(after),
        f"{np.mean(gains):+.1f} ± {np.std(gains):.1f}",
        _road(before),
        _road(after),
        _at_limit(other_before),
        _at_limit(other_after),
        _road(other_before),
        _road(other_after),
    )


def _at_limit(points: Sequence[Point]) -> str:
    shares = [100 * point.at_limit for point in points]
    return f"{np.mean(shares):.1f}" + (f" ± {np.std(shares):.1f}" if len(shares) > 1 else "")


def _road(points: Sequence[Point]) -> str:
    return " / ".join(
        f"{100 * np.mean(share):.{digits}f}"
        for share, digits in (([one.lost for one in points], 2), ([one.removed for one in points], 1))
    )


def _point(model: LineModel, folder: Path | None, documents: Sequence[GoldDocument]) -> Point:
    lines = sample([gold_lesson(document) for document in documents])
    found: NDArray[np.int64] = margins_of(model, lines)
    (at_limit,) = curve(found, lines.chars, lines.foreign, (_LIMIT,))
    cleaned = Cleaner(model=folder).clean_many([Document(document.id, document.text) for document in documents])
    tally = total([measure(of, one.report.removed) for of, one in zip(documents, cleaned, strict=True)])
    return Point(at_limit.cruft_removed, tally.cruft_removed, tally.body_loss)


def _groups(data: Path) -> Iterator[tuple[str, Sequence[GoldDocument]]]:
    for file, lang in LANGUAGES:
        yield f"{file}, {lang}", _documents(data, file, lang)
    pages = list(read_pages(data / "pages" / "msv_big9.jsonl.zst"))
    for site in SITES:
        of_site = (page for page in pages if page.site and site_key(page.site) == site_key(site))
        yield site, [document for page in of_site if (document := aligned_document(page)) is not None]


def _elsewhere(data: Path) -> Iterator[Sequence[GoldDocument]]:
    for file, lang in ELSEWHERE:
        yield _documents(data, file, lang)[:_FEW]


def _documents(data: Path, file: str, lang: str) -> tuple[GoldDocument, ...]:
    groups = line_groups([data / "lines" / f"{file}.jsonl.zst"])
    return next((group.documents for group in groups if group.lang == lang), ())


def aligned_document(page: GoldPage) -> GoldDocument | None:
    """Return the visible lines of a page with the answer of its gold text, without those it leaves open.

    None for a page that does not hold most of its gold.
    """
    texts = [" ".join(line.text.split()) for line in page_of(Document(page.id, page.html, HTML)).lines]
    aligned = align(texts, page.gold or "")
    if aligned.found < _FOUND:
        return None
    told: Mapping[int, str] = {KEPT: "body", FOREIGN: "artifact"}
    rows = [(text, told[fate]) for text, fate in zip(texts, aligned.fates.tolist(), strict=True) if fate in told]
    record = {"id": page.id, "site": page.site, "lines": [text for text, _ in rows], "labels": [is_ for _, is_ in rows]}
    return gold_document(record)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.adapting", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder with lines/ and pages/")
    parser.add_argument("--draws", type=int, default=4, help="times that corrections are drawn")
    parser.add_argument("--corrections", type=int, default=30, help="documents that are corrected")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
