"""One rule: a phrase or pattern, what it says about a line, and the lines that prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cleaner.labels import Label

VERDICTS: tuple[str, ...] = ("keep", "drop", "hint", "span")
"""What a rule can say, in the order in which hits are reported."""

MATCHES: tuple[str, ...] = ("whole", "start", "end", "inside", "pattern")
"""Where a rule looks; see `cleaner.rules.loading` for what each means."""


@dataclass(frozen=True, slots=True, eq=False)
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
    expression: str
    """The pattern as written, empty when the rule has phrases."""
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
    def pattern(self) -> re.Pattern[str] | None:
        """The compiled pattern, None when the rule has phrases; compiled when first asked for.

        Raises `re.error` for a faulty one; `cleaner.rules.loading.check_patterns` finds these.
        """
        return compiled(self.expression) if self.expression else None

    @property
    def source(self) -> str:
        """What verdicts and spans of this rule carry as their source."""
        return f"rule:{self.id}"


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """Compile a pattern as rules are read: verbose and blind to case. Most lines need few of them."""
    return re.compile(expression, re.VERBOSE | re.IGNORECASE)
