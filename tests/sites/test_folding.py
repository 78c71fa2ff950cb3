import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.sites.folding import keys_of
from cleaner.split import split
from cleaner.stack import stack

SAME = [
    ("Share this article", "SHARE  this\tarticle!"),
    ("Read more:", "Read more"),
    ("12 comments", "1,204 Comments"),
    ("Updated at 3:37 p.m. ET", "Updated at 12:01 p.m. ET"),
    ("Posted on Monday, June 12, 2020", "Posted on Fri 3 Jan 1999"),
    ("Veröffentlicht am 3. März 2021", "Veröffentlicht am 14. Dezember 2020"),
    ("Sign up for our Chicago newsletter", "Sign up for our New York newsletter"),
    ("Photo by Ana Maria Lopez via Getty", "Photo by John Doe via Getty"),
    ("Reporting by Jane Roe; editing by Li Wei", "Reporting by A. B. Cole; editing by Ann O'Neill"),
]
APART = [
    ("Share this article", "Share this page"),
    ("Bridge Closes After Storm", "School Opens After Storm"),
    ("Why It Matters", "Why It Failed"),
    ("By Jane Roe", "By John Doe"),
    ("the bridge was closed", "the bridge was closed again"),
    ("closed was bridge the", "the bridge was closed"),
    ("Council meets", "Harbour meets"),
    ("桥将于四月关闭", "桥将于五月关闭维修"),
]


def key(*texts):
    """Return the keys of texts as lines of one stack."""
    return keys_of(stack([split(text) for text in texts])).key.tolist()


@pytest.mark.parametrize(("one", "other"), SAME)
def test_near_repeats_fall_together(one, other):
    first, second = key(one, other)
    assert first == second


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_lines_do_not(one, other):
    first, second = key(one, other)
    assert first != second


def test_variants_of_a_line_are_told_apart():
    laid = stack([split("Sign up for our Chicago newsletter"), split("Sign up for our Boston newsletter")])
    first, second = keys_of(laid).variant.tolist()
    assert first != second


def test_long_lines_keep_their_names():
    tail = " and so it went on for quite a while" * 8
    first, second = key(f"It was said that Anna came{tail}", f"It was said that Maria came{tail}")
    assert first != second


@pytest.mark.parametrize("text", ["* * *", "---", "12/05/2020", "\u2026", "2020", "June 12", "###"])
def test_a_line_without_a_word_says_nothing(text):
    assert keys_of(stack([split(text)])).words.tolist() == [0]


def test_a_stack_without_lines_has_no_keys():
    assert len(keys_of(stack([split("")])).key) == 0


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
def test_a_key_does_not_depend_on_other_lines(texts):
    pages = [split(text) for text in texts]
    together = keys_of(stack(pages))
    alone = [keys_of(stack([page])) for page in pages]
    for at, column in enumerate(together):
        assert np.array_equal(column, np.concatenate([keys[at] for keys in alone]))
