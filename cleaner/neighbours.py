"""Lines in doubt settled by their company: small passes over the verdicts of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter, eq

from cleaner.document import Page, Verdict
from cleaner.labels import Label
from cleaner.wording import words_in

BRIEF = 250
"""Characters up to which neighbours may settle a line."""
_BLOCK_DOUBT, _BETWEEN_DOUBT, _NAME_DOUBT, _TWIN_DOUBT = 0.3, 0.5, 0.3, 0.2
"""Shares of the threshold from which on a line goes: below the heading of a block, between
removed lines of one label, for a name beside a byline, and for one of two like lines."""
_BLOCKS = frozenset({Label.RELATED, Label.COMMENTS})
_HEADING_WORDS = 8
_PARAGRAPH = 80
_HEAD = 12
"""Lines among which a headline and its deck are looked for."""
_GUESSED = ("model", "ladder:hint")
_TITLE_WORDS = 4, 20
_CAPTION_WORDS = 4
_BELOW = 30
"""Lines among which the paragraphs are looked for that a headline is held against."""
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_SHARED = 2
_BELOW_DECK = (Label.BYLINE, Label.CAPTION)
_KEEP = attrgetter("keep")
_HEADLINE = Label.HEADLINE
_OPEN = frozenset({"model", "ladder:body"})
"""Sources that have not decided for good."""
_UNRULED = frozenset({"model", "context"})


def by_neighbours(
    page: Page, verdicts: Sequence[Verdict], ruled: Sequence[bool], threshold: float
) -> Sequence[Verdict]:
    """Settle what is in doubt. *ruled* tells of which lines a rule thinks what the verdict says."""
    texts = [line.text for line in page.lines]
    quiet = all(map(_KEEP, verdicts))
    if not quiet:
        verdicts = _saved_headline(texts, verdicts)
    verdicts = _kickers(texts, _twins(texts, verdicts, threshold), threshold)
    return verdicts if quiet else _decks(_renamed(_company(texts, verdicts, ruled, threshold)))


def _saved_headline(texts: Sequence[str], verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """Keep a first line that reads like a title and speaks of what the paragraphs below speak of.

    The headline of an article about cookies or newsletters looks like a notice to the model.
    """
    first, text = verdicts[0], texts[0]
    if first.keep or first.source not in _GUESSED or first.label is Label.CAPTION:
        return verdicts
    if not _TITLE_WORDS[0] <= words_in(text) <= _TITLE_WORDS[1] or text[-1] in ".:\u3002\uff1a":
        return verdicts
    below = zip(texts[1:_BELOW], verdicts[1:_BELOW], strict=True)
    prose = " ".join(line for line, verdict in below if verdict.keep and len(line) > _PARAGRAPH).lower()
    shared = {word for word in _LONG_WORD.findall(text.lower()) if word in prose}
    if len(shared) < _SHARED:
        return verdicts
    return [first._replace(label=Label.HEADLINE, keep=True, source="context"), *verdicts[1:]]


def _twins(texts: Sequence[str], verdicts: Sequence[Verdict], threshold: float) -> Sequence[Verdict]:
    """Remove brief lines below the headline that open the next line word for word, and that line.

    Scrapers leave an image's alternative text and its caption like that. Of labelled lines so
    paired, headlines set aside, 6 in 118 are body. A foreign line and its verbatim repeat right below
    always bear one label, in 863 of 863 pairs, and it is a caption in 328: if either is taken for
    one, both are. Of such lines of four words or more 244 are captions and 6 bylines, so what is
    taken for a byline is one as well.
    """
    if not any(map(str.startswith, texts[1:], texts)):  # as on most pages
        return verdicts
    settled = list(verdicts)
    headed = False
    for at, (text, below) in enumerate(pairwise(texts)):
        this = verdicts[at]
        if text == below and _one_caption(text, verdicts[at : at + 2]):
            settled[at : at + 2] = [twin._replace(label=Label.CAPTION) for twin in verdicts[at : at + 2]]
        elif headed and below.startswith(text) and words_in(text) > 1 and len(below) <= BRIEF:
            pair = verdicts[at : at + 2]
            doubtful = this.score >= _TWIN_DOUBT * threshold and any(twin.keep for twin in pair)
            if doubtful and all(twin.source in _OPEN for twin in pair):
                settled[at : at + 2] = [_taken(Label.CAPTION, twin) for twin in pair]
        # A line that a bolder mode removes may be a headline to a careful one, which must not remove more.
        headed = headed or this.label is _HEADLINE or (not this.keep and this.source == "model")
    return settled


def _one_caption(text: str, twins: Sequence[Verdict]) -> bool:
    taken_for = {twin.label for twin in twins}
    likely = Label.CAPTION in taken_for or (taken_for == {Label.BYLINE} and words_in(text) >= _CAPTION_WORDS)
    return likely and all(not twin.keep and twin.source in _OPEN for twin in twins)


def _kickers(texts: Sequence[str], verdicts: Sequence[Verdict], threshold: float) -> Sequence[Verdict]:
    """Remove a doubtful short line between the headline and its verbatim copy: section or breadcrumb.

    All 15 labelled short lines in that place are foreign.
    """
    texts = texts[:_HEAD]
    if not any(map(eq, texts, texts[2:])):  # as on most pages
        return verdicts
    settled = list(verdicts)
    for at in range(1, len(texts) - 1):
        if texts[at - 1] != texts[at + 1] or words_in(texts[at - 1]) < _TITLE_WORDS[0]:
            continue
        this = verdicts[at]
        doubtful = this.label is Label.BODY and this.source in _OPEN and this.score >= _BETWEEN_DOUBT * threshold
        if doubtful and words_in(texts[at]) <= _HEADING_WORDS:
            settled[at] = _taken(Label.NAVIGATION, this)
    return settled


def _company(
    texts: Sequence[str], verdicts: Sequence[Verdict], ruled: Sequence[bool], threshold: float
) -> Sequence[Verdict]:
    """Take doubtful brief lines along with removed neighbours.

    The doubt that is enough depends on the company: little below the heading of a block, where
    the teasers of a list stand, more between two lines that go for the same reason.
    """
    settled = list(verdicts)
    block: Label | None = None
    # Above the article, buttons and menus stand alone; what follows them is often the headline.
    begin = _begin(texts, verdicts)
    quiet = [True, *map(_KEEP, verdicts), True]
    for at, this in enumerate(verdicts):
        if this.keep and block is None and quiet[at] and quiet[at + 2]:  # as most lines
            continue
        text = texts[at]
        if not this.keep:
            block = this.label if block or (at >= begin and ruled[at] and _is_heading(text, this.label)) else None
            continue
        around = (settled[at - 1] if at else None, verdicts[at + 1] if at + 1 < len(verdicts) else None)
        label = _reason(text, this.score / max(threshold, 1e-9), block, around)
        # A line with an address is a reference more often than a teaser.
        if label and this.source in _OPEN and len(text) <= BRIEF and "://" not in text:
            settled[at] = _taken(label, this)
            quiet[at + 1] = False
        else:
            block = None
    return settled


def _begin(texts: Sequence[str], verdicts: Sequence[Verdict]) -> int:
    """Return the number of the article's first paragraph.

    One that a bolder mode removes begins the article too, so that it removes no less below.
    """
    for at, (text, verdict) in enumerate(zip(texts, verdicts, strict=True)):
        if len(text) > _PARAGRAPH and (verdict.keep or verdict.source in _UNRULED):
            return at
    return len(texts)


def _is_heading(text: str, label: Label) -> bool:
    """Tell whether a removed line heads a list of pointers or of comments.

    What names its own target ("Read more: ...") or counts comments does not.
    """
    short = words_in(text) <= _HEADING_WORDS and text[-1] not in ".!?\u3002\uff01\uff1f"
    own = any(colon in text.rstrip(" :\uff1a") for colon in ":\uff1a") or (
        label is Label.COMMENTS and any(char.isdigit() for char in text)
    )
    return label in _BLOCKS and short and not own


def _reason(
    text: str, doubt: float, block: Label | None, around: tuple[Verdict | None, Verdict | None]
) -> Label | None:
    """Return the label under which a line goes with its neighbours; None if it stays."""
    if block and doubt >= _BLOCK_DOUBT:
        return block
    gone = [neighbour.label for neighbour in around if neighbour and not neighbour.keep]
    if len(gone) == 2 and gone[0] is gone[1] and doubt >= _BETWEEN_DOUBT:
        return gone[0]
    if Label.BYLINE in gone and doubt >= _NAME_DOUBT and _is_name(text):
        return Label.BYLINE
    return None


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() and word.replace("-", "").isalpha() for word in words)


def _taken(label: Label, verdict: Verdict) -> Verdict:
    return Verdict(label, keep=False, source="context", score=verdict.score)


def _renamed(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Call what the model removed between two pointers to other pieces a pointer too: its blurb."""
    settled = list(verdicts)
    for at in range(1, len(verdicts) - 1):
        this = verdicts[at]
        if this.keep or this.source != "model":
            continue
        if settled[at - 1].label is Label.RELATED is verdicts[at + 1].label:
            settled[at] = this._replace(label=Label.RELATED)
    return settled


def _decks(verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """Call a kept line between the headline and a byline or caption a headline too: the deck.

    Of labelled lines in that place that are kept, 27 in 32 are.
    """
    settled = list(verdicts)
    for at in range(1, min(_HEAD, len(verdicts)) - 1):
        this = verdicts[at]
        below_headline = settled[at - 1].label is _HEADLINE
        if below_headline and this.keep and this.source in _OPEN and verdicts[at + 1].label in _BELOW_DECK:
            settled[at] = this._replace(label=Label.HEADLINE)
    return settled
