"""Foreign stretches inside kept lines: what rules know, and headlines glued between sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Line, Page, Span
from cleaner.labels import Label
from cleaner.stack import Kind, Stack, contains, stack

_LEAST, _MOST = 6, 20
"""A glued headline has so many words."""
_LONG_WORD = 4
"""Of the words from this length on, half are capitalised in a headline that is taken for one."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]{0,3}(?=[\s\u00a0A-Z\u00c0-\u00de])")


def glued_headlines(text: str) -> tuple[Span, ...]:
    """Find headlines of other stories that stand between two sentences without a full stop.

    The stretch begins behind a sentence's end and stops before a sentence that opens with a
    capitalised function word ("… explained visually His government also …"). It must read like
    a title: no auxiliary, no verb of speech, no pronoun, and no function word at its end, so
    that names such as "The Guardian" do not count as openings.
    """
    _, prose, joints = _lexicon()
    spans: list[Span] = []
    for seam in _seam().finditer(text):
        start = _sentence_start(text, seam.start())
        words = _WORD.findall(text[start : seam.start()])
        if start and _LEAST <= len(words) <= _MOST and _is_title(words, prose, joints):
            spans.append(Span(start, seam.end(), Label.RELATED, "context", 0.8))
    return tuple(spans)


@cache
def _seam() -> re.Pattern[str]:
    """Match the blank between a word in small letters and an opener: "visually His".

    The opener must run on in small letters, as an opening sentence does and a name does not.
    """
    openers = "|".join(sorted(_lexicon()[0]))
    # The blank comes first and then any capital, so that few places are held against all openers.
    return re.compile(rf"\s(?<=[^\W\d_A-Z]\s)(?=[A-Z])(?=(?:{openers}) [^\W\d_A-Z\u00c0-\u00de])")


def _sentence_start(text: str, end: int) -> int:
    """Return where the sentence begins that runs up to *end*; 0 when none ends before it."""
    start = 0
    for match in _SENTENCE_END.finditer(text, max(0, end - 300), end):
        start = match.end()
    while start and text[start].isspace():
        start += 1
    return start


def _half_capital(words: Sequence[str]) -> bool:
    return 2 * sum(word[0].isupper() for word in words) >= len(words)


def _is_title(words: Sequence[str], prose: frozenset[str], joints: frozenset[str]) -> bool:
    return (
        words[0][0].isupper()
        and words[-1].lower() not in joints
        and not any(word.lower() in prose for word in words)
        and _half_capital([word for word in words if len(word) >= _LONG_WORD])
    )


@cache
def _lexicon() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    table = tomllib.loads(Path(__file__).with_name("inline.toml").read_text("utf-8"))
    return frozenset(table["openers"]), frozenset(table["prose"]), frozenset(table["joints"])


def seams(of: Stack) -> NDArray[np.bool_]:
    """Tell for each line whether a headline can be glued into it: a gate for `glued_headlines`.

    True where an opener stands behind a small letter and a blank, and runs on in small letters.
    """
    kinds = of.kinds
    opens, runs_on = np.zeros(len(kinds), bool), np.zeros(len(kinds), bool)
    opens[2:] = (kinds[:-2] == Kind.LOWER) & (kinds[1:-1] == Kind.WHITE) & (kinds[2:] == Kind.UPPER)
    runs_on[:-1] = (kinds[:-1] == Kind.WHITE) & (kinds[1:] == Kind.LOWER)
    glued = np.flatnonzero(opens.take(of.word_starts) & runs_on.take(of.word_ends))
    at, ends = of.word_starts[glued], of.word_ends[glued]
    line_of = np.searchsorted(of.starts, at, "right") - 1
    # What stands on the next line, or in the document before, must not open the gate.
    inside = (at > of.starts[line_of]) & (ends < of.ends[line_of])
    openers = inside & contains(_opener_hashes(), of.word_hashes[glued])
    found = np.zeros(of.count, bool)
    found[line_of[openers]] = True
    return found


@cache
def _opener_hashes() -> NDArray[np.uint64]:
    lines = tuple(Line(word, 0, len(word)) for word in sorted(_lexicon()[0]))
    laid = stack([Page("", lines)])
    return np.sort(laid.line_hashes)


def apart(found: Iterable[Span]) -> tuple[Span, ...]:
    """Sort spans and drop those that overlap an earlier one."""
    kept: list[Span] = []
    for span in sorted(found):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)
