from typing import NamedTuple

import pytest

from cleaner.document import Line, Page, Verdict
from cleaner.labels import Label
from cleaner.neighbours import BRIEF, by_neighbours

THRESHOLD = 0.5
STORY = "The ferry to Tolna was cancelled on Sunday after ice had closed the narrow passage between the two islands."


class Given(NamedTuple):
    """One line with the verdict that it brings along."""

    text: str
    label: Label
    keep: bool
    source: str
    score: float
    ruled: bool = False


def stays(text, score=0.05, label=Label.BODY, source="model"):
    return Given(text, label, keep=True, source=source, score=score)


def goes(text, label=Label.RELATED, score=0.9, source="model"):
    return Given(text, label, keep=False, source=source, score=score)


def by_rule(text, label=Label.RELATED):
    return Given(text, label, keep=False, source="rule:x", score=0.95, ruled=True)


def settled(*lines):
    """Let neighbours settle what *lines* bring along, and check that they touch nothing else."""
    texts = [Line(line.text, 0, len(line.text)) for line in lines]
    verdicts = [Verdict(line.label, line.keep, line.source, line.score) for line in lines]
    before = list(verdicts)
    found = by_neighbours(Page("", tuple(texts)), verdicts, [line.ruled for line in lines], THRESHOLD)
    assert verdicts == before
    assert len(found) == len(lines)
    assert [verdict.score for verdict in found] == [line.score for line in lines]
    assert all(
        verdict.source == "context" for old, verdict in zip(before, found, strict=True) if old.keep != verdict.keep
    )
    return found


def shown(*lines):
    """Return one word a line: the label of what goes, `-` for what stays."""
    return " ".join("-" if verdict.keep else verdict.label.value for verdict in settled(*lines))


BODY = stays(STORY)
TITLE = stays("Ice keeps the Tolna ferry in port", label=Label.HEADLINE)
HEADING = by_rule("More from the islands")
ALT, CAPTION = "The Tolna ferry", "The Tolna ferry at its berth. Photo: Ines Falk"
WAITING = "Passengers on the quay of Tolna"
TEASER = "A winter on the outer islands, told in nine photographs"
WORDY = by_rule("One two three four five six seven eight nine")
JOIN_IN = by_rule("Join in", Label.COMMENTS)
AD = by_rule("Advertisement", Label.AD)
BY = by_rule("By", Label.BYLINE)

CASES = {
    # Twins: a line that opens the next one word for word, below the headline.
    "twins in doubt": ([TITLE, stays(ALT, 0.1), stays(CAPTION, 0.1), BODY], "- caption caption -"),
    "twins of which one goes": ([TITLE, stays(ALT, 0.1), goes(CAPTION, Label.AD), BODY], "- caption caption -"),
    "the same line twice": ([TITLE, stays(ALT, 0.1), stays(ALT, 0.1), BODY], "- caption caption -"),
    "twins that go under two labels": ([goes(ALT, Label.BYLINE), goes(ALT, Label.CAPTION), BODY], "caption caption -"),
    "twins neither of which is a caption": ([goes(ALT, Label.BYLINE), goes(ALT, Label.AD), BODY], "byline ad -"),
    "a sentence twice that passes for a name": ([goes(WAITING, Label.BYLINE)] * 2 + [BODY], "caption caption -"),
    "a name twice": ([goes(ALT, Label.BYLINE)] * 2 + [BODY], "byline byline -"),
    "twins that are not word for word": ([goes(ALT, Label.BYLINE), goes(CAPTION, Label.CAPTION)], "byline caption"),
    "a rule names one of the twins": ([by_rule(ALT), goes(ALT, Label.CAPTION), BODY], "related caption -"),
    "twins hardly in doubt": ([TITLE, stays(ALT, 0.09), stays(CAPTION, 0.1), BODY], "- - - -"),
    "twins without a headline above": ([BODY, stays(ALT, 0.1), stays(CAPTION, 0.1)], "- - -"),
    "twins below what may have been the headline": (
        [goes("Winter sales begin in every corner shop"), stays(ALT, 0.1), stays(CAPTION, 0.1), BODY],
        "related caption caption -",
    ),
    # Headlines: a first line that speaks of the story.
    "a first line about the story": ([goes("Sunday ferry to Tolna cancelled"), BODY], "- -"),
    "a first line about something else": ([goes("Winter sales begin in every corner shop"), BODY], "related -"),
    "a second line about the story": ([BODY, goes("Sunday ferry to Tolna cancelled"), BODY], "- related -"),
    "a rule has the word": ([by_rule("Sunday ferry to Tolna cancelled"), BODY], "related -"),
    "twins below an advertisement": ([AD, stays(ALT, 0.1), stays(CAPTION, 0.1), BODY], "ad - - -"),
    "twins of one word": ([TITLE, stays("Tolna", 0.1), stays("Tolna in winter", 0.1), BODY], "- - - -"),
    "a long line is no caption": ([TITLE, stays(ALT, 0.1), stays(f"{ALT} {STORY * 3}", 0.1)], "- - -"),
    "a rule wants a twin kept": ([TITLE, stays(ALT, 0.1), stays(CAPTION, 0.1, source="rule:x")], "- - -"),
    "twins apart": ([TITLE, stays(ALT, 0.1), BODY, stays(CAPTION, 0.1)], "- - - -"),
    "a headline and its deck are no twins": ([TITLE, stays(f"{TITLE.text} for days", 0.1), BODY], "- - -"),
    # Blocks: the list below a heading that a rule knows.
    "a block": ([BODY, HEADING, stays(TEASER, 0.15), stays(TEASER, 0.15)], "- related related related"),
    "a block takes its own label": ([BODY, JOIN_IN, stays("Ida T.", 0.2)], "- comments comments"),
    "a block ends where there is no doubt": ([BODY, HEADING, stays(TEASER, 0.14), stays(TEASER, 0.3)], "- related - -"),
    "a block ends at a long line": ([BODY, HEADING, stays(STORY * 3, 0.3), stays(TEASER, 0.3)], "- related - -"),
    "a rule ends a block": ([BODY, HEADING, stays(TEASER, 0.3, source="rule:x"), stays(TEASER, 0.3)], "- related - -"),
    "a removed line carries a block on": (
        [BODY, HEADING, goes(TEASER), stays(TEASER, 0.2), BODY],
        "- related related related -",
    ),
    "a sentence heads no block": ([BODY, by_rule("See our other stories."), stays(TEASER, 0.2)], "- related -"),
    "many words head no block": ([BODY, WORDY, stays(TEASER, 0.2)], "- related -"),
    "the model alone heads no block": ([BODY, goes("More from the islands"), stays(TEASER, 0.2)], "- related -"),
    "an advertisement heads no block": ([BODY, AD, stays(TEASER, 0.2)], "- ad -"),
    # Between two lines that go for the same reason.
    "between two of a sort": ([BODY, AD, stays(TEASER, 0.25), AD], "- ad ad ad"),
    "between two of a sort, hardly in doubt": ([BODY, AD, stays(TEASER, 0.249), AD], "- ad - ad"),
    "between two sorts": ([BODY, AD, stays(TEASER, 0.4), goes("Share", Label.SOCIAL)], "- ad - social"),
    "beside one only": ([BODY, AD, stays(TEASER, 0.4), BODY], "- ad - -"),
    # Names beside bylines.
    "a name below a byline": ([BY, stays("Ines Falk", 0.15), BODY], "byline byline -"),
    "a name above a byline": ([stays("Jana Maria Holm-Ek", 0.15), BY, BODY], "byline byline -"),
    "a name hardly in doubt": ([BY, stays("Ines Falk", 0.14), BODY], "byline - -"),
    "a name beside something else": ([AD, stays("Ines Falk", 0.2), BODY], "ad - -"),
    "one word is no name": ([BY, stays("Falk", 0.2), BODY], "byline - -"),
    "five words are no name": ([BY, stays("Nine Photographs From Outer Tolna", 0.2), BODY], "byline - -"),
    "small letters are no name": ([BY, stays("Ines of Tolna", 0.2), BODY], "byline - -"),
    "figures are no name": ([BY, stays("Gate 12", 0.2), BODY], "byline - -"),
    # Blurbs: what the model removed between two pointers is called a pointer.
    "a blurb": ([BODY, goes(TEASER), goes(STORY, Label.CAPTION), goes(TEASER)], "- related related related"),
    "a blurb that a rule named": ([BODY, goes(TEASER), AD, goes(TEASER)], "- related ad related"),
    "a blurb beside one pointer": ([BODY, goes(TEASER), goes(STORY, Label.CAPTION), AD], "- related caption ad"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_lines_in_doubt_are_settled_by_their_company(case):
    lines, expected = CASES[case]
    assert shown(*lines) == expected


DECK = stays("It may take until Thursday.", 0.1)
DECKS = {
    "above a byline": ([TITLE, DECK, BY, BODY], True),
    "above a caption": ([TITLE, DECK, goes(CAPTION, Label.CAPTION), BODY], True),
    "above a paragraph": ([TITLE, DECK, BODY], False),
    "above an advertisement": ([TITLE, DECK, AD, BODY], False),
    "not right below the headline": ([TITLE, AD, DECK, BY, BODY], False),
    "settled by a rule": ([TITLE, DECK._replace(source="rule:x"), BY, BODY], False),
    "judged without a model": ([TITLE, DECK._replace(source="ladder:body"), BY, BODY], True),
    "far from the top": ([*[BODY] * 12, TITLE, DECK, BY], False),
}


@pytest.mark.parametrize("case", DECKS)
def test_a_kept_line_between_headline_and_byline_or_caption_is_a_deck(case):
    lines, is_deck = DECKS[case]
    at = lines.index(next(line for line in lines if line.text == DECK.text))
    verdict = settled(*lines)[at]
    assert verdict.keep
    assert verdict.label is (Label.HEADLINE if is_deck else Label.BODY)


@pytest.mark.parametrize(("length", "gone"), [(BRIEF, True), (BRIEF + 1, False)])
def test_only_brief_lines_go_with_their_neighbours(length, gone):
    line = stays((STORY * 5)[:length].rstrip().ljust(length, "x"), 0.4)
    assert settled(AD, line, AD)[1].keep is not gone


@pytest.mark.parametrize("lines", [(), (BODY,), (AD,), (BODY, BODY, BODY), (AD, AD), (TITLE, BODY)])
def test_lines_that_are_not_in_doubt_stay_as_they_are(lines):
    assert [(verdict.label, verdict.keep, verdict.source) for verdict in settled(*lines)] == [
        (line.label, line.keep, line.source) for line in lines
    ]


def test_a_threshold_of_nothing_divides_by_nothing():
    page = Page("", (Line(TEASER, 0, len(TEASER)), Line("Advertisement", 0, 13)))
    verdicts = [Verdict(Label.BODY, True, "model", 0.0), Verdict(Label.AD, False, "model", 0.0)]
    assert list(by_neighbours(page, verdicts, [False, False], 0.0)) == verdicts
