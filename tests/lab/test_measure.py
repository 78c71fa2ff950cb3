import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Removal
from cleaner.errors import ReportError
from cleaner.lab.gold import gold_document
from cleaner.lab.measure import measure
from cleaner.lab.tally import LabelTally, Tally, total
from cleaner.labels import LABELS, Label

# Non-white characters by line: 4, 8, 10, 6, 4; line 2 holds a span of 4 in its middle.
LINES = ["Head", "One two.", "abc WXYZ def", "Share!", "Head"]
LABELS_OF = ["headline", "body", "body", "social", "headline"]
SPANS = [{"line": 2, "start": 4, "end": 8, "text": "WXYZ", "label": "related"}]
TEXT = "\n".join(LINES)
STARTS = [0, 5, 14, 27, 34]


def document(**changes):
    record = {"id": "x", "lines": LINES, "labels": LABELS_OF, "spans": SPANS, **changes}
    return gold_document(record)


def removal(start, end, label=Label.SOCIAL, source="model"):
    return Removal(start, end, TEXT[start:end], label, source, 0.9)


def line(number, label=Label.SOCIAL, source="model"):
    return removal(STARTS[number], STARTS[number] + len(LINES[number]), label, source)


def counts(tally, *names):
    return tuple(getattr(tally, name) for name in names)


BODY = ("body_chars", "body_chars_lost", "kept_lines", "kept_lines_lost")
CRUFT = ("cruft_chars", "cruft_chars_removed", "cruft_lines", "cruft_lines_removed", "cruft_lines_right")
SPAN = ("gold_spans", "gold_spans_found", "predicted_spans", "predicted_spans_hit", "predicted_spans_right")
SPAN_CHARS = ("gold_span_chars", "predicted_span_chars", "shared_span_chars")
DOCUMENTS = ("documents", "touched", "hurt", "ruined")


def test_removing_nothing_loses_nothing_and_wins_nothing():
    tally = measure(document(), ())
    assert counts(tally, *BODY) == (4 + 7 + 6 + 4, 0, 4, 0)
    assert counts(tally, *CRUFT) == (6 + 4, 0, 1, 0, 0)
    assert counts(tally, *SPAN) == (1, 0, 0, 0, 0)
    assert counts(tally, *DOCUMENTS) == (1, 0, 0, 0)
    assert (tally.body_loss, tally.cruft_removed, tally.span_precision, tally.label_accuracy) == (0, 0, 0, 0)


def test_removing_everything_loses_all_body_and_finds_no_span():
    tally = measure(document(), [removal(0, len(TEXT))])
    assert counts(tally, *BODY) == (21, 21, 4, 4)
    assert counts(tally, *CRUFT) == (10, 10, 1, 1, 1)
    assert counts(tally, *SPAN) == (1, 0, 0, 0, 0)
    assert counts(tally, *DOCUMENTS) == (1, 1, 1, 1)
    assert (tally.body_loss, tally.cruft_removed, tally.kept_lines_loss) == (1, 1, 1)


def test_removing_everything_as_a_repeat_excuses_only_the_repeated_headline():
    tally = measure(document(), [removal(0, len(TEXT), source="repeat")])
    assert counts(tally, *BODY) == (21, 17, 4, 3)


def test_the_right_answer_scores_full():
    tally = measure(document(), [removal(18, 22, Label.RELATED), line(3)])
    assert (tally.body_loss, tally.cruft_removed, tally.label_accuracy) == (0, 1, 1)
    assert (tally.span_precision, tally.span_recall, tally.span_label_accuracy, tally.cruft_chars_share) == (1, 1, 1, 1)
    assert counts(tally, *DOCUMENTS) == (1, 1, 0, 0)
    assert tally.of(Label.SOCIAL) == LabelTally(1, 1, 1)
    assert tally.of(Label.BODY) == LabelTally(2, 0, 0)


def test_a_cruft_line_needs_half_of_its_characters_removed():
    start = STARTS[3]
    assert measure(document(), [removal(start, start + 2)]).cruft_lines_removed == 0
    half = measure(document(), [removal(start, start + 3)])
    assert (half.cruft_lines_removed, half.cruft_chars_removed) == (1, 3)


def test_the_label_of_most_removed_characters_counts():
    start = STARTS[3]
    pair = [removal(start, start + 2, Label.SOCIAL), removal(start + 2, start + 6, Label.AD)]
    tally = measure(document(), pair)
    assert counts(tally, *CRUFT) == (10, 6, 1, 1, 0)
    assert tally.of(Label.SOCIAL) == LabelTally(1, 1, 0)


@pytest.mark.parametrize(
    ("start", "end", "found", "shared", "lost"),
    [
        (18, 22, 1, 4, 0),  # exact
        (17, 23, 1, 4, 0),  # with the blanks around it
        (18, 21, 1, 3, 0),  # 3 of 4
        (19, 23, 1, 3, 0),  # off by one, on a blank
        (20, 22, 1, 2, 0),  # 2 of 4: just half
        (21, 22, 0, 1, 0),  # 1 of 4
        (16, 22, 1, 4, 1),  # 4 of 5
        (20, 25, 0, 2, 2),  # 2 of 6
        (23, 26, 0, 0, 3),  # beside it, and half of the body of the line: lost
    ],
)
def test_a_span_is_hit_from_half_of_the_union_on(start, end, found, shared, lost):
    tally = measure(document(), [removal(start, end, Label.RELATED)])
    given = 0 if tally.kept_lines_lost else 1
    assert counts(tally, *SPAN) == (1, found, given, found, found)
    assert tally.shared_span_chars == shared
    assert tally.body_chars_lost == lost


def test_a_hit_under_another_label_is_a_hit_with_the_wrong_label():
    tally = measure(document(), [removal(18, 22, Label.AD)])
    assert counts(tally, *SPAN) == (1, 1, 1, 1, 0)
    assert (tally.span_precision, tally.span_label_accuracy) == (1, 0)


def test_touching_removals_of_one_label_are_one_span():
    tally = measure(document(), [removal(18, 20, Label.RELATED), removal(20, 22, Label.RELATED)])
    assert counts(tally, *SPAN) == (1, 1, 1, 1, 1)


def test_a_line_that_goes_whole_is_lost_and_no_span():
    tally = measure(document(), [line(2, Label.RELATED)])
    assert counts(tally, *BODY) == (21, 6, 4, 1)
    assert counts(tally, *SPAN) == (1, 0, 0, 0, 0)
    assert counts(tally, *SPAN_CHARS) == (4, 0, 0)
    assert tally.cruft_chars_removed == 4
    assert tally.of(Label.BODY) == LabelTally(2, 1, 0)


def test_a_span_where_the_gold_has_none_is_a_false_one_and_costs_body():
    tally = measure(document(), [removal(5, 8)])
    assert counts(tally, *SPAN) == (1, 0, 1, 0, 0)
    assert tally.body_chars_lost == 3


def test_cut_lines_are_left_out_of_span_scores_only():
    tally = measure(document(cut=[2]), [removal(16, 22, Label.RELATED)])
    assert counts(tally, *SPAN) == (0, 0, 0, 0, 0)
    assert (tally.body_chars_lost, tally.cruft_chars_removed) == (1, 4)


@pytest.mark.parametrize(
    ("number", "source", "lost"), [(4, "repeat", 0), (4, "model", 4), (0, "repeat", 4), (1, "repeat", 7)]
)
def test_only_the_verbatim_repeat_of_a_headline_may_go(number, source, lost):
    tally = measure(document(), [line(number, Label.HEADLINE, source)])
    assert (tally.body_chars_lost, tally.kept_lines_lost) == (lost, int(lost > 0))
    assert tally.body_chars == 21
    assert tally.predicted_spans == 0


def test_a_headline_in_other_words_is_no_repeat():
    changed = [*LINES[:4], "HEAD"]
    text = "\n".join(changed)
    gone = Removal(34, 38, text[34:38], Label.HEADLINE, "repeat", 1.0)
    assert measure(document(lines=changed), [gone]).body_chars_lost == 4


def test_removed_line_breaks_cost_nothing():
    tally = measure(document(), [removal(13, 14), removal(26, 34)])
    assert counts(tally, "body_chars_lost", "cruft_lines_removed", "predicted_spans") == (0, 1, 0)
    assert measure(document(), [removal(13, 14)]).touched == 0


def test_just_half_of_the_body_is_not_yet_ruin():
    lines = {"lines": ["abcd", "efgh"], "labels": ["body", "body"], "spans": []}
    first = Removal(0, 4, "abcd", Label.AD, "model", 1.0)
    assert counts(measure(document(**lines), [first]), *DOCUMENTS) == (1, 1, 1, 0)
    more = Removal(5, 6, "e", Label.AD, "model", 1.0)
    assert counts(measure(document(**lines), [first, more]), *DOCUMENTS) == (1, 1, 1, 1)


def test_a_document_without_line_breaks_is_measured_by_its_spans():
    text = "One is here. Share this page now. Two is there. " * 2
    spans = [{"line": 0, "start": at, "end": at + 20, "text": text[at : at + 20], "label": "social"} for at in (13, 61)]
    lines = {"lines": [text], "labels": ["body"], "spans": spans}
    gone = [Removal(13, 34, text[13:34], Label.SOCIAL, "model", 0.9)]
    tally = measure(document(**lines), gone)
    assert counts(tally, *SPAN) == (2, 1, 1, 1, 1)
    assert (tally.cruft_lines, tally.body_loss, tally.cruft_chars_share) == (0, 0, 0.5)


@pytest.mark.parametrize(
    "wrong",
    [
        Removal(0, 4, "Heap", Label.AD, "model", 1.0),
        Removal(30, 99, "x" * 69, Label.AD, "model", 1.0),
        Removal(-1, 1, "", Label.AD, "model", 1.0),
        Removal(3, 3, "", Label.AD, "model", 1.0),
    ],
)
def test_removals_of_another_text_are_refused(wrong):
    with pytest.raises(ReportError, match="is not what was removed"):
        measure(document(), [wrong])


def test_tallies_add_up_field_by_field():
    one, other = measure(document(), [line(3)]), measure(document(), [line(1), line(2)])
    both = one + other
    assert counts(both, *DOCUMENTS) == (2, 2, 1, 1)
    assert (both.body_chars, both.body_chars_lost, both.cruft_lines_removed) == (42, 13, 1)
    assert both.of(Label.SOCIAL) == LabelTally(2, 1, 1)
    assert one + Tally() == one
    assert total(()) == Tally()
    assert total([one, other, one]) == one + other + one
    assert len(both.labels) == len(LABELS)


def test_shares_of_nothing_are_zero():
    empty = Tally()
    assert empty.body_loss == empty.cruft_removed == empty.label_accuracy == empty.span_precision == 0.0
    assert LabelTally().recall == LabelTally().right_share == 0.0


@given(st.lists(st.integers(0, len(TEXT)), max_size=8, unique=True).map(sorted), st.sampled_from(list(Label)))
def test_every_removed_character_is_either_body_or_cruft(edges, label):
    places = list(zip(edges[::2], edges[1::2], strict=False))
    tally = measure(document(), [removal(start, end, label) for start, end in places])
    solid = sum(not char.isspace() for start, end in places for char in TEXT[start:end])
    assert tally.body_chars_lost + tally.cruft_chars_removed == solid
    assert tally.body_chars + tally.cruft_chars == sum(not char.isspace() for char in TEXT)
    assert tally.touched == int(solid > 0)
    assert tally.shared_span_chars <= min(tally.gold_span_chars, tally.predicted_span_chars)
