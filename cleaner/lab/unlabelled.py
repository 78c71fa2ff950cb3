"""Texts that teach without labels: what extractors leave of pages that nobody has read.

What a model says of them is learned from like labels, see `cleaner.lab.fitting.fit`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus import WholeFile, json_line
from cleaner.errors import InputError
from cleaner.lab.annotations import PLAIN, digest_of, extracted, read_annotations
from cleaner.lab.extractors import EXTRACTORS, language
from cleaner.lab.records import packer, read_records
from cleaner.lab.sites import group_of

_FEWEST, _MOST = 3, 400
"""Texts of fewer or more lines are left out: there is little around a line, or the text is no article."""


class Unlabelled(NamedTuple):
    """The lines of one text."""

    id: str
    site: str | None
    source: str
    lang: str
    text: str

    @property
    def group(self) -> str:
        """Return what the text must not be parted from when data is split: its outlet, else its source."""
        return group_of(self.site, self.source)


def leave(
    annotations: Path, pages: Sequence[Path], out: Path, advance: Callable[[int], object] = lambda _: None
) -> Counter[str]:
    """Write what the extractors leave of *pages* and *annotations* say nothing of; return what was counted.

    A page is a record with an `id` and `html` or `text`. Of outputs that are alike the first is written, and none that
    is like one that was annotated. *advance* hears of every page read. Raises `InputError`, and `MissingExtra` without
    the extractors.
    """
    read: dict[str, list[tuple[str, str]]] = {}
    for annotation in read_annotations(annotations):
        read.setdefault(annotation.page, []).append((annotation.extractor, annotation.digest))
    tally: Counter[str] = Counter()
    with WholeFile(out) as file:
        pack_bytes = packer(out)
        for path in pages:
            for _, record in read_records(path):
                for text in _texts(record, read.get(str(record.get("id")), ())):
                    tally["texts"] += 1
                    tally["lines"] += len(text["lines"])
                    source = {"source": path.name.partition(".")[0]}
                    file.write(pack_bytes.compress(json_line(text | source)))
                advance(1)
        file.write(pack_bytes.flush())
    return tally


def _texts(record: Mapping[str, Any], read: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    site = record.get("domain") or record.get("url")
    known, seen = {extractor for extractor, _ in read}, {digest for _, digest in read}
    if not site or PLAIN in known:
        return
    names = [one.name for one in EXTRACTORS] if record.get("html") else [PLAIN]
    for name in names:
        lines = () if name in known else extracted(record, name)
        if _FEWEST <= len(lines) <= _MOST and (digest := digest_of(lines)) not in seen:
            seen.add(digest)
            lang = str(record.get("lang") or language(str(record.get("html") or ""), None))
            yield {"id": f"{record.get('id')}#{name}", "site": site, "lang": lang[:2].lower(), "lines": lines}


def read_unlabelled(path: Path) -> tuple[Unlabelled, ...]:
    """Read what `leave` wrote; raises `InputError` naming the line of a record that does not fit."""
    return tuple(_unlabelled(record, path, place) for place, record in read_records(path))


def _unlabelled(record: Mapping[str, Any], path: Path, place: str) -> Unlabelled:
    lines = record.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise InputError("`lines` must be a list of strings", path=path, place=place)
    if "labels" in record:
        raise InputError("has labels; give it as labelled documents, with --teach", path=path, place=place)
    site = record.get("site")
    return Unlabelled(
        id=str(record.get("id") or place),
        site=None if site is None else str(site),
        source=str(record.get("source") or path.name),
        lang=str(record.get("lang") or "en"),
        text="\n".join(lines),
    )
