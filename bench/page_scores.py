"""How good outputs are: by the measures of three benchmarks, over the pages of one source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.extracting import CRASH, LATE, Output
from cleaner.lab.alignment import align
from cleaner.lab.overlap import (
    Share,
    Snippets,
    mean_share,
    shingle_deviation,
    shingle_score,
    shingle_shares,
    snippet_counts,
    total_snippets,
    word_score,
)
from cleaner.lab.pages import GoldPage
from cleaner.lab.tables import markdown, percent

HALF = 0.5


class Result(NamedTuple):
    """One way of extracting, measured on the pages of one source."""

    pages: int
    empty: int
    """Pages that left no text, those of the next two counts among them."""
    crashed: int
    late: int
    words: Share | None
    """Mean over pages with a gold text; None where there are none."""
    halved: int
    """Pages with less than half of the gold's words."""
    shingles: Share | None
    deviation: Share | None
    perfect: Share | None
    """Words again, if of the output's lines exactly those of the gold were kept."""
    snippets: Snippets | None
    types: dict[str, Share]
    """Words again, by type of page."""

    def as_dict(self) -> dict[str, Any]:
        """Return everything as a JSON object."""
        record: dict[str, Any] = self._asdict()
        for name in ("words", "shingles", "deviation", "perfect", "snippets"):
            record[name] = record[name] and record[name]._asdict()
        return {**record, "types": {name: share._asdict() for name, share in self.types.items()}}


def result(pages: Sequence[GoldPage], outputs: Sequence[Output], *, perfect: bool = False) -> Result:
    """Measure outputs, one a page; *perfect* adds what the best choice of their lines would reach."""
    pairs = list(zip(pages, outputs, strict=True))
    golden = [(page, output.text, page.gold) for page, output in pairs if page.gold is not None]
    words = [word_score(text, gold) for _, text, gold in golden]
    shingles = [shingle_shares(text, gold) for _, text, gold in golden]
    snippets = [snippet_counts(output.text, page.wanted, page.unwanted) for page, output in pairs if page.gold is None]
    by_type: dict[str, list[Share]] = {}
    for (page, _, _), share in zip(golden, words, strict=True):
        by_type.setdefault(page.page_type, []).append(share)
    return Result(
        pages=len(pairs),
        empty=sum(not output.text.strip() for output in outputs),
        crashed=sum(output.fault == CRASH for output in outputs),
        late=sum(output.fault == LATE for output in outputs),
        words=mean_share(words) if words else None,
        halved=sum(share.recall < HALF for share in words),
        shingles=shingle_score(shingles) if shingles else None,
        deviation=shingle_deviation(shingles) if shingles else None,
        perfect=mean_share(best_choice(text, gold) for _, text, gold in golden) if perfect and golden else None,
        snippets=total_snippets(snippets) if snippets else None,
        types={name: mean_share(shares) for name, shares in by_type.items()},
    )


def best_choice(text: str, gold: str) -> Share:
    """Score the lines of a text that stand in the gold, by half at least."""
    lines = text.splitlines()
    shares = align(lines, gold).shares
    return word_score("\n".join(line for line, share in zip(lines, shares, strict=True) if share >= HALF), gold)


def tables(results: dict[str, Result]) -> str:
    """Render the results of one source, by name: gold texts, types of page, snippets."""
    parts = []
    if any(each.words for each in results.values()):
        parts.append(_gold_table(results))
    types = sorted({name for each in results.values() for name in each.types})
    if len(types) > 1:
        parts.append("Word F1 by type of page\n\n" + _type_table(results, types))
    if any(each.snippets for each in results.values()):
        parts.append(_snippet_table(results))
    return "\n\n".join(parts)


_FAULTS = ("empty", "crashed", "late")


def _gold_table(results: dict[str, Result]) -> str:
    head = ["", "word F1", "P", "R", "pages half lost", "4-gram F1", "sd", "P", "R", *_FAULTS, "perfect lines F1"]
    rows = []
    for name, each in results.items():
        if each.words and each.shingles and each.deviation:
            words = [f"{each.words.f1:.3f}", f"{each.words.precision:.3f}", f"{each.words.recall:.3f}"]
            shingles = [f"{each.shingles.f1:.3f}", f"{each.deviation.f1:.3f}"]
            shingles += [f"{each.shingles.precision:.3f}", f"{each.shingles.recall:.3f}"]
            best = f"{each.perfect.f1:.3f}" if each.perfect else ""
            rows.append([name, *words, str(each.halved), *shingles, *_faults(each), best])
    return _without_blank_columns(head, rows)


def _type_table(results: dict[str, Result], types: Sequence[str]) -> str:
    rows = [
        [name, *(f"{each.types[kind].f1:.3f}" if kind in each.types else "" for kind in types)]
        for name, each in results.items()
    ]
    return markdown(["", *types], rows)


def _snippet_table(results: dict[str, Result]) -> str:
    head = ["", "F1", "wanted found %", "unwanted found %", *_FAULTS]
    rows = []
    for name, each in results.items():
        if each.snippets:
            counts = each.snippets
            wanted = percent(counts.wanted_found, counts.wanted)
            unwanted = percent(counts.unwanted_found, counts.unwanted)
            rows.append([name, f"{counts.f1:.3f}", wanted, unwanted, *_faults(each)])
    return markdown(head, rows)


def _faults(each: Result) -> list[str]:
    return [str(each.empty), str(each.crashed), str(each.late)]


def _without_blank_columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    used = [at for at in range(len(head)) if at == 0 or any(row[at] for row in rows)]
    return markdown([head[at] for at in used], [[row[at] for at in used] for row in rows])
