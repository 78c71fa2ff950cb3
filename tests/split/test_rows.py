import pytest

from cleaner.split.markup import split_markup
from cleaner.split.rows import CELL

LONG = "word " * (CELL // 5 + 1)
JOINED = {
    "two cells": ("<td>a<td>b", ["a\tb"]),
    "empty cells between": ("<td>a<td><td>&nbsp;<td>b", ["a\tb"]),
    "blocks of one line": ("<td><p>a</p><td><div><b>b</b></div>", ["a\tb"]),
    "an address": ("<td>a<td>b<br>c", ["a\tb c"]),
}
APART = {
    "one cell": ("<td>a<br>b", ["a", "b"]),
    "a long cell": (f"<td>a<td>{LONG}", ["a", LONG.strip()]),
    "a cell of two blocks": ("<td>a<td><p>b<p>c", ["a", "b", "c"]),
    "a column of links": ("<td>a<td>b<br>c<br>d<br>e<br>f", list("abcdef")),
}


@pytest.mark.parametrize("what", JOINED)
def test_rows_of_data_are_one_line(what):
    source, lines = JOINED[what]
    assert [line.text for line in split_markup(f"<table><tr>{source}</table>").lines] == lines


@pytest.mark.parametrize("what", APART)
def test_rows_of_a_layout_are_not(what):
    source, lines = APART[what]
    assert [line.text for line in split_markup(f"<table><tr>{source}</table>").lines] == lines
