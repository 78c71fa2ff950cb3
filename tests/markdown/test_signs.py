import pytest

from cleaner.markdown.signs import code_span, escaped, escaped_line


@pytest.mark.parametrize("text", ["High water at nine.", "AT&T & co", "3 - 4 = 5", "a (b) c!", "10 % + x: y | z"])
def test_what_means_nothing_to_markdown_stays(text):
    assert escaped(text) == escaped_line(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("*a*", "\\*a\\*"),
        ("&copy; &#65;", "\\&copy; \\&#65;"),
        ("# a", "\\# a"),
        ("#a # b", "\\#a # b"),
        ("1. a 1. b", "1\\. a 1. b"),
        ("1986) a", "1986\\) a"),
        ("1234567890. a", "1234567890. a"),
        ("1.5 m", "1\\.5 m"),
        ("- - -", "\\- - -"),
        ("=====", "\\====="),
        ("--- | ---", "\\--- \\| ---"),
        (":-: | :-:", "\\:-: \\| :-:"),
        ("a\\", "a\\\\"),
    ],
)
def test_signs_of_markdown_are_escaped(text, line):
    assert escaped_line(text) == line


@pytest.mark.parametrize(("text", "span"), [("a", "`a`"), ("`a`", "`` `a` ``"), ("a ``` b", "```` a ``` b ````")])
def test_code_stands_between_more_backticks_than_it_holds(text, span):
    assert code_span(text) == span
