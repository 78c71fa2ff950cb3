"""Annotations: our labels for texts that are not ours, kept without the texts.

A record of an annotation file names a page, the extractor whose output was read, a digest of
that output and the label of every line. Whoever has the pages extracts them again and gets the
labelled documents back; a text that came out otherwise, as with another version of the
extractor, is left out rather than labelled by guesswork.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus import WholeFile, json_line
from cleaner.errors import CleanerError, InputError, MissingExtra
from cleaner.lab.extractors import EXTRACTORS, language, lines_of
from cleaner.lab.records import packer, read_records
from cleaner.labels import LABELS
from cleaner.split.markup import split_markup

PLAIN = "text"
"""In place of an extractor's name: the record came with a text instead of a page."""
VISIBLE = "visible"
"""In place of an extractor's name: all lines that a browser would show of the page were read."""
_TIMES = "*"


class Annotation(NamedTuple):
    """What was decided about one extractor's output for one page."""

    page: str
    extractor: str
    digest: str
    site: str
    lang: str
    labels: tuple[str, ...]
    """One a line."""
    spans: tuple[tuple[int, int, int, str], ...]
    """Line from 0, start and end in characters of that line, label."""


def digest_of(lines: Sequence[str]) -> str:
    """Digest an extractor's output."""
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def pack(labels: Sequence[str]) -> str:
    """Write labels as runs.

    >>> pack(["headline", "body", "body", "ad"])
    'headline body*2 ad'
    """
    runs = ((label, sum(1 for _ in run)) for label, run in groupby(labels))
    return " ".join(label if count == 1 else f"{label}{_TIMES}{count}" for label, count in runs)


def unpack(packed: str) -> tuple[str, ...]:
    """Read labels that `pack` wrote; raises `ValueError` for anything else."""
    labels: list[str] = []
    for run in packed.split(" "):
        label, _, count = run.partition(_TIMES)
        if label not in set(LABELS):
            raise ValueError(f"no label {label!r}")
        labels += [label] * int(count or 1)
    return tuple(labels)


def read_annotations(path: Path) -> tuple[Annotation, ...]:
    """Read an annotation file; raises `InputError` naming the line of a record that does not fit."""
    return tuple(_annotation(record, path, place) for place, record in read_records(path))


def as_record(annotation: Annotation) -> dict[str, Any]:
    """Return the record that `read_annotations` reads back."""
    return {
        **annotation._asdict(),
        "labels": pack(annotation.labels),
        "spans": [list(span) for span in annotation.spans],
    }


def _annotation(record: Mapping[str, Any], path: Path, place: str) -> Annotation:
    try:
        return Annotation(
            page=str(record["page"]),
            extractor=str(record["extractor"]),
            digest=str(record["digest"]),
            site=str(record["site"]),
            lang=str(record["lang"]),
            labels=unpack(record["labels"]),
            spans=tuple((int(line), int(start), int(end), str(label)) for line, start, end, label in record["spans"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"not an annotation: {error!r}", path=path, place=place) from error


def join(
    annotations: Path, pages: Sequence[Path], out: Path, advance: Callable[[int], object] = lambda _: None
) -> Counter[str]:
    """Write the labelled documents of *annotations* whose pages lie in *pages*; return what was counted.

    A page is a record with an `id` and `html` or `text`. *advance* hears of every page read.
    Raises `InputError`, and `MissingExtra` without the extractors.
    """
    of_page: dict[str, list[Annotation]] = {}
    for annotation in read_annotations(annotations):
        of_page.setdefault(annotation.page, []).append(annotation)
    tally: Counter[str] = Counter()
    with WholeFile(out) as file:
        pack_bytes = packer(out)
        for path in pages:
            for _, record in read_records(path):
                for document in _documents(record, of_page.pop(str(record.get("id")), ()), path, tally):
                    file.write(pack_bytes.compress(json_line(document)))
                advance(1)
        file.write(pack_bytes.flush())
    tally["annotations without a page"] = sum(map(len, of_page.values()))
    return tally


def _documents(
    record: Mapping[str, Any], annotations: Sequence[Annotation], path: Path, tally: Counter[str]
) -> Iterator[dict[str, Any]]:
    for annotation in annotations:
        lines = extracted(record, annotation.extractor)
        if digest_of(lines) != annotation.digest or len(lines) != len(annotation.labels):
            tally["extracted otherwise than when annotated"] += 1
            continue
        tally["documents"] += 1
        tally["lines"] += len(lines)
        yield _document(annotation, lines, path.name.partition(".")[0])


def extracted(record: Mapping[str, Any], extractor: str) -> tuple[str, ...]:
    """Return the lines that an extractor leaves of a page; nothing when it fails or is not known.

    Raises `MissingExtra` without the extractors.
    """
    if extractor == PLAIN:
        lines = (" ".join(line.split()) for line in str(record.get("text") or "").split("\n"))
        return tuple(line for line in lines if line)
    known = {one.name: one for one in EXTRACTORS}
    html = str(record.get("html") or "")
    if extractor == VISIBLE:
        return _shown(html)
    if extractor not in known or not html:
        return ()
    try:
        return lines_of(known[extractor], html, language(html, record.get("lang")))
    except MissingExtra:
        raise
    except Exception:  # any tool may fail in any way on a hostile page
        logging.getLogger(__name__).debug("%s failed on %s", extractor, record.get("id"), exc_info=True)
        return ()


def _shown(html: str) -> tuple[str, ...]:
    try:
        return tuple(" ".join(line.text.split()) for line in split_markup(html).lines)
    except CleanerError:
        return ()


def _document(annotation: Annotation, lines: Sequence[str], source: str) -> dict[str, Any]:
    return {
        "id": f"{annotation.page}#{annotation.extractor}",
        "source": source,
        "site": annotation.site or None,
        "lang": annotation.lang,
        "kind": "page" if annotation.extractor == VISIBLE else "residual",
        "sample": "enriched",
        "lines": lines,
        "labels": annotation.labels,
        "spans": [
            {"line": line, "start": start, "end": end, "text": lines[line][start:end], "label": label}
            for line, start, end, label in annotation.spans
        ],
    }
