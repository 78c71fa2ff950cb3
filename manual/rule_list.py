"""The shipped rules into a page: what `rule:<id>` in a report means."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from cleaner.rules import Rule, load_rules
from cleaner.rules.letters import LETTERS, load_language

_LABEL = attrgetter("label")
_HEAD = """# List of rules

What the source `rule:<id>` of a report stands for: verdict, language, reason, and one of the lines that it is tested
with. [Rules](rules.md) says what the verdicts mean. Rules of languages that are written in letters of their own are
read when a text has such letters.
"""


def rules_page() -> str:
    """Return all rules by label, each with its reason and an example."""
    lettered = [rule for lang, _ in LETTERS for rule in load_language(lang).rules]
    rules = sorted([*load_rules().rules, *lettered], key=lambda rule: (rule.label, rule.id, rule.lang))
    parts = [f"There are {len(rules)}; {len(lettered)} of them are read only then.\n"]
    for label, of_label in groupby(rules, _LABEL):
        parts += [f"## {label}\n", "| id | verdict | language | why | such as |", "| --- | --- | --- | --- | --- |"]
        parts += [*map(_row, of_label), ""]
    return "\n".join([_HEAD, *parts])


def _row(rule: Rule) -> str:
    cells = (f"`{rule.id}`", rule.verdict, rule.lang or "any", rule.why, f"<code>{_escaped(rule.hits[0])}</code>")
    return f"| {' | '.join(cells)} |"


def _escaped(line: str) -> str:
    """Write an example so that neither Markdown nor HTML makes anything of it."""
    short = line if len(line) <= 90 else f"{line[:89]}\u2026"
    return "".join(char if char.isalnum() or char in " .," else f"&#{ord(char)};" for char in short)
