"""What a run could not read, told again where its results are taken back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.corpus.plan import rejects_path

_STREAM = {"standard input": "stdin"}
"""What the input without a name is called in rejects, and in reports."""


class Rejected(NamedTuple):
    """Rejects of a run, by which its originals are not whole."""

    number: int = 0
    files: tuple[Path, ...] = ()
    """Where they are told."""


def rejected(reports: Iterable[Path], folders: Iterable[Path], names: Collection[str] | None) -> Rejected:
    """Count the rejects beside *reports* and in *folders* that came out of files called so; None for all.

    Files of rejects that cannot be read are passed over: nothing is restored of them.
    """
    beside = (rejects_path(report) for report in reports)
    found = dict.fromkeys(path.resolve() for path in (*beside, *(folder / "rejects.jsonl" for folder in folders)))
    counts = {path: _count(path, names) for path in found if path.is_file()}
    return Rejected(sum(counts.values()), tuple(path for path, count in counts.items() if count))


def _count(path: Path, names: Collection[str] | None) -> int:
    try:
        with path.open("rb") as stream:
            return sum(names is None or _is_of(json.loads(line)["file"], names) for line in stream)
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _is_of(place: str, names: Collection[str]) -> bool:
    place = _STREAM.get(place, place)
    return any(place == name or place.endswith(f"/{name}") for name in names)


def roots(clean: Path, name: str, reports: Sequence[Path]) -> list[Path]:
    """Return the folders whose rejects may be about the file *clean*, which its report calls *name*."""
    parents = clean.resolve().parents
    depth = name.count("/")
    return [*{report.parent for report in reports}, *parents[depth : depth + 1]]
