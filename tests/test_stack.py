import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Line, Page
from cleaner.split import split
from cleaner.stack import Kind, kinds_table, stack

PROSE = json.loads((Path(__file__).parent / "mixed.json").read_text("utf-8"))["prose"]

signs = st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from("\U0001f600\U00020000aA1. "))
texts = st.lists(st.one_of(st.text(signs, max_size=20), st.sampled_from(PROSE)), max_size=5).map("\n".join)


def words(laid):
    """The words of each line of a stack, as text."""
    text = "".join(map(chr, laid.codes))
    spans = list(zip(laid.word_starts, laid.word_ends, strict=True))
    return [
        [text[at:end] for at, end in spans[low:high]] for low, high in zip(laid.words, laid.words[1:], strict=False)
    ]


def hashes(*lines):
    laid = stack([Page("", tuple(Line(line, 0, len(line)) for line in lines))])
    return laid.hashes(laid.starts, laid.ends)


@given(st.lists(texts, max_size=5))
def test_lines_lie_where_the_stack_says(bodies):
    pages = [split(body) for body in bodies]
    laid = stack(pages)
    text = "".join(map(chr, laid.codes))
    lines = [line.text for page in pages for line in page.lines]
    assert [text[at:end] for at, end in zip(laid.starts, laid.ends, strict=True)] == lines
    assert np.diff(laid.pages).tolist() == [len(page.lines) for page in pages]
    assert laid.page_of().tolist() == [number for number, page in enumerate(pages) for _ in page.lines]


@given(st.lists(texts, max_size=4), texts)
def test_a_hash_does_not_depend_on_the_place(bodies, body):
    alone = stack([split(body)])
    among = stack([split(other) for other in [*bodies, body, *bodies]])
    first = sum(len(split(other).lines) for other in bodies)
    here = slice(first, first + alone.count)
    expected = alone.hashes(alone.starts, alone.ends)
    assert np.array_equal(among.hashes(among.starts, among.ends)[here], expected)


@given(texts, texts)
def test_words_do_not_depend_on_what_else_lies_in_the_stack(first, second):
    apart = words(stack([split(first)])) + words(stack([split(second)]))
    assert words(stack([split(first), split(second)])) == apart


def test_case_and_digits_are_folded():
    assert len(set(hashes("Read 12 more", "READ 34 MORE", "read 56 more", "read \u0661\u0662 more"))) == 1
    assert len(set(hashes("\u00dcBER UNS", "\u00fcber uns"))) == 1


def test_different_texts_have_different_hashes():
    texts = [
        *PROSE,
        "a",
        "b",
        "ab",
        "ba",
        "aab",
        "aba",
        "read 1",
        "read 11",
        "\U0001f600",
        "\U0001f601",
        "\ud800",
        "\udfff",
    ]
    assert len(set(hashes(*texts))) == len(texts)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Two words", ["Two", "words"]),
        ("It's 5:30, ok?", ["It", "s", "5", "30", "ok"]),
        ("\u6e2f\u52a1\u5c40", ["\u6e2f", "\u52a1", "\u5c40"]),
        ("\ud56d\ub9cc \uad6d", ["\ud56d\ub9cc", "\uad6d"]),
        ("a\u6e2fb", ["a", "\u6e2f", "b"]),
        ("|||", []),
        ("\U0001f600", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(line, expected):
    assert words(stack([split(line)])) == [expected]


def test_what_python_takes_for_white_is_white():
    kinds = kinds_table()
    assert all((kinds[code] == Kind.WHITE) == chr(code).isspace() for code in range(0x10000))


def test_no_pages_and_pages_without_lines_make_empty_stacks():
    assert stack([]).count == 0
    assert stack([]).pages.tolist() == [0]
    laid = stack([split(""), split("One."), split(" \n")])
    assert laid.pages.tolist() == [0, 0, 1, 1]
