"""What can be known about a line by its wording: rules as data, each with lines that prove it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from cleaner.rules.letters import by_letters
from cleaner.rules.loading import check_unique, parse_rules
from cleaner.rules.matching import RuleSet
from cleaner.rules.rule import Rule

__all__ = ["Rule", "RuleSet", "load_rules", "rules_digest"]

_NEUTRAL = frozenset({"common", "spans"})


@cache
def load_rules() -> RuleSet:
    """Return the shipped rules; the files are read once a process."""
    rules: list[Rule] = []
    for path in _files():
        lang = "" if path.stem in _NEUTRAL else path.stem
        rules += parse_rules(path.read_text(encoding="utf-8"), file=path.name, lang=lang)
        check_unique(rules, file=path.name)
    return RuleSet(rules, by_letters)


@cache
def rules_digest() -> str:
    """Return twelve digits that change when a rule does."""
    told = hashlib.sha256()
    for path in _files():
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _files() -> list[Path]:
    return sorted(Path(__file__).parent.glob("*.toml"))
