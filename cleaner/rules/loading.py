"""Rule files into rules.

A rule file is TOML with one `[[rule]]` table a rule:

`id`          family first, then a name; unique over all files. The family is the label unless
              `label` is given.
`verdict`     `drop`: nearly always right by itself. `keep`: a veto, the line stays. `hint`: only
              tells the model. `span`: a foreign stretch inside a line that stays.
`match`       `whole` (default): the normalised line equals a phrase. `start`, `end`, `inside`:
              it begins with, ends with, holds a phrase, at word edges. `pattern`: a regular
              expression, verbose and blind to case, found in the folded line.
`phrases`     for all but patterns, normalised as lines are (`cleaner.rules.lines`).
`pattern`     for patterns. A span pattern sees the untouched line; the stretch is the group
              `cut` where there is one, else all that matched.
`triggers`    for patterns: words of which one must stand in the line, `^word` at its head, unless
              `most_words` is at most `SHORT` (these see only lines with a digit, bracket,
              slash, bar or arrow, or without words). For spans: exact strings of which one must
              stand in the line.
`most_words`  a longer line is never hit; drop rules must have it unless they match whole lines.
`score`       how sure the rule is; a hint below 0.4 decides nothing where there is no model.
`why`         one sentence.
`hits`        lines that it must hit; in span rules the foreign stretch stands between \u27e6 and \u27e7.
`misses`      lines that it must not hit.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from cleaner.errors import RuleError
from cleaner.labels import Label
from cleaner.rules.lines import fold, normalise
from cleaner.rules.rule import MATCHES, VERDICTS, Rule, compiled

SHORT = 12
"""Patterns for lines of at most so many words need no triggers."""

_SCORES: Mapping[str, float] = {"keep": 0.97, "drop": 0.97, "hint": 0.5, "span": 0.95}
_KEYS = frozenset(
    {
        "id",
        "verdict",
        "label",
        "match",
        "phrases",
        "pattern",
        "triggers",
        "most_words",
        "score",
        "why",
        "hits",
        "misses",
    }
)
_LISTS = ("phrases", "triggers", "hits", "misses")
_ID = re.compile(r"[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*")


def parse_rules(text: str, *, file: str, lang: str = "") -> tuple[Rule, ...]:
    """Read one rule file; raises `RuleError` naming *file*, the rule and the fault."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(str(error), file=file) from error
    entries = content.pop("rule", [])
    if content:
        raise RuleError(f"unknown key {min(content)!r}; only [[rule]] tables are known", file=file)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RuleError("rules are written as [[rule]] tables", file=file)
    rules = tuple(_Entry(entry, file, lang).rule() for entry in entries)
    check_unique(rules, file=file)
    return rules


def check_unique(rules: Iterable[Rule], *, file: str) -> None:
    """Raise `RuleError` when two rules share an id."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError("this id is taken by another rule", file=file, rule=rule.id)
        seen.add(rule.id)


def check_patterns(rules: Iterable[Rule], *, file: str) -> None:
    """Raise `RuleError` when a pattern cannot be compiled, which loading leaves until it is needed."""
    for rule in rules:
        try:
            compiled(rule.expression)
        except re.error as error:
            raise RuleError(f"bad pattern: {error}", file=file, rule=rule.id) from error


class _Entry:
    """One `[[rule]]` table on its way to a `Rule`."""

    def __init__(self, entry: Mapping[str, Any], file: str, lang: str) -> None:
        self.entry = entry
        self.file = file
        self.lang = lang
        self.verdict = entry.get("verdict", "")
        self.match = entry.get("match", "pattern" if "pattern" in entry else "whole")

    def rule(self) -> Rule:
        self._check_keys()
        self._check_choices()
        self._check_needs()
        entry = self.entry
        return Rule(
            id=entry["id"],
            verdict=self.verdict,
            label=self._label(),
            match=self.match,
            phrases=self._phrases(),
            expression=self.entry.get("pattern", ""),
            triggers=tuple(entry.get("triggers", ())),
            most_words=entry.get("most_words", 0),
            score=float(entry.get("score", _SCORES[self.verdict])),
            why=entry["why"],
            hits=tuple(entry["hits"]),
            misses=tuple(entry["misses"]),
            lang=self.lang,
        )

    def _fault(self, fault: str) -> RuleError:
        return RuleError(fault, file=self.file, rule=str(self.entry.get("id", "")))

    def _check_keys(self) -> None:
        entry = self.entry
        if unknown := sorted(entry.keys() - _KEYS):
            raise self._fault(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
        for key in ("id", "verdict", "why", "hits", "misses"):
            if not entry.get(key):
                raise self._fault(f"{key!r} is missing or empty")
        for key in _LISTS:
            value = entry.get(key, [])
            if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
                raise self._fault(f"{key!r} must be a list of texts")
        if not isinstance(entry["id"], str) or not _ID.fullmatch(entry["id"]):
            raise self._fault("an id is a family and a name in kebab case, such as 'ad.label'")

    def _check_choices(self) -> None:
        if self.verdict not in VERDICTS:
            raise self._fault(f"unknown verdict {self.verdict!r}; known are {', '.join(VERDICTS)}")
        if self.match not in MATCHES:
            raise self._fault(f"unknown match {self.match!r}; known are {', '.join(MATCHES)}")
        bound = self.entry.get("most_words", 0)
        if not isinstance(bound, int) or bound < 0:
            raise self._fault("'most_words' must be a whole number above 0")
        score = self.entry.get("score", 0.5)
        if not isinstance(score, int | float) or not 0 <= score <= 1:
            raise self._fault("'score' must lie between 0 and 1")

    def _check_needs(self) -> None:
        entry, bound = self.entry, self.entry.get("most_words", 0)
        needed, barred = ("pattern", "phrases") if self.match == "pattern" else ("phrases", "pattern")
        if not entry.get(needed) or barred in entry:
            raise self._fault(f"match {self.match!r} needs {needed!r} and cannot have {barred!r}")
        if not isinstance(entry.get("pattern", ""), str):
            raise self._fault("'pattern' must be a text")
        if self.verdict == "span" and (self.match != "pattern" or not entry.get("triggers")):
            raise self._fault("a span rule needs a pattern, and triggers to pass over most lines")
        if self.verdict == "drop" and self.match != "whole" and not bound:
            raise self._fault("a drop rule needs 'most_words': no long line goes for a phrase inside it")
        if self.match == "pattern" and not entry.get("triggers") and not 0 < bound <= SHORT:
            raise self._fault(f"a pattern needs 'triggers', or 'most_words' of at most {SHORT}")
        if self.match != "pattern" and "triggers" in entry:
            raise self._fault("'triggers' belong to patterns; phrases find their own")

    def _label(self) -> Label:
        family = self.entry.get("label", self.entry["id"].partition(".")[0])
        try:
            return Label(family)
        except ValueError:
            raise self._fault(f"unknown label {family!r}") from None

    def _phrases(self) -> tuple[str, ...]:
        phrases = tuple(_phrase(phrase, self.match) for phrase in self.entry.get("phrases", ()))
        if not all(phrases):
            raise self._fault("a phrase is nothing but punctuation")
        if len(set(phrases)) < len(phrases):
            twice = next(phrase for phrase in phrases if phrases.count(phrase) > 1)
            raise self._fault(f"the phrase {twice!r} stands there twice")
        return phrases


def _phrase(phrase: str, match: str) -> str:
    """Normalise a phrase; one for the start of a line keeps its closing sign: `read:`."""
    folded = fold(phrase)
    if match not in {"start", "inside"}:
        return normalise(folded)
    head = normalise(folded)
    return head and folded.lower()[folded.lower().find(head) :]
