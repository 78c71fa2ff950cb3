"""One verdict a line: rules, model or ladder, neighbours, repeats, each a small pass.

Every pass takes verdicts and returns verdicts. A line is judged alone first; neighbours settle
only what is in doubt (as in jusText, Pomikálek 2011).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from cleaner.document import Line, Page, Verdict
from cleaner.labels import KEPT, Label
from cleaner.neighbours import BRIEF, by_neighbours
from cleaner.wording import CLOSERS, words_in

_HINT_WORDS = 12
"""Without a model, a hint decides lines of at most this many words."""
_WEAK = 0.4
"""Below this score a hint decides nothing by itself: about half of the short lines it hits are body."""
_CODE_TAGS = frozenset({"pre", "code"})
"""In these elements a page shows code on purpose: wording that betrays code says nothing about their lines."""
_HEAD_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "th"})
"""A single word in these may head a part of the text ("Discussion") or of the page: where it stands tells, and that the
model sees."""
_BODY, _HEADLINE = Label.BODY, Label.HEADLINE
"""Python 3.11 takes longer to find a member of an enumeration than to judge a line."""
UNDECIDED = frozenset({"model", "ladder:body"})
"""Sources of verdicts that site memory may turn."""
_LOW_YIELD = 0.1
"""A document that keeps less than this share of its characters is flagged."""


class Rule(Protocol):
    """What judging needs to know of a rule that hit."""

    @property
    def verdict(self) -> str:
        """`keep`, `drop` or `hint`."""

    @property
    def label(self) -> Label:
        """What the rule takes the line for."""

    @property
    def source(self) -> str:
        """`rule:<id>`."""

    @property
    def score(self) -> float:
        """How sure the rule is, 0 to 1."""


Guess = tuple[float, Label]
"""What the model makes of one line: the probability that it is foreign, and the likeliest label,
of those that stay below the threshold, of those that go from it on."""


class Policy(NamedTuple):
    """What the user wants."""

    threshold: float
    """Probability from which on a line is removed."""
    keeps: frozenset[Label]
    """Labels that stay in the text."""
    company: bool = True
    """Whether neighbours settle what is in doubt. A model that sees the containers of a page needs no
    such help: on held-out pages a lower threshold does better than company at a higher one."""
    beta: float | None = None
    """How much recall counts where each page finds a threshold of its own (see `cleaner.parting`);
    None where the threshold above holds for all."""
    milder: Policy | None = None
    """What a short text is judged by of which nothing would stay (see `cleaner.sweep`)."""


Hits = Sequence[Sequence[Rule]]


def judge(
    page: Page,
    hits: Hits,
    guesses: Iterable[Guess] | None,
    policy: Policy,
    lifts: Sequence[float] | None = None,
) -> tuple[Verdict, ...]:
    """Judge every line of a page. *guesses* are the model's, None when the rules work alone.

    *lifts* are the log-odds by which site memory makes lines more foreign, 0 for most.
    """
    if guesses is None:
        verdicts: Sequence[Verdict] = [
            _by_ladder(line.text, of_line) for line, of_line in zip(page.lines, hits, strict=True)
        ]
    else:
        verdicts = _by_model(guesses, policy.threshold)
    verdicts = _by_rule(page, hits, verdicts, guesses is not None)
    if lifts is not None:
        verdicts = _by_site(verdicts, lifts, policy.threshold)
    agreed = [bool(of_line) and _agree(of_line, verdict) for of_line, verdict in zip(hits, verdicts, strict=True)]
    if policy.company:
        verdicts = by_neighbours(page, verdicts, agreed, policy.threshold)
    verdicts = _by_wish(verdicts, policy.keeps)
    return tuple(_by_repeat(page, verdicts))


def _agree(hits: Sequence[Rule], verdict: Verdict) -> bool:
    return verdict.label in [rule.label for rule in hits]


def note(chars: int, kept: int, front: str | None = None) -> str:
    """Say why a document deserves a look: it is empty, or hardly anything of it is left."""
    if not chars:
        return f"empty: {front} found no text in the page" if front else "empty: nothing came in"
    if kept < _LOW_YIELD * chars:
        return f"low-yield: {1 - kept / chars:.0%} of the text was removed"
    return ""


def _by_model(guesses: Iterable[Guess], threshold: float) -> list[Verdict]:
    return [
        _body(foreign)
        if label is _BODY and foreign < threshold
        else Verdict(label, foreign < threshold, "model", foreign)
        for foreign, label in guesses
    ]


@lru_cache(maxsize=1 << 14)
def _body(foreign: float) -> Verdict:
    """Return the verdict on most lines: probabilities have four digits, so few of these differ."""
    return Verdict(_BODY, keep=True, source="model", score=foreign)


_BROKEN_OFF = ("\u2026", "...")
_CLOSED = (*CLOSERS, ":", "\uff1a")
# How foreign a line is as far as its end and length tell; the same few verdicts go to most lines.
_LADDER_BROKEN, _LADDER_BODY, _LADDER_OPEN = (
    Verdict(Label.BODY, keep=True, source="ladder:body", score=score) for score in (0.4, 0.1, 0.3)
)


def _by_ladder(text: str, hits: Sequence[Rule]) -> Verdict:
    """Judge without a model: a short line goes on a hint, unless it ends like a sentence."""
    for rule in hits:
        if rule.verdict == "hint" and rule.score >= _WEAK and words_in(text) <= _HINT_WORDS and text[-1] not in CLOSERS:
            return Verdict(rule.label, keep=False, source="ladder:hint", score=rule.score)
    if text.endswith(_BROKEN_OFF):
        return _LADDER_BROKEN
    return _LADDER_BODY if len(text) > BRIEF // 2 or text.endswith(_CLOSED) else _LADDER_OPEN


def _by_rule(page: Page, hits: Hits, verdicts: Sequence[Verdict], by_model: bool) -> list[Verdict]:
    """Let keep rules veto and drop rules decide; the first rule that hits has the word.

    Of a page, lines whose elements speak louder than their wording are not dropped by rules.
    """
    return [
        _ruled(page.lines[at], of_line, verdict, by_model) if of_line else verdict
        for at, (of_line, verdict) in enumerate(zip(hits, verdicts, strict=True))
    ]


def _ruled(line: Line, hits: Sequence[Rule], verdict: Verdict, by_model: bool) -> Verdict:
    spared = by_model and line.tag in _HEAD_TAGS and not any(map(str.isspace, line.text))
    for rule in hits:
        if rule.verdict == "keep":
            return Verdict(Label.BODY, keep=True, source=rule.source, score=1 - rule.score)
        if rule.verdict == "drop" and not spared and not (line.tag in _CODE_TAGS and rule.label is Label.ARTIFACT):
            return Verdict(rule.label, keep=False, source=rule.source, score=max(rule.score, verdict.score))
    return verdict


def lifted(chance: float, lift: float) -> float:
    """Return a probability with log-odds added to it."""
    odds = math.exp(lift) * chance / max(1 - chance, 1e-9)
    return odds / (1 + odds)


def _by_site(verdicts: Sequence[Verdict], lifts: Sequence[float], threshold: float) -> list[Verdict]:
    """Remove lines that are doubtful and that the site repeats; what a rule decided stands."""
    return [
        _repeated(verdict, lift, threshold) if lift and verdict.keep and verdict.source in UNDECIDED else verdict
        for verdict, lift in zip(verdicts, lifts, strict=True)
    ]


def _repeated(verdict: Verdict, lift: float, threshold: float) -> Verdict:
    score = lifted(verdict.score, lift)
    if score >= threshold:
        label = Label.NAVIGATION if verdict.label in KEPT else verdict.label
        return Verdict(label, keep=False, source="site", score=score)
    # What the model would call it counts only if it goes.
    return verdict if verdict.label in KEPT else verdict._replace(label=_BODY)


def _by_wish(verdicts: Sequence[Verdict], keeps: frozenset[Label]) -> Sequence[Verdict]:
    """Keep and drop the labels that the user asked for."""
    if keeps == KEPT:
        return verdicts
    return [
        verdict if verdict.keep == (verdict.label in keeps) else verdict._replace(keep=not verdict.keep)
        for verdict in verdicts
    ]


def _by_repeat(page: Page, verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """Remove a headline's verbatim repeats after its first appearance."""
    heads = {at for at, verdict in enumerate(verdicts) if verdict.label is _HEADLINE and verdict.keep}
    if not heads:
        return verdicts
    seen: set[str] = set()
    settled = list(verdicts)
    initials = {page.lines[at].text[0] for at in heads}
    for at in [at for at, line in enumerate(page.lines) if line.text[0] in initials]:
        # What a rule removed has its reason already.
        if verdicts[at].source.startswith("rule:"):
            continue
        folded = " ".join(page.lines[at].text.split())
        if folded in seen:
            settled[at] = Verdict(_HEADLINE, keep=False, source="repeat", score=1.0)
        elif at in heads and words_in(folded) > 1:
            seen.add(folded)
    return settled
