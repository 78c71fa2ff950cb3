from typing import NamedTuple

import pytest

from cleaner.document import Line, Page
from cleaner.judge import Policy, judge, note
from cleaner.labels import KEPT, Label
from cleaner.split import split

POLICY = Policy(0.6, KEPT)
SURE, DOUBTFUL, UNLIKELY = 0.9, 0.4, 0.1
LONG = "The harbour board voted on Tuesday to widen the eastern pier before the storms set in. " * 3


class Hit(NamedTuple):
    verdict: str
    label: Label
    source: str = "rule:x"
    score: float = 0.95


KEEP, DROP, HINT = Hit("keep", Label.BODY), Hit("drop", Label.AD), Hit("hint", Label.SOCIAL)


WEAK = Hit("hint", Label.NAVIGATION, score=0.3)


def guess(foreign, removed=Label.RELATED, kept=Label.BODY):
    return (foreign, removed if foreign >= POLICY.threshold else kept)


def judged(*lines, policy=POLICY):
    """Judge lines of (text, how foreign or a guess, hits)."""
    page = split("\n".join(text for text, _, _ in lines))
    guesses = [given if isinstance(given, tuple) else guess(given) for _, given, _ in lines]
    return judge(page, [hits for _, _, hits in lines], guesses, policy)


def at_site(*lines):
    """Judge lines of (text, guess, hits, lift)."""
    page = split("\n".join(text for text, *_ in lines))
    hits = [of_line for *_, of_line, _ in lines]
    guesses = [given for _, given, *_ in lines]
    return judge(page, hits, guesses, POLICY, [lift for *_, lift in lines])


def alone(*lines):
    """Judge lines of (text, hits) without a model."""
    page = split("\n".join(text for text, _ in lines))
    return judge(page, [hits for _, hits in lines], None, POLICY)


@pytest.mark.parametrize(
    ("foreign", "keep", "label"), [(0.59, True, Label.BODY), (0.6, False, Label.RELATED), (1, False, Label.RELATED)]
)
def test_the_model_removes_from_the_threshold_on(foreign, keep, label):
    (verdict,) = judged(("A line.", foreign, []))
    assert (verdict.keep, verdict.label, verdict.source, verdict.score) == (keep, label, "model", foreign)


def test_a_kept_line_gets_the_likeliest_label_that_is_kept():
    (verdict,) = judged(("A title", guess(UNLIKELY, kept=Label.HEADLINE), []))
    assert (verdict.keep, verdict.label) == (True, Label.HEADLINE)


def test_a_keep_rule_vetoes_the_model():
    (verdict,) = judged(("A line.", SURE, [KEEP]))
    assert (verdict.keep, verdict.label, verdict.source) == (True, Label.BODY, "rule:x")


def test_a_keep_rule_vetoes_a_drop_rule():
    (verdict,) = judged(("A line.", SURE, [KEEP, DROP]))
    assert (verdict.keep, verdict.label) == (True, Label.BODY)


def test_a_keep_rule_vetoes_the_neighbours():
    lines = [("Teaser", SURE, []), ("A line", DOUBTFUL, [KEEP]), ("Teaser", SURE, [])]
    assert [verdict.keep for verdict in judged(*lines)] == [False, True, False]


@pytest.mark.parametrize("foreign", [0.0, 0.3, 0.99])
def test_a_drop_rule_decides_over_the_model(foreign):
    (verdict,) = judged(("A line.", foreign, [DROP]))
    assert (verdict.keep, verdict.label, verdict.source) == (False, Label.AD, "rule:x")
    assert verdict.score == max(0.95, foreign)


@pytest.mark.parametrize("foreign", [0.0, 0.99])
def test_a_hint_leaves_the_model_its_word(foreign):
    (verdict,) = judged(("A line.", foreign, [HINT]))
    assert (verdict.keep, verdict.source) == (foreign < 0.6, "model")


def test_a_doubtful_brief_line_goes_with_both_its_neighbours():
    verdicts = judged(("Teaser", SURE, []), ("A line", DOUBTFUL, []), ("Teaser", SURE, []))
    assert [verdict.keep for verdict in verdicts] == [False, False, False]
    assert (verdicts[1].label, verdicts[1].source, verdicts[1].score) == (Label.RELATED, "context", DOUBTFUL)


STAYS = {
    "a line that is hardly in doubt": [("T", SURE, []), ("A line", UNLIKELY, []), ("T", SURE, [])],
    "a long line": [("T", SURE, []), (LONG, DOUBTFUL, []), ("T", SURE, [])],
    "a line between two kept ones": [("B", UNLIKELY, []), ("A line", DOUBTFUL, []), ("B", UNLIKELY, [])],
    "a line with one kept neighbour": [("B", UNLIKELY, []), ("A line", DOUBTFUL, []), ("T", SURE, [])],
    "a line between different sorts": [("T", SURE, []), ("A line", DOUBTFUL, []), ("T", guess(SURE, Label.AD), [])],
}


@pytest.mark.parametrize("sort", STAYS)
def test_neighbours_do_not_take_along(sort):
    assert judged(*STAYS[sort])[1].keep


@pytest.mark.parametrize("place", [0, 1])
def test_the_first_and_the_last_line_have_no_two_neighbours(place):
    lines = [("A line", DOUBTFUL, []), ("T", SURE, [])]
    assert judged(*lines[:: 1 if place == 0 else -1])[place].keep


def test_what_neighbours_took_along_takes_nothing_along():
    lines = [("T", SURE, []), ("One", DOUBTFUL, []), ("Two", DOUBTFUL, []), ("T", SURE, [])]
    assert [verdict.keep for verdict in judged(*lines)] == [False, True, True, False]


def test_labels_that_the_user_keeps_stay():
    policy = Policy(0.6, KEPT | {Label.AD})
    verdicts = judged(("A line", SURE, [DROP]), ("Another", SURE, []), policy=policy)
    assert [(verdict.keep, verdict.label) for verdict in verdicts] == [(True, Label.AD), (False, Label.RELATED)]


def test_labels_that_the_user_drops_go():
    lines = [("A title", guess(UNLIKELY, kept=Label.HEADLINE), []), ("A line.", UNLIKELY, [])]
    verdicts = judged(*lines, policy=Policy(0.6, KEPT - {Label.HEADLINE}))
    assert [(verdict.keep, verdict.label) for verdict in verdicts] == [(False, Label.HEADLINE), (True, Label.BODY)]


HEAD = guess(UNLIKELY, kept=Label.HEADLINE)


def test_a_headline_goes_where_it_is_repeated():
    verdicts = judged(("A fine title", HEAD, []), ("Text.", 0, []), ("A  fine title", HEAD, []), ("Text.", 0, []))
    assert [verdict.keep for verdict in verdicts] == [True, True, False, True]
    assert (verdicts[2].label, verdicts[2].source, verdicts[2].score) == (Label.HEADLINE, "repeat", 1.0)


def test_a_headline_goes_even_where_its_repeat_was_taken_for_body():
    assert [verdict.source for verdict in judged(("A title", HEAD, []), ("A title", 0, []))] == ["model", "repeat"]


def test_a_line_above_the_headline_is_no_repeat_of_it():
    assert all(verdict.keep for verdict in judged(("A title", 0, []), ("Text.", 0, []), ("A title", HEAD, [])))


def test_body_may_repeat_itself():
    assert all(verdict.keep for verdict in judged(("The same.", 0, []), ("The same.", 0, []), ("A title", HEAD, [])))


def test_a_single_word_is_no_headline_to_repeat():
    assert all(verdict.keep for verdict in judged(("Bridges", HEAD, []), ("Text.", 0, []), ("Bridges", 0, [])))


def test_without_a_model_lines_are_body():
    assert [(verdict.keep, verdict.label, verdict.source) for verdict in alone(("A line.", []), ("Another", []))] == [
        (True, Label.BODY, "ladder:body")
    ] * 2


@pytest.mark.parametrize(
    ("text", "hits", "keep"),
    [
        ("Follow the harbour board", [HINT], False),
        ("Follow the harbour board and all who sail with it on a winter day", [HINT], True),
        ("Follow the harbour board.", [HINT], True),
        ("Follow the harbour board?", [HINT], True),
        ("\u201cFollow the harbour board\u201d", [HINT], True),
        ("Follow the harbour board", [KEEP, HINT], True),
        ("Follow the harbour board.", [DROP, HINT], False),
        ("Follow the harbour board", [WEAK], True),
        ("Follow the harbour board", [WEAK, HINT], False),
    ],
)
def test_without_a_model_a_hint_decides_short_lines_that_end_like_no_sentence(text, hits, keep):
    (verdict,) = alone((text, hits))
    assert verdict.keep is keep


def test_an_empty_page_has_no_verdicts():
    assert judge(split(""), [], None, POLICY) == ()
    assert judge(split(" \n"), [], [], POLICY) == ()


@pytest.mark.parametrize(
    ("chars", "kept", "said"),
    [(0, 0, "empty"), (1000, 1000, ""), (1000, 100, ""), (1000, 99, "low-yield: 90%"), (10, 0, "low-yield: 100%")],
)
def test_a_note_tells_of_empty_and_nearly_emptied_documents(chars, kept, said):
    found = note(chars, kept)
    assert found.startswith(said)
    assert bool(found) == bool(said)


HEADING = ("More stories", SURE, [Hit("drop", Label.RELATED)])
TEASER, LONG_TEASER = ("A harbour town rebuilds its pier", 0.3, []), (LONG, 0.3, [])
BODY_LINE = ("The board met on Monday.", UNLIKELY, [])
PARAGRAPH = (
    "The board met on Monday and heard for three hours why the old pier cannot be saved any more.",
    UNLIKELY,
    [],
)


def kept(*lines):
    return [verdict.keep for verdict in judged(*lines)]


def test_below_the_heading_of_a_block_little_doubt_is_enough():
    verdicts = judged(PARAGRAPH, HEADING, TEASER, TEASER, BODY_LINE)
    assert [verdict.keep for verdict in verdicts] == [True, False, False, False, True]
    assert [(verdict.label, verdict.source) for verdict in verdicts[2:4]] == [(Label.RELATED, "context")] * 2


def test_a_block_ends_with_the_first_line_that_stays():
    assert kept(PARAGRAPH, HEADING, TEASER, BODY_LINE, TEASER) == [True, False, False, True, True]
    assert kept(PARAGRAPH, HEADING, LONG_TEASER, TEASER) == [True, False, True, True]


@pytest.mark.parametrize("text", ["Read more: Pier to close", "Comments (12)"])
def test_what_names_its_target_or_counts_comments_heads_no_block(text):
    label = Label.COMMENTS if text.startswith("Comments") else Label.RELATED
    assert kept(PARAGRAPH, (text, SURE, [Hit("drop", label)]), TEASER) == [True, False, True]


def test_above_the_article_stands_no_block():
    assert kept(HEADING, TEASER, PARAGRAPH) == [False, True, True]


def test_a_line_that_only_the_model_takes_out_heads_no_block():
    assert kept(("More stories", SURE, []), TEASER) == [False, True]


def test_a_pointer_that_is_a_sentence_heads_no_block():
    assert kept(("See what else the board has said.", SURE, [Hit("drop", Label.RELATED)]), TEASER) == [False, True]


def test_a_keep_rule_ends_a_block():
    assert kept(HEADING, (TEASER[0], 0.3, [KEEP]), TEASER) == [False, True, True]


BYLINE = ("By", SURE, [Hit("drop", Label.BYLINE)])


@pytest.mark.parametrize(
    ("name", "goes"),
    [
        ("Maren Tolk", True),
        ("Anne-Marie van Tolk", False),
        ("Jonas Peter Hale", True),
        ("Tolk", False),
        ("The board met", False),
        ("Ten Lighthouses You Can Sleep In", False),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_name_beside_a_byline_goes_with_it(name, goes, order):
    verdicts = judged(*[BYLINE, (name, 0.2, [])][::order])[::order]
    assert verdicts[1].keep is not goes


def test_a_kept_line_between_headline_and_byline_is_the_deck():
    deck = ("It will cost four million.", UNLIKELY, [])
    verdicts = judged(("A fine title", HEAD, []), deck, BYLINE, BODY_LINE)
    assert [verdict.label for verdict in verdicts] == [Label.HEADLINE, Label.HEADLINE, Label.BYLINE, Label.BODY]
    assert [verdict.keep for verdict in verdicts] == [True, True, False, True]


def test_the_first_paragraph_below_the_headline_is_no_deck():
    verdicts = judged(("A fine title", HEAD, []), BODY_LINE, BODY_LINE)
    assert [verdict.label for verdict in verdicts] == [Label.HEADLINE, Label.BODY, Label.BODY]


def test_without_company_each_line_stands_for_itself():
    lines = (("Buy now", SURE, []), ("Only today", DOUBTFUL, []), ("Order here", SURE, []))
    assert [verdict.keep for verdict in judged(*lines)] == [False, False, False]
    policy = POLICY._replace(company=False)
    assert [verdict.keep for verdict in judged(*lines, policy=policy)] == [False, True, False]


def test_a_doubtful_line_that_the_site_repeats_goes():
    (verdict,) = at_site(("A line.", (DOUBTFUL, Label.SOCIAL), [], 2.0))
    assert (verdict.keep, verdict.label, verdict.source) == (False, Label.SOCIAL, "site")
    assert verdict.score == pytest.approx(0.8312, abs=1e-4)


def test_a_line_that_the_site_repeats_without_a_label_is_navigation():
    (verdict,) = at_site(("A line.", (DOUBTFUL, Label.BODY), [], 2.0))
    assert (verdict.keep, verdict.label) == (False, Label.NAVIGATION)


def test_a_repeated_line_that_is_not_doubtful_enough_stays_body():
    (verdict,) = at_site(("A line.", (UNLIKELY, Label.SOCIAL), [], 1.0))
    assert verdict == judged(("A line.", UNLIKELY, []))[0]


def test_a_keep_rule_vetoes_the_site():
    (verdict,) = at_site(("A line.", (DOUBTFUL, Label.SOCIAL), [KEEP], 9.0))
    assert (verdict.keep, verdict.source) == (True, "rule:x")


def test_what_the_model_removes_alone_is_the_models():
    (verdict,) = at_site(("A line.", (SURE, Label.SOCIAL), [], 2.0))
    assert (verdict.keep, verdict.source, verdict.score) == (False, "model", SURE)


def test_without_lifts_nothing_changes():
    lines = [("A line.", DOUBTFUL, []), ("Share this", SURE, [DROP])]
    assert at_site(*[(text, guess(given), hits, 0.0) for text, given, hits in lines]) == judged(*lines)


@pytest.mark.parametrize(
    ("tag", "label", "keep"),
    [
        ("pre", Label.ARTIFACT, True),
        ("p", Label.ARTIFACT, False),
        ("", Label.ARTIFACT, False),
        ("pre", Label.AD, False),
    ],
)
def test_code_that_a_page_shows_on_purpose_is_no_artifact(tag, label, keep):
    text = "window.scrollTo(0, 0);"
    page = Page(text, (Line(text, 0, len(text), tag),))
    (verdict,) = judge(page, [[Hit("drop", label)]], [guess(UNLIKELY)], POLICY)
    assert verdict.keep is keep


@pytest.mark.parametrize(
    ("tag", "text", "keep"),
    [("h2", "Discussion", True), ("dt", "Play", True), ("h2", "Leave a reply", False), ("p", "Discussion", False)],
)
def test_a_heading_of_one_word_is_left_to_the_model(tag, text, keep):
    page = Page(text, (Line(text, 0, len(text), tag),))
    (verdict,) = judge(page, [[DROP]], [guess(UNLIKELY)], POLICY)
    assert verdict.keep is keep
    (without_model,) = judge(page, [[DROP]], None, POLICY)
    assert not without_model.keep
