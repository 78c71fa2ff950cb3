"""How much cruft goes and how much body with it: ours and peers, on the same labelled documents.

    python -m bench.quality [GOLD.jsonl[.zst]] [--kind residual] [--sample random] [--lang en] [--excerpts LINES]

Without a file the five seeds are used. A model must not be measured on documents it has learnt
from; for those pass reports made while their site was held out: `--reports NAME=FILE`. Short texts are
measured on excerpts: a few lines of each document, as if they were all of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from cleaner import Cleaner
from cleaner.document import Document, Removal
from cleaner.errors import CleanerError, InputError
from cleaner.lab import peers
from cleaner.lab.curves import LIMITS, LinePoints, curve, join_points, line_points
from cleaner.lab.evaluate import Score, score
from cleaner.lab.gold import GoldDocument, GoldLine, GoldSpan, read_gold
from cleaner.lab.records import read_records
from cleaner.lab.tables import markdown, percent
from cleaner.report import Report

SEEDS = Path(__file__).parents[1] / "seeds" / "gold.jsonl"
MODES = ("careful", "balanced", "thorough")
EXCERPTS = 3
"""So many are made of a document."""
NOTE = (
    "Rows of the shipped model are held out only where it has not learnt from these documents' sites. "
    "Peers give no labels, so the label column is ours alone."
)

Removed = list[tuple[Removal, ...]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return an exit code."""
    options = _options(arguments)
    try:
        documents = _chosen(options)
        points = None if options.no_ours else our_points(documents)
        ways = [*_reported(documents, options.reports), *([] if options.no_ours else ours(documents))]
        print(_title(options, documents))
        print(_table([*ways, *theirs(documents)], documents, points))
        if points is not None:
            print(f"\n{_curve(points)}")
        print(f"\n{NOTE}")
    except CleanerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def ours(documents: Sequence[GoldDocument]) -> Iterator[tuple[str, Removed]]:
    """Clean in every mode with the shipped model, then with the rules alone."""
    texts = [Document(document.id, document.text) for document in documents]
    cleaners = [(f"cleaner, {mode}", Cleaner(mode=mode)) for mode in MODES]
    for name, cleaner in [*cleaners, ("cleaner, rules alone", Cleaner(rules_only=True))]:
        yield name, [cleaned.report.removed for cleaned in cleaner.clean_many(texts)]


def our_points(documents: Sequence[GoldDocument]) -> LinePoints:
    """Score every line, for the curve."""
    cleaner, parts = Cleaner(), []
    for document in documents:
        page, verdicts, _ = cleaner.explain(Document(document.id, document.text))
        parts.append(line_points(document, page.lines, [verdict.score for verdict in verdicts]))
    return join_points(parts)


def theirs(documents: Sequence[GoldDocument]) -> Iterator[tuple[str, Removed]]:
    """Run every peer whose package is installed; say on stderr which is not."""
    return peers.run_peers(documents, lambda fault: print(fault, file=sys.stderr))


def _reported(documents: Sequence[GoldDocument], files: Sequence[str]) -> Iterator[tuple[str, Removed]]:
    for named in files:
        name, _, file = named.rpartition("=")
        read = [Report.from_dict(record) for _, record in read_records(Path(file))]
        # A page and the text extracted from it may share an id, but hardly their length.
        reports = {(report.id, report.chars): report for report in read}
        missing = [document.id for document in documents if (document.id, len(document.text)) not in reports]
        if missing:
            raise InputError(f"no report of {len(missing)} documents, such as {missing[0]!r}", path=file)
        yield name or Path(file).stem, [reports[document.id, len(document.text)].removed for document in documents]


def _table(ways: Sequence[tuple[str, Removed]], documents: Sequence[GoldDocument], points: LinePoints | None) -> str:
    head = ["", "body lost %", "(95 %)", "cruft lines removed %", "(95 %)", "kept lines lost %"]
    head += ["label right %", "span precision %", "span recall %", "docs hurt", "over half lost"]
    rows = []
    for name, removed in ways:
        total = score(documents, removed).total
        is_peer = any(name == peer.name for peer in peers.PEERS)
        row = _row(name, total, labelled=not is_peer)
        if points is not None:
            (same,) = curve(*points, limits=[total.tally.body_loss])
            row += [f"{100 * same.cruft_removed:.1f}" if is_peer else ""]
        rows.append(row)
    if points is not None:
        head += ["ours at that body loss %"]
    return markdown(head, rows)


def _row(name: str, total: Score, *, labelled: bool) -> list[str]:
    tally = total.tally
    return [
        name,
        percent(tally.body_chars_lost, tally.body_chars, 2),
        "-".join(f"{100 * edge:.2f}" for edge in total.body_loss_interval),
        percent(tally.cruft_lines_removed, tally.cruft_lines),
        "-".join(f"{100 * edge:.1f}" for edge in total.cruft_removed_interval),
        percent(tally.kept_lines_lost, tally.kept_lines, 2),
        percent(tally.cruft_lines_right, tally.cruft_lines_removed) if labelled else "",
        percent(tally.predicted_spans_hit, tally.predicted_spans),
        percent(tally.gold_spans_found, tally.gold_spans),
        str(tally.hurt),
        str(tally.ruined),
    ]


def _curve(points: LinePoints) -> str:
    head = ["body lost, at most %", *(f"{100 * limit:g}" for limit in LIMITS)]
    row = ["cruft lines removed %", *(f"{100 * point.cruft_removed:.1f}" for point in curve(*points))]
    return markdown(head, [row])


def _chosen(options: argparse.Namespace) -> list[GoldDocument]:
    documents = [
        document
        for document in read_gold(options.gold)
        if options.kind in (None, document.kind)
        and options.sample in (None, document.sample)
        and (not options.lang or document.lang in options.lang)
    ]
    if not documents:
        raise InputError("no documents of this kind, sample and language", path=options.gold)
    return list(excerpts(documents, options.excerpts)) if options.excerpts else documents


def excerpts(documents: Iterable[GoldDocument], lines: int) -> Iterator[GoldDocument]:
    """Cut so many *lines* out of each document that has them, at a place found by chance, as documents of their own."""
    random = np.random.default_rng(0)
    for document in documents:
        for number in range(EXCERPTS if len(document.lines) >= lines else 0):
            first = int(random.integers(0, len(document.lines) - lines + 1))
            yield _excerpt(document, document.lines[first : first + lines], f"{document.id}~{number}")


def _excerpt(document: GoldDocument, lines: Sequence[GoldLine], name: str) -> GoldDocument:
    start = lines[0].start
    moved = tuple(
        replace(
            line,
            start=line.start - start,
            end=line.end - start,
            spans=tuple(GoldSpan(span.start - start, span.end - start, span.label) for span in line.spans),
        )
        for line in lines
    )
    return replace(document, id=name, text=document.text[start : lines[-1].end], lines=moved, cut=())


def _title(options: argparse.Namespace, documents: Sequence[GoldDocument]) -> str:
    size = f"{options.excerpts} lines of each" if options.excerpts else None
    chosen = ", ".join(value for value in (options.kind, options.sample, *options.lang, size) if value)
    cruft = sum(line.label not in ("body", "headline") for document in documents for line in document.lines)
    return f"{options.gold.name}{f' ({chosen})' if chosen else ''}: {len(documents)} documents, {cruft} cruft lines\n"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.quality", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("gold", nargs="?", type=Path, default=SEEDS, help="labelled documents; the seeds by default")
    parser.add_argument("--kind", help="only documents of this kind: residual, page or oneline")
    parser.add_argument("--sample", help="only documents of this sample: random or enriched")
    parser.add_argument("--lang", nargs="*", default=[], help="only documents in these languages")
    parser.add_argument("--excerpts", type=int, metavar="LINES", help="only excerpts, of so many lines")
    parser.add_argument("--reports", metavar="NAME=FILE", action="append", default=[], help="score these reports too")
    parser.add_argument("--no-ours", action="store_true", help="leave the shipped model out")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
