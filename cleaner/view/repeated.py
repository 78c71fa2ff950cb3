"""What went because its site repeats it: lines by site, and what a site memory knows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from cleaner.corpus import Frequent, Line
from cleaner.document import Line as PageLine
from cleaner.document import Page
from cleaner.labels import Label
from cleaner.sites import Memory, keys_of, site_of_address
from cleaner.stack import stack

SOURCE = "site"
"""What decided, where site memory did."""
_SITES, _LINES, _WIDTH = 1_000, 100, 600
"""Sites, lines of each at a time, and characters of a line that are told apart."""
_UNKNOWN = (None, 0.0, 0.0)


class Repeat(NamedTuple):
    """A line that went, and what the memory knows of it on its site."""

    line: Line
    share: float | None
    """Of the site's documents; None where the memory knows nothing of the line, or there is none."""
    top: float
    """Share of these documents in whose first third it stands."""
    end: float
    """Share of these documents in whose last third it stands."""


class SiteLines(NamedTuple):
    """The lines of one site that went for being repeated."""

    site: str
    times: int
    """How often any of them went."""
    documents: int
    """Of the site, that the memory was learned from; 0 where it does not know the site."""
    lines: list[Repeat]


@dataclass(slots=True)
class Repeated:
    """Lines that went for being repeated, by site; of sites that come when there are many already nothing is kept."""

    times: Counter[str] = field(default_factory=Counter)
    lines: dict[str, Frequent] = field(default_factory=dict)

    def add(self, site: str, text: str, label: Label) -> None:
        """Count a line; *site* may be empty, where reports do not tell it."""
        if site in self.lines or len(self.lines) < _SITES:
            self.times[site] += 1
            self.lines.setdefault(site, Frequent(_LINES, _WIDTH)).add(text, label)

    def top(self, sites: int, lines: int, memory: Memory | None) -> Iterator[SiteLines]:
        """Yield the sites of which most went, each with its most frequent lines that went more than once."""
        for site, times in sorted(self.times.items(), key=lambda item: (-item[1], item[0]))[:sites]:
            if found := self.lines[site].top(lines):
                yield _known(site, times, found, memory)


def _known(site: str, times: int, lines: list[Line], memory: Memory | None) -> SiteLines:
    """Put what the memory knows beside the lines of a site."""
    name = site if memory is None or site in memory.sites else site_of_address(site)
    if memory is None or name not in memory.sites:
        return SiteLines(site, times, 0, [Repeat(line, *_UNKNOWN) for line in lines])
    laid = stack([Page(line.text, (PageLine(line.text, 0, len(line.text)),)) for line in lines])
    found = memory.find(keys_of(laid).key, np.repeat(memory.numbers_of([name]), len(lines)))
    rows = memory.rows
    told = [
        Repeat(line, count / of, int(rows.top[row]) / count, int(rows.end[row]) / count)
        if count and of
        else Repeat(line, *_UNKNOWN)
        for line, count, of, row in zip(lines, found.documents.tolist(), found.of.tolist(), found.row, strict=True)
    ]
    return SiteLines(site, times, int(found.of[0]), told)
