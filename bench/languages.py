"""Languages beside English, above all those that put no spaces between words.

    python -m bench.languages DATA [--limit N]

DATA is the folder with `lines/` and `pages/`. Two sorts of texts, neither of them what the modes'
thresholds are set for, so that body lost counts here as a warning and not as a promise kept or broken:

* lines judged kept or foreign by people. `boilernet_*` are the text nodes of whole pages, menus
  and all; `turku_line_quality` is general web text that had already been stripped;
* the clean texts of pages, as people wrote them down. All of such a text is body: of a clean text
  next to nothing may be lost, nor when its line breaks are gone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from cleaner import Cleaner, Document
from cleaner.errors import CleanerError, InputError
from cleaner.lab.gold import GoldDocument, gold_document
from cleaner.lab.measure import measure
from cleaner.lab.records import read_records
from cleaner.lab.tables import markdown, percent
from cleaner.lab.tally import Tally, total

MODES = ("careful", "balanced", "thorough")
CLEAN = ("wwwxmu_zh", "chinese_wce")
"""Pages whose clean texts are measured."""


class Group(NamedTuple):
    """Documents of one source and language, which make a row."""

    name: str
    lang: str
    documents: tuple[GoldDocument, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; return an exit code."""
    options = _options(arguments)
    try:
        lines = list(line_groups(sorted(options.data.glob("lines/*.jsonl*")), options.limit))
        clean = list(clean_groups([_page_file(options.data, name) for name in CLEAN], options.limit))
        if not lines and not clean:
            raise InputError("holds neither lines/ nor pages/ with these texts", path=options.data)
        print("Lines of whole pages (boilernet) and of stripped web text (turku), not of extracted articles:\n")
        print(line_table(lines))
        print("\nClean texts, as they are and without their line breaks; body lost %:\n")
        print(clean_table(clean))
    except CleanerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def line_groups(files: Sequence[Path], limit: int | None = None) -> Iterator[Group]:
    """Read files of `lines` with `keep` beside them, grouped by file and language."""
    for file in files:
        by_language: dict[str, list[GoldDocument]] = {}
        for _, record in islice(read_records(file), limit):
            document = gold_document({**record, "labels": _labels(record["lines"], record["keep"])})
            by_language.setdefault(document.lang, []).append(document)
        for lang, documents in sorted(by_language.items()):
            yield Group(file.name.partition(".")[0], lang, tuple(documents))


def clean_groups(files: Sequence[Path], limit: int | None = None) -> Iterator[Group]:
    """Read the clean texts of pages: once line by line, once in a single line."""
    for file in files:
        name = file.name.partition(".")[0]
        if not file.exists():
            continue
        records = list(islice(read_records(file), limit))
        for ending, parted in (("", True), (", no breaks", False)):
            documents = tuple(clean_document(record, parted=parted) for _, record in records)
            yield Group(name + ending, documents[0].lang, documents)


def clean_document(record: Mapping[str, Any], *, parted: bool) -> GoldDocument:
    """Return the clean text of a page as a document that is all body; unless *parted*, as one line."""
    rows = [row.strip() for row in record["text_gold"].splitlines() if row.strip()]
    rows = rows if parted else ["".join(rows)]
    return gold_document({**record, "lines": rows, "labels": _labels(rows, [True] * len(rows)), "spans": None})


def line_table(groups: Sequence[Group]) -> str:
    """Render body lost and cruft removed, in percent, a row for each group and a column for each way."""
    head = ["", "lang", "documents", "lines", "cruft lines", *(f"{name}: lost / removed %" for name, _ in _ways())]
    rows = []
    for group in groups:
        tallies = tallied(group.documents)
        first = next(iter(tallies.values()))
        counts = [str(first.documents), str(first.kept_lines + first.cruft_lines), str(first.cruft_lines)]
        shares = [
            f"{_lost(tally)} / {percent(tally.cruft_lines_removed, tally.cruft_lines)}" for tally in tallies.values()
        ]
        rows.append([group.name, group.lang, *counts, *shares])
    return markdown(head, rows)


def clean_table(groups: Sequence[Group]) -> str:
    """Render what share of clean texts is lost."""
    head = ["", "lang", "documents", *(name for name, _ in _ways())]
    rows = [
        [group.name, group.lang, str(len(group.documents)), *map(_lost, tallied(group.documents).values())]
        for group in groups
    ]
    return markdown(head, rows)


def tallied(documents: Sequence[GoldDocument]) -> dict[str, Tally]:
    """Clean documents in every mode and with the rules alone, and count what became of them."""
    texts = [Document(document.id, document.text) for document in documents]
    counts = {}
    for name, cleaner in _ways():
        cleaned = cleaner.clean_many(texts)
        counts[name] = total([measure(of, one.report.removed) for of, one in zip(documents, cleaned, strict=True)])
    return counts


def _ways() -> list[tuple[str, Cleaner]]:
    return [*((mode, Cleaner(mode=mode)) for mode in MODES), ("rules alone", Cleaner(rules_only=True))]


def _labels(rows: Sequence[str], keep: Sequence[bool]) -> list[str | None]:
    return [("body" if kept else "artifact") if row.strip() else None for row, kept in zip(rows, keep, strict=True)]


def _lost(tally: Tally) -> str:
    return percent(tally.body_chars_lost, tally.body_chars, 2)


def _page_file(data: Path, name: str) -> Path:
    return data / "pages" / f"{name}.jsonl.zst"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.languages", description=__doc__.partition("\n")[0] if __doc__ else None
    )
    parser.add_argument("data", type=Path, help="folder with lines/ and pages/")
    parser.add_argument("--limit", type=int, help="only the first documents of each file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
