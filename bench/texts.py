"""Article texts to be timed on: from a file, or written out of the seeds so that it runs anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cleaner.errors import InputError
from cleaner.lab.gold import GoldDocument, read_gold
from cleaner.lab.records import read_records
from cleaner.labels import KEPT

SEEDS = Path(__file__).parents[1] / "seeds" / "gold.jsonl"

SWAPPED = 0.5
"""Share of small-letter words replaced in each copy of a seed, so that no cache of lines can help."""
CRUFT = 0.12
"""Share of cruft lines in labelled articles that a scraper extracted."""


def texts_of(path: Path | None, count: int) -> Iterator[str]:
    """Yield *count* texts of a JSONL file with a `text` field (fewer if it has fewer), or synthesised ones."""
    if path is None:
        yield from synthesised(count)
        return
    for number, (place, record) in enumerate(read_records(path)):
        if number == count:
            return
        if not isinstance(record.get("text"), str):
            raise InputError("`text` must be a string", path=path, place=place)
        yield record["text"]


def synthesised(count: int, seed: int = 0) -> Iterator[str]:
    """Yield articles made of the seeds' lines, each with its own words swapped and lines left out."""
    rng = np.random.default_rng(seed)
    documents = read_gold(SEEDS)
    bodies = [_lines(document, kept=True) for document in documents]
    cruft = [line for document in documents for line in _lines(document, kept=False)]
    words = [word for body in bodies for line in body for word in line.split(" ") if _plain(word)]
    for number in range(count):
        body = bodies[number % len(bodies)]
        lines = [_varied(line, words, rng) for line in body if rng.random() < 0.95]
        extra = rng.binomial(len(lines), CRUFT / (1 - CRUFT))
        chosen = [_varied(cruft[at], words, rng) for at in rng.integers(len(cruft), size=extra)]
        yield "\n\n".join([*lines, *chosen])


def write(texts: Iterator[str], path: Path) -> int:
    """Write texts as JSONL and return how many there were."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for count, text in enumerate(texts, start=1):
            out.write(json.dumps({"id": str(count), "text": text}) + "\n")
    return count


def _lines(document: GoldDocument, *, kept: bool) -> list[str]:
    return [document.text[line.start : line.end] for line in document.lines if (line.label in KEPT) == kept]


def _varied(line: str, words: Sequence[str], rng: np.random.Generator) -> str:
    own = line.split(" ")
    swaps = rng.random(len(own)) < SWAPPED
    others = rng.integers(len(words), size=len(own))
    return " ".join(
        words[other] if swap and _plain(word) else word for word, swap, other in zip(own, swaps, others, strict=True)
    )


def _plain(word: str) -> bool:
    """Tell whether a word is small letters alone: swapping names would make sentences begin anywhere."""
    return word.isalpha() and word.islower()
