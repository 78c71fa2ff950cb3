"""No line that holds one of the strings is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Line, Page
from cleaner.rules.literals import Literals
from cleaner.stack import stack

ALPHABET = "ab (\u2019\U0001d7ce\uffff"


def found(strings, lines):
    return Literals(strings).lines(stack([Page("", tuple(Line(line, 0, len(line)) for line in lines))])).tolist()


@given(
    st.lists(st.text(ALPHABET, min_size=1, max_size=5), max_size=4), st.lists(st.text(ALPHABET, max_size=9), max_size=6)
)
def test_no_line_with_a_string_is_passed_over(strings, lines):
    for line, may in zip(lines, found(strings, lines), strict=True):
        assert may or not any(string in line for string in strings)


@pytest.mark.parametrize(
    ("strings", "expected"), [((), [False, False]), (["(a"], [True, False]), (["b"], [False, True])]
)
def test_most_lines_are_passed_over(strings, expected):
    assert found(strings, ["x (a) ", "(b"]) == expected


def test_any_number_of_different_characters_will_do():
    strings = [chr(code) * 2 for code in range(0x3041, 0x3041 + 300)]
    assert found(strings, [strings[0], strings[-1], "\u3041x"]) == [True, True, False]
