"""Other tools' rules for lines, run on the same text by their own code.

Every peer takes a text and its language and returns the stretches it would remove. Rules that
drop whole documents are off, because what is compared is the cleaning of documents one keeps.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import Removal
from cleaner.errors import MissingExtra
from cleaner.labels import Label

if TYPE_CHECKING:
    from cleaner.lab.gold import GoldDocument

Stretches = tuple[tuple[int, int], ...]


class Peer(NamedTuple):
    """One tool with one setting."""

    name: str
    strip: Callable[[str, str], Stretches]
    """Takes a text and its language code."""


def c4(text: str, lang: str = "en") -> Stretches:
    """Remove what the line rules of C4 remove, run by datatrove's `C4QualityFilter`."""
    return _c4(text, lang, terminal_punct=True)


def c4_fineweb(text: str, lang: str = "en") -> Stretches:
    """Do the same in FineWeb's setting, which spares lines without a full stop."""
    return _c4(text, lang, terminal_punct=False)


def refinedweb(text: str, lang: str = "en") -> Stretches:  # noqa: ARG001 -- English rules, used on all languages
    """Remove what RefinedWeb's line-wise corrections remove.

    RefinedWeb's own code was never published. This is our reading of its paper and of the
    configuration that DCLM published for it, which is no installable package either: lines mostly
    in capitals, of digits alone, that are a counter ("3 likes"), of one word; and three phrases
    at the places where they stand in lines of ten words or fewer.
    """
    return tuple(stretch for start, end in _lines(text, "\n") for stretch in _correct(text, start, end))


def justext(text: str, lang: str = "en") -> Stretches:
    """Remove the paragraphs that jusText takes for boilerplate, each line being a paragraph.

    Languages without a list of ours get jusText's language-independent setting.
    """
    lines = [(start, end) for start, end in _lines(text) if text[start:end].strip()]
    good = {number for number, paragraph in _justext(text, lines, lang) if not paragraph.is_boilerplate}
    return tuple(line for number, line in enumerate(lines) if number not in good)


PEERS: tuple[Peer, ...] = (
    Peer("C4 line rules (datatrove)", c4),
    Peer("C4 in FineWeb's setting (datatrove)", c4_fineweb),
    Peer("RefinedWeb line corrections (our reading)", refinedweb),
    Peer("jusText", justext),
)


def removals(text: str, stretches: Stretches, name: str) -> tuple[Removal, ...]:
    """Put stretches into the form that is scored; peers name no label, so all get one."""
    return tuple(Removal(start, end, text[start:end], Label.ARTIFACT, f"peer:{name}", 1.0) for start, end in stretches)


def run_peers(
    documents: Sequence[GoldDocument], absent: Callable[[str], None]
) -> Iterator[tuple[str, list[tuple[Removal, ...]]]]:
    """Yield what each installed peer removes from the documents; *absent* is told of the others."""
    for peer in PEERS:
        try:
            stretches = [peer.strip(document.text, document.lang) for document in documents]
        except MissingExtra as error:
            absent(f"{peer.name} left out: {error}")
            continue
        pairs = zip(documents, stretches, strict=True)
        yield peer.name, [removals(document.text, taken, peer.name) for document, taken in pairs]


def _lines(text: str, mark: str | None = None) -> Iterator[tuple[int, int]]:
    """Yield the places of lines without their ends, by one mark or as `str.splitlines` sees them."""
    at = 0
    for line in text.split(mark) if mark else text.splitlines(keepends=True):
        # `splitlines` returns one empty line for what is nothing but a line end.
        body = line if mark else "".join(line.splitlines())
        yield at, at + len(body)
        at += len(line) + len(mark or "")


@cache
def c4_filter(*, terminal_punct: bool) -> Any:
    """Return datatrove's filter with all rules for whole documents off."""
    try:
        from datatrove.pipeline.filters.c4_filters import C4QualityFilter
    except ImportError as error:
        raise MissingExtra("comparing with C4", "bench") from error
    return C4QualityFilter(
        filter_no_terminal_punct=terminal_punct,
        filter_lorem_ipsum=False,
        filter_curly_bracket=False,
        min_num_sentences=-1,
    )


def _c4(text: str, lang: str, *, terminal_punct: bool) -> Stretches:  # noqa: ARG001 -- English rules, used on all
    rules = c4_filter(terminal_punct=terminal_punct)
    from datatrove.data import Document
    from datatrove.pipeline.filters.c4_filters import CITATION_REGEX

    stretches: list[tuple[int, int]] = []
    for start, end in _lines(text):
        # The filter judges each line by itself, so a line alone tells which lines go.
        alone = Document(text=text[start:end], id="")
        rules.filter(alone)
        if alone.text:
            stretches += (match.span() for match in CITATION_REGEX.finditer(text, start, end))
        elif text[start:end].strip():
            stretches.append((start, end))
    return tuple(stretches)


_COUNTER = re.compile(
    r"\W*+\d[\d,.]*+[kmb]?\s++(?:likes|shares|comments|retweets|reposts|quotes|bookmarks|upvotes|downvotes"
    r"|downloads|views|followers)\W*"
)
_PHRASES = (
    re.compile(r"\s?items in cart", re.IGNORECASE),
    re.compile(r"\s?read more\.\.\.$", re.IGNORECASE),
    re.compile(r"^sign-in\s?", re.IGNORECASE),
)


def _correct(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    line = text[start:end]
    words = line.split()
    if not words:
        return
    capitals, digits = sum(map(str.isupper, line)), sum(map(str.isdigit, line))
    if 2 * capitals > len(line) or digits == len(line) or len(words) < 2 or _COUNTER.fullmatch(line.lower()):
        yield start, end
    elif len(words) <= 10:
        found = {match.span() for phrase in _PHRASES for match in phrase.finditer(line)}
        yield from ((start + first, start + last) for first, last in sorted(found))


_STOPLISTS = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
}
"""Languages whose stop words jusText knows under these names."""
# Control characters end a text early in libxml2; a blank says the same to jusText.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLACE = re.compile(r"\[(\d+)\]\Z")


def _justext(text: str, lines: list[tuple[int, int]], lang: str) -> Iterator[tuple[int, Any]]:
    """Yield jusText's paragraphs with the numbers of the lines they were made of."""
    if not lines:
        return
    for paragraph in justext_paragraphs(wrapped(text, lines), lang.lower().partition("-")[0]):
        place = _PLACE.search(paragraph.xpath)
        if place:
            yield int(place.group(1)) - 1, paragraph


def justext_paragraphs(page: str, lang: str) -> Any:
    """Run jusText over HTML, without stop words where it has none for the language.

    Raises `MissingExtra` without it.
    """
    try:
        import justext as package
    except ImportError as error:
        raise MissingExtra("comparing with jusText", "bench") from error
    name = _STOPLISTS.get(lang)
    if name:
        return package.justext(page, package.get_stoplist(name))
    return package.justext(page, frozenset(), stopwords_low=0.0, stopwords_high=0.0)


def wrapped(text: str, lines: list[tuple[int, int]]) -> str:
    """Return lines as the paragraphs of an HTML page."""
    paragraphs = (f"<p>{html.escape(_CONTROL.sub(' ', text[start:end]))}</p>" for start, end in lines)
    return "<html><body>" + "".join(paragraphs) + "</body></html>"
