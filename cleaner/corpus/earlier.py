"""Results of earlier runs among the files that are read: they are left out where what they were made of is read."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaner.corpus.lengths import beside, fitting

MANIFEST, REPORT = "manifest.json", ".report.jsonl"
_REPORTS = (REPORT, ".report.parquet")
_UNCUT = 60
"""Characters that take less than the longest name whatever they are, with the ending of a report behind."""
_LONGEST = 1 << 16
"""Bytes of a line that tells of a file; longer ones do not."""


def relation(source: Path, results: Path, made: Collection[Path]) -> dict[str, Any]:
    """Return what a manifest in the folder *results* says of where a file lies, and what was *made* of it."""
    base = results.resolve()

    def seen(path: Path) -> str:
        return Path(os.path.relpath(path.parent.resolve() / path.name, base)).as_posix()

    return {"path": seen(source), "made": [seen(path) for path in made]}


def made_of_others(folder: Path, names: Collection[str]) -> frozenset[str]:
    """Return those of *names*, files in *folder*, that an earlier run made of others of them.

    The manifests tell, and of single texts, which have none, the reports beside them.
    """
    base = folder.resolve()
    there = {os.path.join(base, *name.split("/")): name for name in names}  # noqa: PTH118 (of millions it is quicker)
    cut = {_report_of(path): path for path, name in there.items() if len(name) > _UNCUT}
    pairs = ((source, result) for where, files in _own(base) for source, result in _told(where, files, cut))
    return frozenset(there[result] for source, result in pairs if source != result and {source, result} <= there.keys())


def left_over(manifest: Path, ours: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files beside *manifest* that the run it tells of left there, reports too, and that are none of *ours*.

    Only what is there still counts; that folder is one of results.
    """
    folder = manifest.parent.resolve()
    pairs = (pair for entry in map(_record, _lines(manifest)) for pair in _pairs(str(folder), entry))
    made = {Path(result) for _, result in pairs}
    reports = {beside(path, ending) for path in made for ending in _REPORTS}
    shared = {folder / ending.removeprefix(".") for ending in _REPORTS} if made else set()
    found = (made | reports | shared).difference(path.parent.resolve() / path.name for path in ours)
    return tuple(sorted(path for path in found if path.is_relative_to(folder) and path.is_file()))


def _own(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield folders and the files in them that tell what was made."""
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield where, [name for name in files if name.endswith(REPORT) or _is_manifest(name)]


def _is_manifest(name: str) -> bool:
    return name == MANIFEST or name.endswith(f".{MANIFEST}")


def _report_of(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(folder, fitting(name, REPORT))  # noqa: PTH118


def _told(where: str, files: Collection[str], cut: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield paths of files, and of what was made of each; *cut* has that of a report whose name may not tell it."""
    for name in files:
        lines = _lines(Path(where, name))
        if _is_manifest(name):
            for entry in map(_record, lines):
                yield from _pairs(where, entry)
        else:
            # The report of one text holds one record, called as the text was; those of others tell a place too.
            report = os.path.join(where, name)  # noqa: PTH118
            first, result = _record(next(lines, b"")), cut.get(report, report.removesuffix(REPORT))
            source = str(first.get("id", ""))
            if source and "/" not in source and "place" not in first and next(lines, None) is None:
                yield os.path.join(where, source), result  # noqa: PTH118


def _pairs(where: str, entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    source, made = entry.get("path"), entry.get("made")
    if isinstance(source, str) and isinstance(made, list):
        for result in made:
            yield _absolute(where, source), _absolute(where, str(result))


def _absolute(where: str, relative: str) -> str:
    return os.path.normpath(os.path.join(where, relative))  # noqa: PTH118


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while line := stream.readline(_LONGEST):
                yield line
    except OSError:
        return


def _record(line: bytes) -> dict[str, Any]:
    """Return the object on a line of a manifest or report; an empty one if there is none."""
    bare = line.strip().removesuffix(b",")
    try:
        told = json.loads(bare) if bare.startswith(b"{") and bare.endswith(b"}") else {}
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
