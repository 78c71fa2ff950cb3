import pytest

from cleaner.split.markup import split_markup


def check_page(page):
    """Every line is where it says, in order; every element comes behind the one around it."""
    at = 0
    for line in page.lines:
        assert at <= line.start < line.end <= len(page.text)
        assert page.text[line.start : line.end] == line.text
        assert line.text == line.text.strip()
        assert not page.text[at : line.start].strip()
        assert 0 <= line.linked <= 1
        assert page.elements[line.element].tag == line.tag
        at = line.end
    assert at == len(page.text)
    for number, element in enumerate(page.elements):
        assert -1 <= element.parent < number
    return page


def test_a_line_knows_its_block_its_links_and_what_wraps_it():
    page = check_page(
        split_markup(
            "<body><article class='storyBody'><p>High water at <a href='/t'>nine</a>.</p>"
            "<p><a class='more-link' href='/m'><strong>Read more</strong></a></p></article>"
        )
    )
    first, second = page.lines
    assert (first.text, first.tag, first.depth, first.marks) == ("High water at nine.", "p", 2, ())
    assert first.linked == pytest.approx(4 / 16)
    assert (second.linked, second.marks, second.names) == (1.0, ("a", "strong"), ("more", "link"))
    assert page.elements[page.elements[first.element].parent].names == ("story", "body")
