"""What can be known about a line by its wording: rules as data, each with lines that prove it."""

from __future__ import annotations

from functools import cache
from importlib import resources

from cleaner.rules.letters import by_letters
from cleaner.rules.loading import check_unique, parse_rules
from cleaner.rules.matching import RuleSet
from cleaner.rules.rule import Rule

__all__ = ["Rule", "RuleSet", "load_rules"]

_NEUTRAL = frozenset({"common", "spans"})


@cache
def load_rules() -> RuleSet:
    """Return the shipped rules; the files are read once a process."""
    rules: list[Rule] = []
    folder = resources.files(__name__)
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        stem, dot, suffix = entry.name.rpartition(".")
        if dot and suffix == "toml":
            lang = "" if stem in _NEUTRAL else stem
            rules += parse_rules(entry.read_text(encoding="utf-8"), file=entry.name, lang=lang)
            check_unique(rules, file=entry.name)
    return RuleSet(rules, by_letters)
