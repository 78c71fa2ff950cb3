"""Results as notebooks show them: a small piece of HTML, escaped, that needs nothing but a browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice

from cleaner.document import Removal
from cleaner.labels import LABELS, Label

_LONGEST = 6_000
"""Characters of a text that are shown."""
_ROWS = 20
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BOX = "max-width:56em;border:1px solid rgba(128,128,128,.35);border-radius:6px;padding:.6em .9em"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;margin-top:.5em"
_TAG = "border-radius:3px;padding:0 .3em;unicode-bidi:isolate"


def head(name: str, chars: int, removed: Sequence[Removal], note: str) -> str:
    """Return a line about a document: how much went, and under which labels."""
    gone = sum(removal.end - removal.start for removal in removed)
    share = gone / chars if chars else 0.0
    counts = Counter(removal.label for removal in removed).most_common()
    labels = " ".join(f'<span style="{_tint(label)}">{label} {count}</span>' for label, count in counts)
    told = f"<div><em>{_safe(note)}</em></div>" if note else ""
    return f"<div><strong>{_safe(name)}</strong> {share:.1%} of {chars:,} characters removed {labels}</div>{told}"


def listed(removed: Sequence[Removal]) -> str:
    """Return a table of the first removed stretches."""
    rows = "".join(
        f'<tr><td><span style="{_tint(removal.label)}">{removal.label}</span></td><td>{removal.score:.2f}</td>'
        f"<td>{_safe(removal.source)}</td>"
        f"<td style='text-align:left'>{_safe(' '.join(removal.text.split())[:100])}</td></tr>"
        for removal in islice(removed, _ROWS)
    )
    more = f"<div>and {len(removed) - _ROWS} more</div>" if len(removed) > _ROWS else ""
    return f"<table style='font-size:inherit'>{rows}</table>{more}" if rows else ""


def marked(text: str, removed: Sequence[Removal]) -> str:
    """Return the beginning of a text with what went struck through."""
    more = f"<div>and {len(text) - _LONGEST:,} characters more</div>" if len(text) > _LONGEST else ""
    return f'<div dir="auto" style="{_TEXT}">{"".join(_pieces(text[:_LONGEST], removed))}</div>{more}'


def boxed(*parts: str) -> str:
    """Return the parts in one frame."""
    return f'<div style="{_BOX}">{"".join(parts)}</div>'


def legible(text: str) -> str:
    """Return *text* with U+FFFD for characters that no page can hold."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def _pieces(text: str, removed: Sequence[Removal]) -> Iterator[str]:
    at = 0
    for removal in removed:
        if removal.start >= len(text):
            break
        title = escape(f"{removal.label} \N{MIDDLE DOT} {legible(removal.source)} \N{MIDDLE DOT} {removal.score:.2f}")
        before, gone, behind = _edges(text[removal.start : removal.end])
        yield _safe(text[at : removal.start] + before)
        yield f'<del title="{title}" style="{_tint(removal.label)}">{_safe(gone)}</del>{_safe(behind)}'
        at = removal.end
    yield _safe(text[at:])


def _edges(text: str) -> tuple[str, str, str]:
    """Part the white space around what was removed from it: it is not coloured."""
    core = text.strip()
    if not core:
        return "", text, ""
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


def _tint(label: Label) -> str:
    return f"background:hsla({360 * LABELS.index(label) // len(LABELS)},65%,50%,.2);{_TAG}"


def _safe(text: str) -> str:
    return escape(legible(text))
