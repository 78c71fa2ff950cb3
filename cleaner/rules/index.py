"""Which rules may hit a line, found by its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.rules.lines import tokens
from cleaner.rules.rule import Rule

_COMMON = frozenset(
    b"about additional also article available become best call conditions financial find from great here"
    b" information like lives many money more much news personal read research right said says seen service"
    b" started story support that third this what with your".split()
)
"""Words that stand in too many lines to make a phrase's trigger."""


class Clue(NamedTuple):
    """A rule that may hit, by one of its phrases or its pattern; `rank` orders the hits."""

    rank: int
    phrase: str
    rule: Rule
    second: bytes = b""
    """The word that must stand second in the line, if any."""
    run: bytes = b""
    """The words of a plain phrase between blanks: finding them in a row is proof enough."""


Index = Mapping[bytes, Sequence[Clue]]


def clues_of(ordered: Iterable[Rule]) -> list[Clue]:
    """Return one clue a phrase, and one for a rule that has a pattern."""
    return [
        Clue(rank, phrase, rule, b"", _run(rule, phrase))
        for rank, rule in enumerate(ordered)
        for phrase in rule.phrases or ("",)
    ]


def index_clues(pairs: Iterable[tuple[bytes, Clue]]) -> Index:
    """Gather clues by word, each once."""
    found: dict[bytes, list[Clue]] = {}
    for word, clue in dict.fromkeys(pairs):
        found.setdefault(word, []).append(clue)
    return found


def spelled(clue: Clue) -> list[list[bytes]]:
    """Return the tokens of a phrase in each spelling: capital accented letters make other tokens."""
    return [tokens(spelling) for spelling in _spellings(clue.phrase)]


def leading(clue: Clue) -> set[tuple[bytes, Clue]]:
    """Return the first words of lines that a rule may hit; the clue is told the second word."""
    heads = [tokens(form) for word in clue.rule.triggers if word.startswith("^") for form in _spellings(word)]
    if clue.rule.match == "start":
        heads += spelled(clue)
    return {(words[0], clue._replace(second=words[1] if len(words) > 1 else b"")) for words in heads}


def trigger_words(clue: Clue) -> set[bytes]:
    """Return the words inside a line that make a rule a candidate: of a phrase the rarest one."""
    sources: Iterable[str] = ()
    if clue.rule.match == "pattern":
        sources = [word for word in clue.rule.triggers if not word.startswith("^")]
    elif clue.rule.match == "inside":
        sources = (clue.phrase,)
    return {max(tokens(spelling), key=_rarity) for source in sources for spelling in _spellings(source)}


def _run(rule: Rule, phrase: str) -> bytes:
    plain = rule.match == "inside" and phrase.isascii() and phrase.replace(" ", "").isalnum()
    return b" ".join((b"", *tokens(phrase), b"")) if plain else b""


def _spellings(phrase: str) -> set[str]:
    if phrase.isascii():
        return {phrase}
    return {phrase, phrase.capitalize(), phrase.title(), phrase.upper()}


def _rarity(word: bytes) -> tuple[bool, int]:
    return word not in _COMMON, len(word)
