"""What holds for all features, whichever there are."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Line, Page
from cleaner.features import BITS, KIN, feature_names, fingerprint_of_features, grams, kins, matrix, take
from cleaner.labels import REMOVED
from cleaner.split import split
from cleaner.stack import stack

MIXED = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))


odd = st.text(
    st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from("\U0001f600|-. aA1\u6e2f")),
    max_size=20,
)
lines = st.one_of(st.sampled_from([*MIXED["prose"], *MIXED["cruft"], *MIXED["titles"], "|", "* * *"]), odd)
bodies = st.lists(lines, max_size=8).map("\n".join)
mixes = st.lists(bodies, max_size=6)


def laid_out(texts, seed=0):
    """A stack of texts, with first scores and rule hits for its lines that depend on the text alone."""
    pages = [split(text) for text in texts]
    dice = [np.random.default_rng([seed, sum(map(ord, line.text))]) for page in pages for line in page.lines]
    scores = np.array([one.normal() for one in dice])
    hits = np.array([one.random(len(REMOVED) + 1) < 0.1 for one in dice], np.int64).reshape(-1, len(REMOVED) + 1)
    return stack(pages), scores, hits


def per_line(gram):
    return [gram.buckets[low:high].tolist() for low, high in zip(gram.bounds, gram.bounds[1:], strict=False)]


@given(mixes)
def test_grams_of_a_page_are_the_same_alone_and_in_a_stack(texts):
    together = [per_line(gram) for gram in grams(stack([split(text) for text in texts]))]
    alone = [[per_line(gram) for gram in grams(stack([split(text)]))] for text in texts]
    for sort, found in enumerate(together):
        assert found == [line for page in alone for line in page[sort]]


@given(mixes)
@settings(max_examples=60)
def test_features_of_a_page_are_the_same_alone_and_in_a_stack(texts):
    names, together = matrix(*laid_out(texts))
    assert names == feature_names()
    alone = [matrix(*laid_out([text]))[1] for text in texts]
    assert np.array_equal(together, np.concatenate([*alone, together[:, :0]], axis=1))


def test_lines_that_begin_and_end_alike_and_are_about_as_long_are_kin():
    texts = ["The ferry was late.", "No one was hurt.", "Share this article", "THE END", "“We wait,” he said."]
    page, look = kins(stack([split("\n".join(texts)), split("The ferry was late.")]))
    assert page.of_line.tolist() == [0] * 5 + [1]
    assert look.of_line[0] == look.of_line[1]
    assert len(set(look.of_line.tolist())) == 5, "lines of other pages are no kin"


@given(mixes)
def test_kin_are_the_same_alone_and_in_a_stack(texts):
    pages = [split(text) for text in texts]
    together = kins(stack(pages))
    bounds = np.cumsum([0, *(len(page.lines) for page in pages)])
    assert len(together) == len(KIN["text"])
    for number, page in enumerate(pages):
        for whole, alone in zip(together, kins(stack([page])), strict=True):
            here = whole.of_line[bounds[number] : bounds[number + 1]]
            assert np.array_equal(here[:, None] == here, alone.of_line[:, None] == alone.of_line)


@given(mixes)
def test_features_are_finite_numbers_one_column_a_line(texts):
    laid, scores, hits = laid_out(texts)
    names, measured = matrix(laid, scores, hits)
    assert measured.shape == (len(names), laid.count)
    assert measured.dtype == np.float32
    assert np.isfinite(measured).all()


@given(mixes)
def test_buckets_lie_within_the_table(texts):
    laid = stack([split(text) for text in texts])
    for gram in grams(laid):
        assert len(gram.bounds) == laid.count + 1
        assert (gram.bounds[0], gram.bounds[-1]) == (0, len(gram.buckets))
        assert (np.diff(gram.bounds) >= 0).all()
        assert (gram.buckets < 1 << BITS).all()


@given(mixes, st.randoms(use_true_random=False))
def test_some_lines_are_taken_with_all_their_grams(texts, dice):
    laid = stack([split(text) for text in texts])
    chosen = np.array([at for at in range(laid.count) if dice.random() < 0.5], np.int64)
    of_lines = grams(laid)
    for gram, taken in zip(of_lines, take(of_lines, chosen), strict=True):
        whole = per_line(gram)
        assert per_line(taken) == [whole[at] for at in chosen]


@pytest.mark.parametrize("score", [1e9, -1e9, 0.0])
def test_extreme_first_scores_give_finite_features(score):
    laid, scores, hits = laid_out(["\n".join(MIXED["prose"] + MIXED["cruft"])])
    _, measured = matrix(laid, np.full_like(scores, score), hits)
    assert np.isfinite(measured).all()


EMPTY = {"no pages": [], "an empty page": [""], "a blank page": [" \n\ufeff"], "two empty pages": ["", ""]}


@pytest.mark.parametrize("sort", EMPTY)
def test_where_there_are_no_lines_there_are_no_numbers(sort):
    laid, scores, hits = laid_out(EMPTY[sort])
    _, measured = matrix(laid, scores, hits)
    assert measured.shape == (len(feature_names()), 0)
    assert all(len(gram.buckets) == 0 and gram.bounds.tolist() == [0] for gram in grams(laid))


@pytest.mark.parametrize("text", ["|", "---\n***", "\U0001f600", ".\n.\n.", "\x00"])
def test_lines_without_words_are_measured(text):
    laid, scores, hits = laid_out([text])
    _, measured = matrix(laid, scores, hits)
    assert np.isfinite(measured).all()


def test_grams_fold_digits():
    first, second = (grams(stack([split(text)])) for text in ("Read 12 more Stories", "Read 99 more Stories"))
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.buckets, other.buckets)


def test_grams_fold_case_but_for_the_shapes_of_words():
    first, second = (grams(stack([split(text)])) for text in ("Read 12 more Stories", "READ 12 MORE STORIES"))
    same = [np.array_equal(one.buckets, other.buckets) for one, other in zip(first, second, strict=True)]
    assert all(same[:4])
    assert not same[4]


def test_grams_tell_of_the_lines_beside_but_not_of_other_pages():
    def of_middle(text):
        return [gram.buckets[gram.bounds[1] : gram.bounds[2]].tolist() for gram in grams(stack([split(text)]))]

    plain = of_middle("One.\nTwo.\nThree.")
    assert plain != of_middle("Another one.\nTwo.\nThree.")
    assert plain != of_middle("One.\nTwo.\nAnother three.")
    apart = grams(stack([split("One."), split("Two."), split("Three.")]))
    alone = grams(stack([split("Two.")]))
    assert [gram.buckets[gram.bounds[1] : gram.bounds[2]].tolist() for gram in apart] == [
        gram.buckets.tolist() for gram in alone
    ]


def test_other_words_give_other_grams():
    first, second = (grams(stack([split(text)])) for text in MIXED["prose"][:2])
    assert any(len(set(one.buckets) & set(other.buckets)) == 0 for one, other in zip(first, second, strict=True))


def test_the_fingerprint_is_a_fixed_word():
    assert fingerprint_of_features() == fingerprint_of_features()
    assert len(fingerprint_of_features()) == 16
    assert len(set(feature_names())) == len(feature_names())


def test_a_line_is_known_to_repeat_only_on_its_own_page():
    def column(*texts):
        names, measured = matrix(*laid_out(texts))
        return measured[names.index("seen_before")].tolist()

    assert column("Share this\nText.\nSHARE THIS") == [0, 0, 1]
    assert column("Share this\nText.", "Share this") == [0, 0, 0]


def test_the_place_of_a_line_counts_from_both_ends_of_its_page():
    pages = [Page("", tuple(Line(text, 0, len(text)) for text in texts)) for texts in (["a"], ["b", "c", "d"])]
    names, measured = matrix(stack(pages), np.zeros(4), np.zeros((4, len(REMOVED) + 1), np.int64))
    assert measured[names.index("index")].tolist() == [0, 0, 1, 2]
    assert measured[names.index("from_end")].tolist() == [0, 2, 1, 0]
