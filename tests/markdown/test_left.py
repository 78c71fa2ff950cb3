import pytest

from cleaner.document import Removal
from cleaner.labels import Label
from cleaner.markdown.left import Left


def removals(text, *bounds):
    return [Removal(start, end, text[start:end], Label.AD, "model", 1.0) for start, end in bounds]


@pytest.mark.parametrize(
    ("bounds", "start", "end", "left"),
    [
        ([], 2, 5, "cde"),
        ([(0, 3)], 2, 5, "de"),
        ([(3, 4)], 2, 5, "ce"),
        ([(4, 9)], 2, 5, "cd"),
        ([(0, 9)], 2, 5, ""),
        ([(0, 2), (5, 6)], 2, 5, "cde"),
        ([(1, 3), (3, 4)], 2, 5, "e"),
    ],
)
def test_what_was_removed_is_left_out_of_a_stretch(bounds, start, end, left):
    text = "abcdefghi"
    assert Left(text, removals(text, *bounds)).between(start, end) == left
    kept = Left(text, removals(text, *bounds))
    assert kept.before(end) - kept.before(start) == len(left)


CODE = "  a\n\n  b\n\nc\n"


@pytest.mark.parametrize(
    ("bounds", "source"),
    [
        ([], "  a\n\n\n\n  b\n\n\nc"),
        ([(0, 5)], "  b\n\n\nc"),
        ([(3, 5)], "  a  b\n\n\nc"),
        ([(5, 9)], "  a\n\n\nc"),
        ([(5, 10)], "  a\n\nc"),
    ],
)
def test_blank_lines_come_back_where_both_their_neighbours_stay(bounds, source):
    assert Left(CODE, removals(CODE, *bounds)).source(2, 11, [(7, 2), (10, 1)]) == source
