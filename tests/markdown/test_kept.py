import pytest

from cleaner.document import Document, Removal
from cleaner.labels import Label
from cleaner.markdown.kept import kept_lines
from cleaner.markdown.left import Left
from cleaner.split import page_of


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


def sorts(source):
    page = page_of(Document("x", source, "html"))
    return [
        (line.sort, [each.sort for each in line.around], line.broken) for line in kept_lines(page, Left(page.text, ()))
    ]


def test_lines_know_what_they_are_and_what_lies_around_them():
    assert sorts(
        "<h2>a</h2><ol><li>b<br>c<blockquote>d</blockquote></ol><pre>e\nf</pre><table><tr><td>g<td>h</table>"
    ) == [
        ("h2", [], False),
        ("p", ["ol"], False),
        ("p", ["ol"], True),
        ("p", ["ol", "blockquote"], False),
        ("code", [], False),
        ("code", [], True),
        ("row", [], False),
    ]


def test_an_item_without_a_list_has_a_bullet():
    assert sorts("<li>a") == [("p", ["ul"], False)]


def test_a_heading_in_code_is_code():
    assert [sort for sort, _, _ in sorts("<pre><h2>a</h2>b</pre>")] == ["code", "code"]
