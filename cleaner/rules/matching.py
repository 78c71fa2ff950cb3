"""Rules against lines: a cheap gate first, the few candidates after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Span
from cleaner.labels import Label
from cleaner.rules.gate import Gate
from cleaner.rules.index import Clue, Index, clues_of, index_clues, leading, spelled, trigger_words
from cleaner.rules.lines import LONG, MARKS, fold, normalise, tokens, view
from cleaner.rules.literals import Literals, bit_of
from cleaner.rules.loading import SHORT
from cleaner.rules.rule import VERDICTS, Rule, compiled
from cleaner.stack import Ints, Stack
from cleaner.wording import words_in

Others = Callable[[Sequence[str], Stack], Mapping[int, tuple[Rule, ...]]]
"""More rules, asked with the lines of a stack: the hits of those lines that have any."""

_BRIEF, _REMEMBERED = 60, 1 << 13
"""Characters of a line whose hits are remembered, and so many are: one or two megabytes."""
_SPOKEN = re.compile(
    r"""\s* (?: ["'\u201c\u201d\u201e\u2018\u2019] [^"\u201c\u201d]*
      (?: [.,!?\u2026\u2013\u2014-]\s?["'\u201c\u201d\u2019] | ["\u201d\u201c][.,!?] )
    | [\u00ab\u00bb] [^\u00ab\u00bb]* [.,!?\u2026]\s?[\u00ab\u00bb] ) \s* \Z""",
    re.VERBOSE,
)
"""A line in quotation marks that ends like a sentence."""
_SAID = "said|says|say|asked|warned|told|joked|wrote|argued|added|admitted|insisted|pleaded"
_SAID_FIRST = (
    "sagte|sagt|bat|warnte|erkl\u00e4rte|meinte|schrieb|fragte|rief"
    "|dijo|pidi\u00f3|afirm\u00f3|explic\u00f3|asegur\u00f3|disse|pediu|afirmou|explicou"
    r"|a\s(?:dit|d\u00e9clar\u00e9|demand\u00e9|expliqu\u00e9)|ha\s(?:detto|chiesto|spiegato)"
)
_REPORTED = re.compile(
    rf"""
      , ["']? \s (?! (?:i|we|you)\s ) (?:[\w'.-]{{1,20}}\s){{1,8}} (?:{_SAID})
        (?: (?:\s[\w'-]{{1,20}}){{0,6}} \.["')]{{0,3}} $ | , \s )
    | , ["']? \s (?:{_SAID_FIRST}) (?:\s[\w'.-]{{1,20}}){{1,8}} \. $
    | ^ (?! (?:i|we|you)\s ) (?:[\w'-]{{1,20}}\s){{1,8}} (?:said|says|warned|argued|admitted)
        \s (?:that|the|this|it|he|she|they|visitors|users|readers) \s""",
    re.VERBOSE | re.IGNORECASE,
)
"""What somebody else is said to have said is the article's own text: it ends or begins with who said so."""
_SIGN = re.compile(rf"[\d{re.escape(MARKS)}]")


class RuleSet:
    """All rules, indexed so that a line which none can hit is passed over at once."""

    def __init__(self, rules: Iterable[Rule], others: Others | None = None) -> None:
        self._others = others
        self.rules: tuple[Rule, ...] = tuple(rules)
        judging = [rule for rule in self.rules if rule.verdict != "span"]
        self._ordered = tuple(sorted(judging, key=lambda rule: VERDICTS.index(rule.verdict)))
        clues = clues_of(self._ordered)
        self._whole = _by_words((clue for clue in clues if clue.rule.match == "whole"), b" ".join)
        self._longest = max([SHORT, *(words.count(b" ") + 1 for words in self._whole)])
        self._starts = index_clues(pair for clue in clues for pair in leading(clue))
        self._ends = _by_words((clue for clue in clues if clue.rule.match == "end"), itemgetter(-1))
        self._inside = index_clues((word, clue) for clue in clues for word in trigger_words(clue))
        self._inner = frozenset(self._inside)
        self._brief = tuple(clue for clue in clues if clue.rule.match == "pattern" and not clue.rule.triggers)
        self._spans = tuple(rule for rule in self.rules if rule.verdict == "span")

    @cached_property
    def _gate(self) -> Gate:
        return Gate(self._whole, self._starts, self._ends, self._inside)

    @cached_property
    def _brief_hits(self) -> Callable[[str], tuple[Rule, ...]]:
        """What `hits` returns, remembered: every second brief line that rules may hit stands on other pages too."""
        return lru_cache(_REMEMBERED)(self.hits)

    @cached_property
    def _short(self) -> re.Pattern[str]:
        return _either(clue.rule.expression for clue in self._brief)

    @cached_property
    def _literals(self) -> Literals:
        return Literals(rule.triggers for rule in self._spans)

    def candidates(self, laid: Stack) -> NDArray[np.bool_]:
        """Tell for each line of a stack whether `hits` may return anything; False is certain."""
        by_words, by_marks = self._gate.candidates(laid)
        return by_words | by_marks

    def sweep(self, texts: Sequence[str], laid: Stack) -> list[tuple[Rule, ...]]:
        """Return the hits of all lines of a stack, of which *texts* are the lines."""
        by_words, by_marks = self._gate.candidates(laid)
        chosen = by_words.tolist()
        for at in np.flatnonzero(by_marks & ~by_words).tolist():
            chosen[at] = self._short.match(texts[at])
        found = [
            () if not may else self._brief_hits(text) if len(text) <= _BRIEF else self.hits(text)
            for text, may in zip(texts, chosen, strict=True)
        ]
        for at, more in self._others(texts, laid).items() if self._others else ():
            found[at] = tuple(sorted(found[at] + more, key=_by_verdict))
        return found

    def hits(self, text: str) -> tuple[Rule, ...]:
        """Return the keep, drop and hint rules that hit a line, in this order.

        >>> from cleaner.rules import load_rules
        >>> [rule.verdict for rule in load_rules().hits("Skip to content")][0]
        'drop'
        """
        words = tokens(text if len(text) <= LONG else view(text))
        count = text.count(" ") + 1
        clues = self._clues(text, words, count)
        return self._confirm(text, words, clues) if clues else ()

    def spans(self, text: str, among: int = -1) -> tuple[Span, ...]:
        """Return the foreign stretches inside a line that is kept: sorted, never overlapping.

        Only the rules are asked whose bits *among* has, as `span_candidates` gives it.

        A stretch takes the white space with it that would otherwise stand double. Nothing is
        returned when nothing but signs would be left of the line.
        """
        found: list[Span] = []
        for number, rule in enumerate(self._spans):
            if among & bit_of(number) and _holds(text, rule.triggers) and rule.pattern is not None:
                group: str | int = "cut" if "cut" in rule.pattern.groupindex else 0
                for match in rule.pattern.finditer(text):
                    start, end = _with_blank(text, *match.span(group))
                    if start < end:
                        found.append(Span(start, end, rule.label, rule.source, rule.score))
        return _apart(text, found) if found else ()

    def span_candidates(self, laid: Stack) -> Ints:
        """Return for each line of a stack the bits of the rules by which `spans` may return anything; 0 is certain."""
        return self._literals.lines(laid)

    def _clues(self, text: str, words: list[bytes], count: int) -> list[Clue]:
        """Return what may hit a line, by its words alone."""
        clues: list[Clue] = []
        if count <= self._longest:
            clues += _unsaid(text, self._whole.get(b" ".join(words), ()))
            if count <= SHORT and (not words or _SIGN.search(text)) and self._short.match(text):
                clues += self._brief
        if words:
            clues += [clue for clue in self._starts.get(words[0], ()) if not clue.second or clue.second in words[1:2]]
            clues += self._ends.get(words[-1], ())
            for word in self._inner.intersection(words):
                clues += self._inside[word]
        # An English word and its blank have six characters; shorter lines meet every bound anyway.
        if clues and len(text) > 8 * count and not text.isascii():
            count = words_in(text)
        return [clue for clue in clues if not 0 < clue.rule.most_words < count]

    def _confirm(self, text: str, words: list[bytes], clues: list[Clue]) -> tuple[Rule, ...]:
        """Return the rules of the clues that hold, each once."""
        joined = b" ".join((b"", *words, b""))
        ranks: set[int] = set()
        rest: list[Clue] = []
        for clue in clues:
            if not clue.run:
                rest.append(clue)
            elif clue.run in joined:
                ranks.add(clue.rank)
        if rest:
            folded = fold(view(text))
            normal = normalise(folded)
            ranks.update([clue.rank for clue in rest if _is_hit(clue, folded, normal)])
        found = [self._ordered[rank] for rank in sorted(ranks)]
        if any(map(_claims, found)) and _REPORTED.search(fold(view(text))):
            found = [rule for rule in found if not _claims(rule)]
        return tuple(found)


def _claims(rule: Rule) -> bool:
    """Tell whether a rule would drop a sentence for what it says."""
    return rule.verdict == "drop" and rule.match != "whole" and rule.label is not Label.COMMENTS


def _unsaid(text: str, clues: Iterable[Clue]) -> Iterable[Clue]:
    """Leave out what would drop a line of dialogue: `"Help!"` is no button."""
    return [clue for clue in clues if clue.rule.verdict != "drop"] if clues and _SPOKEN.match(text) else clues


def _by_verdict(rule: Rule) -> int:
    return VERDICTS.index(rule.verdict)


def _by_words(clues: Iterable[Clue], key: Callable[[list[bytes]], bytes]) -> Index:
    return index_clues((key(words), clue) for clue in clues for words in spelled(clue))


def _is_hit(clue: Clue, folded: str, normal: str) -> bool:
    rule, phrase = clue.rule, clue.phrase
    if rule.expression:
        return compiled(rule.expression).search(folded) is not None
    if rule.match == "whole":
        return normal == phrase
    if rule.match == "start":
        return normal.startswith(phrase) and _edge(normal, len(phrase) - 1)
    if rule.match == "end":
        return normal.endswith(phrase) and _edge(normal, len(normal) - len(phrase) - 1)
    return _stands_in(normal, phrase)


def _stands_in(normal: str, phrase: str) -> bool:
    at = normal.find(phrase)
    while at >= 0:
        if _edge(normal, at - 1) and _edge(normal, at + len(phrase) - 1):
            return True
        at = normal.find(phrase, at + 1)
    return False


def _edge(text: str, at: int) -> bool:
    """Tell whether a word ends between the characters at *at* and behind it."""
    return at < 0 or at + 1 >= len(text) or not (text[at].isalnum() and text[at + 1].isalnum())


def _either(sources: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all; the line end closes what a verbose pattern left open as a comment."""
    options = [f"(?:{source}\n)" for source in dict.fromkeys(sources)]
    return re.compile("|".join(options) or r"(?!)", re.VERBOSE | re.IGNORECASE)


def _holds(text: str, literals: Iterable[str]) -> bool:
    for literal in literals:  # noqa: SIM110 - a third of the time of `any` with a generator
        if literal in text:
            return True
    return False


def _with_blank(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim a stretch, then take along the blank that would stand double without it."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == 0:
        while end < len(text) and text[end].isspace():
            end += 1
    elif end == len(text) or text[end].isspace():
        while start > 0 and text[start - 1].isspace():
            start -= 1
    return start, end


def _apart(text: str, found: list[Span]) -> tuple[Span, ...]:
    """Sort spans and drop the later one of two that overlap; none if they would empty the line."""
    chosen: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not chosen or span.start >= chosen[-1].end:
            chosen.append(span)
    at, left = 0, ""
    for span in chosen:
        left += text[at : span.start]
        at = span.end
    return tuple(chosen) if any(sign.isalnum() for sign in left + text[at:]) else ()
