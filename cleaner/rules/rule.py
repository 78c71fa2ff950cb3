"""One rule: a phrase or pattern, what it says about a line, and the lines that prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaner.labels import Label

VERDICTS: tuple[str, ...] = ("keep", "drop", "hint", "span")
"""What a rule can say, in the order in which hits are reported."""

MATCHES: tuple[str, ...] = ("whole", "start", "end", "inside", "pattern")
"""Where a rule looks; see `cleaner.rules.loading` for what each means."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be known about a line by its wording alone."""

    id: str
    """Family first, then a name: `subscribe.newsletter-signup`."""
    verdict: str
    """`keep`, `drop`, `hint` or `span`."""
    label: Label
    match: str
    """`whole`, `start`, `end`, `inside` or `pattern`."""
    phrases: tuple[str, ...]
    """Normalised; empty for patterns."""
    pattern: re.Pattern[str] | None
    triggers: tuple[str, ...]
    """Words (for spans: exact strings) of which one must stand in the line; empty: any line."""
    most_words: int
    """No line of more words is hit; 0: no bound."""
    score: float
    """How sure the rule is of its verdict, 0 to 1."""
    why: str
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    lang: str
    """Language of the file it came from; empty when language-neutral."""

    @property
    def source(self) -> str:
        """What verdicts and spans of this rule carry as their source."""
        return f"rule:{self.id}"
