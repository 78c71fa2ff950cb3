from cleaner.document import Document
from cleaner.markdown.kept import kept_lines
from cleaner.markdown.left import Left
from cleaner.split import page_of


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
