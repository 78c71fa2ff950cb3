"""No line that holds one of the strings is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Line, Page
from cleaner.rules.literals import Literals, bit_of
from cleaner.stack import stack

ALPHABET = "ab (\u2019\U0001d7ce\uffff"


def bits(groups, lines):
    return Literals(groups).lines(stack([Page("", tuple(Line(line, 0, len(line)) for line in lines))])).tolist()


def found(strings, lines):
    return [bool(of_line) for of_line in bits([strings], lines)]


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


def test_a_line_has_the_bits_of_the_groups_whose_strings_it_holds():
    groups = [("(Reuters", "| AP"), (" See also",), ("| AP", "see also")]
    lines = ["(Reuters) The harbour | AP", "Read on. See also: ferries", "The harbour"]
    assert bits(groups, lines) == [bit_of(0) | bit_of(2), bit_of(1) | bit_of(2), 0]


def test_any_number_of_groups_will_do():
    groups = [(f"{number:03}",) for number in range(150)]
    assert all(of_line & bit_of(149) for of_line in bits(groups, ["149"]))
