"""Which rules may hit a line, found by its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cleaner.rules.lines import tokens
from cleaner.rules.rule import Rule

COUNTED = 160
"""Lines of more words than this are all alike to the gate."""

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


Index = Mapping[bytes, tuple[Clue, ...]]
Gate = tuple[frozenset[bytes], ...]


def clues_of(ordered: Iterable[Rule]) -> list[Clue]:
    """Return one clue a phrase, and one for a rule that has a pattern."""
    return [
        Clue(rank, phrase, rule, run=_run(rule, phrase))
        for rank, rule in enumerate(ordered)
        for phrase in rule.phrases or ("",)
    ]


def index_clues(pairs: Iterable[tuple[bytes, Clue]]) -> Index:
    """Gather clues by word, each once."""
    found: dict[bytes, dict[Clue, None]] = {}
    for word, clue in pairs:
        found.setdefault(word, {})[clue] = None
    return {word: tuple(clues) for word, clues in found.items()}


def gates(indexes: tuple[Index, ...], bounds: set[int]) -> tuple[Gate, ...]:
    """Return for each number of words and each index the words that make a line a candidate."""
    built: list[Gate] = []
    for count in range(COUNTED + 1):
        if count and count - 1 not in bounds:
            built.append(built[-1])
        else:
            built.append(tuple(_reaching(index, count) for index in indexes))
    return tuple(built)


def spelled(clue: Clue, match: str) -> list[list[bytes]]:
    """Return the tokens of a phrase in each spelling: capital accented letters make other tokens."""
    if clue.rule.match != match:
        return []
    return [tokens(spelling) for spelling in _spellings(clue.phrase)]


def leading(clue: Clue) -> set[tuple[bytes, Clue]]:
    """Return the first words of lines that a rule may hit; the clue is told the second word."""
    heads = [tokens(form) for word in clue.rule.triggers if word.startswith("^") for form in _spellings(word)]
    heads += spelled(clue, "start")
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


def _reaching(index: Index, count: int) -> frozenset[bytes]:
    return frozenset(word for word, clues in index.items() if any(_reaches(clue.rule, count) for clue in clues))


def _reaches(rule: Rule, count: int) -> bool:
    return not rule.most_words or count <= rule.most_words


def _spellings(phrase: str) -> set[str]:
    if phrase.isascii():
        return {phrase}
    return {phrase, phrase.capitalize(), phrase.title(), phrase.upper()}


def _rarity(word: bytes) -> tuple[bool, int]:
    return word not in _COMMON, len(word)
