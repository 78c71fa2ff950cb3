from cleaner.document import Line, Removal
from cleaner.labels import Label
from cleaner.markdown.left import Left
from cleaner.markdown.marking import Covering, cells_of
from cleaner.split.marks import Mark

TEXT = "High water at nine.\n\nLow at three."


def covered(marks, *bounds):
    """Return the words under each mark, line by line, when some stretches are gone."""
    left = Left(TEXT, [Removal(start, end, TEXT[start:end], Label.AD, "model", 1.0) for start, end in bounds])
    covering, told = Covering(marks), []
    for start, end in ((0, 19), (21, 34)):
        text = left.between(start, end).strip()
        told.append([text[mark.start : mark.end] for mark in covering.of(Line(TEXT[start:end], start, end), left)])
    return told


def test_a_mark_covers_what_is_left_of_its_words():
    marks = [Mark(0, 10, "em"), Mark(5, 10, "strong")]
    assert covered(marks) == [["High water", "water"], []]
    assert covered(marks, (0, 5)) == [["water", "water"], []]
    assert covered(marks, (3, 7)) == [["Higter", "ter"], []]
    assert covered(marks, (5, 11)) == [["High "], []]
    assert covered(marks, (0, 20)) == [[], []]


def test_a_mark_over_several_lines_covers_each():
    assert covered([Mark(14, 24, "a", "/x")]) == [["nine."], ["Low"]]


def test_a_link_around_a_long_block_ends_after_some_lines():
    lines = [Line("a", at, at + 1) for at in range(0, 100, 2)]
    covering = Covering([Mark(0, 99, "a", "/x"), Mark(0, 99, "em")])
    sorts = [[mark.sort for mark in covering.of(line, Left("a\n" * 50, []))] for line in lines]
    assert sorts == [["a", "em"]] * 20 + [["em"]] * 30


def test_long_addresses_on_many_lines_come_to_an_end():
    count = 10_000
    lines = [Line("a", at, at + 1) for at in range(0, 2 * count, 2)]
    covering = Covering([Mark(line.start, line.end, "a", f"/{'x' * 1_999}") for line in lines])
    left = Left("a\n" * count, [])
    shown = [bool(covering.of(line, left)) for line in lines]
    assert shown == [True] * 5_000 + [False] * 5_000


def test_a_link_over_several_cells_is_left_out():
    marks = [Mark(0, 9, "a", "/x"), Mark(0, 9, "em"), Mark(5, 7, "a", "/y")]
    assert cells_of("abc\tdefgh", marks) == [
        ("abc", [Mark(0, 3, "em")]),
        ("defgh", [Mark(0, 5, "em"), Mark(1, 3, "a", "/y")]),
    ]
