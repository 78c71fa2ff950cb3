"""Where a page is parted: each page finds the probability from which on its lines go.

Pages differ more than one threshold can follow. On one the model is sure of everything, on the next,
in a language that it hardly knows, it doubts the whole article. So lines are taken by their
probability, the likeliest body first, as long as that makes the best of what the page holds:
the F-measure that is to be expected if the probabilities are right (Lewis 1995, Evaluating and
optimizing autonomous text classification systems; Ye et al. 2012, Optimizing F-measures: a tale of
two approaches). Characters are counted, not lines.

What was to be expected also tells how far the result can be trusted: of pages of which little is
expected most are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Page, Verdict
from cleaner.stack import Stack

BETAS: Mapping[str, float] = {"careful": 1.0, "balanced": 0.7, "thorough": 0.5}
"""How many times as much as precision recall counts, by mode. On held-out
pages word-F1 hardly moves between them; what moves is what is lost and what is left."""
CERTAIN = 0.9
"""From this probability on a line goes, though it be the best of its page: there are pages without an article."""
_SCALE = 10_000
"""Probabilities have four digits; as whole numbers they add up alike in any order."""


def partings(foreign: NDArray[np.float64], laid: Stack, beta: float) -> NDArray[np.float64]:
    """Return for each page of a stack the probability from which on its lines go.

    *foreign* holds the probability of each line of *laid*, *beta* says how much recall counts:
    the higher, the more stays. A page without lines gets `CERTAIN`.
    """
    found = np.full(len(laid.pages) - 1, CERTAIN)
    chances = np.rint(foreign * _SCALE).astype(np.int64)
    order = np.lexsort((chances, laid.page_of()))
    chances, chars = chances[order], (laid.ends - laid.starts)[order]
    body = (_SCALE - chances) * chars
    for number in np.flatnonzero(np.diff(laid.pages)).tolist():
        lines = slice(*laid.pages[number : number + 2].tolist())
        # Of the F-measure (1 + β²) · hits / (taken + β² · all) the first factor is the same at every cut.
        taken, hits = np.cumsum(chars[lines]), np.cumsum(body[lines]) / _SCALE
        last = np.argmax(hits / (taken + beta * beta * hits[-1]))
        found[number] = min(CERTAIN, (chances[lines][last] + 1) / _SCALE)
    return found


def expected_f1(page: Page, verdicts: Sequence[Verdict]) -> float:
    """Return the F1 in characters, 0 to 1, that is to be expected of what stays, if the scores are right.

    It is the harmonic mean of how much of what stays is body, and how much of the body stays.
    """
    kept = hits = body = 0.0
    for line, verdict in zip(page.lines, verdicts, strict=True):
        chars = line.end - line.start
        sure = chars * (1 - verdict.score)
        body += sure
        if verdict.keep:
            kept += chars
            hits += sure
    return round(2 * hits / (kept + body), 2) if kept + body else 0.0
