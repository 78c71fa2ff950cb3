import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.errors import InputError
from cleaner.split.bombs import TAGS
from cleaner.split.gathering import DEEPEST
from cleaner.split.markup import split_markup

HERE = Path(__file__).parent
PAGES = sorted((HERE.parent / "pages").glob("*.html"))
CASES = tomllib.loads((HERE / "pages.toml").read_text("utf-8"))["case"]
NO_WIDTH = "\ufeff\u200b\u200e\u200f\u2060"


def is_blank(text):
    return not text.translate(dict.fromkeys(map(ord, NO_WIDTH))).strip()


def check_page(page):
    """Every line is where it says, in order; every element comes behind the one around it."""
    at = 0
    for line in page.lines:
        assert at <= line.start < line.end
        assert page.text[line.start : line.end] == line.text
        assert line.text.strip() == line.text
        assert line.text.strip(NO_WIDTH) == line.text
        assert is_blank(page.text[at : line.start])
        assert 0 <= line.linked <= 1
        assert page.elements[line.element].tag == line.tag
        assert len(list(around(page, line))) == line.depth + 1
        at = line.end
    assert at == len(page.text)
    assert all(-1 <= element.parent < number for number, element in enumerate(page.elements))
    return page


def around(page, line):
    """Yield the elements around a line, innermost first."""
    number = line.element
    while number >= 0:
        yield page.elements[number]
        number = page.elements[number].parent


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_have_the_text_that_a_browser_shows(path):
    expected = path.with_suffix(".txt").read_text("utf-8")
    assert check_page(split_markup(path.read_bytes())).text + "\n" == expected
    assert split_markup(path.read_text("utf-8")) == split_markup(path.read_bytes())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_sources_have_a_defined_text(case):
    assert check_page(split_markup(case["html"])).text == case["text"]


def test_no_page_shows_what_is_hidden():
    assert "secret" not in split_markup((HERE.parent / "pages" / "hidden.html").read_bytes()).text


def test_a_line_knows_its_block_its_links_and_what_wraps_it():
    page = split_markup(
        "<body><article class='storyBody'><p>High water at <a href='/t'>nine</a>.</p>"
        "<p><a class='more-link' href='/m'><strong>Read more</strong></a></p></article>"
    )
    first, second = page.lines
    assert (first.text, first.tag, first.depth, first.marks) == ("High water at nine.", "p", 2, ())
    assert first.linked == pytest.approx(4 / 16)
    assert (second.linked, second.marks, second.names) == (1.0, ("a", "strong"), ("more", "link"))
    assert page.elements[page.elements[first.element].parent].names == ("story", "body")


def test_only_what_wraps_the_whole_line_marks_it():
    page = split_markup(
        "<div><b>All <i>bold</i></b></div><div><b>Half</b> bold</div><div>a <b>bold</b></div><b>b<div>c"
    )
    assert [line.marks for line in page.lines] == [("b",), (), (), ("b",), ()]
    assert [element.tag for element in around(page, page.lines[-1])] == ["div", "b", "body"]


def test_a_link_around_blocks_counts_for_all_of_them():
    page = split_markup("<a href=/a class=card><h3>Title</h3><p>Text</a><p>Not")
    assert [line.linked for line in page.lines] == [1.0, 1.0, 0.0]
    assert [line.linked for line in split_markup("<a name=top>Anchor</a>").lines] == [0.0]


def test_lists_tell_whether_they_are_ordered():
    page = split_markup("<ol><li>a<li>b<ul><li>c</ul></ol>")
    assert [(line.text, [element.tag for element in around(page, line)][:2]) for line in page.lines] == [
        ("a", ["li", "ol"]),
        ("b", ["li", "ol"]),
        ("c", ["li", "ul"]),
    ]


def test_a_row_of_data_is_a_line_of_its_row():
    page = split_markup("<table><tr><th>a<th>b<tr><td>c<td><a href=d>ddd</a></table>")
    assert [(line.text, line.tag, line.linked) for line in page.lines] == [("a\tb", "tr", 0.0), ("c\tddd", "tr", 0.75)]


@pytest.mark.parametrize("source", ["<p id='\ud800'>a\udc00b", "<frameset><noframes><p id='\ud800'>a\udc00b"])
def test_lone_surrogates_are_marked(source):
    assert split_markup(source).text == "a\ufffdb"


def test_frames_are_told():
    assert split_markup("<frameset><frame src=a></frameset>").note == "frames"


BOMBS = {
    "nested blocks": "<div>" * 100_000 + "x",
    "nested inline elements": "<b>" * 100_000 + "x",
    "nested links": "<a href=a>" * 50_000 + "x",
    "nested lists": "<ul><li>" * 30_000 + "x",
    "nested tables": "<table><tr><td>" * 20_000 + "x",
    "end tags that end nothing": "<div>" * 20_000 + "</p>" * 20_000 + "x",
    "a million attributes": "<p " + " ".join(f"a{number}=1" for number in range(1_000_000)) + ">x",
    "a million times the same attribute": "<p" + " a='>'" * 1_000_000 + ">x",
    "attributes without values": "<p" + "/a" * 500_000 + ">x",
    "a long class": "<p class='" + "aB " * 500_000 + "'>x",
    "a long style": "<p style='" + "display: " * 200_000 + "'>x",
    "entities": "&amp;" * 1_000_000,
    "a long number": "&#" + "9" * 1_000_000 + ";",
    "options": "<select>" + "<option>x" * 30_000 + "</select>x",
    "cells": "<table><tr>" + "<td colspan=1000000>x" * 50_000,
    "line breaks": "x<br>" * 100_000,
    "deep lines": ("<b>" * 500 + "x<br>" * 100 + "</b>" * 500) * 20,
    "preformatted lines": "<pre>" + "  x\n" * 100_000,
    "blanks": "<p>" + " " * 3_000_000 + "x",
    "line ends in Chinese": "<p>东" + "\n" * 1_000_000 + "x",
    "pictures": "x" + "<img>" * 100_000 + "y",
    "comments": "a<!---->" * 100_000,
    "hidden elements": "<div hidden><p>x</p></div>" * 20_000 + "y",
    "hidden elements inside each other": ("<div hidden>" + "running text " * 9) * 400,
    "brackets in names": "<a<b>x" * 20_000,
    "JSON brackets": '{"html": ' + "[" * 100_000 + "}",
    "JSON-LD brackets": "<script type='application/ld+json'>" + "[" * 500_000 + "</script>x",
    "text": "x" * 5_000_000,
}


@pytest.mark.parametrize("sort", BOMBS)
def test_bombs_have_a_defined_result_in_bounded_time(sort):
    began = time.perf_counter()
    page = split_markup(BOMBS[sort])
    assert time.perf_counter() - began < 30
    assert page.text
    assert len(page.elements) <= BOMBS[sort].count("<") + 2
    assert max(line.depth for line in page.lines) <= DEEPEST


@pytest.mark.parametrize("page", ["<p>" * (TAGS + 1), "x" * 64_000_001], ids=["tags", "characters"])
def test_pages_without_end_are_refused(page):
    with pytest.raises(InputError, match="cut it into pages"):
        split_markup(page)


TAGGED = [
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<hr>",
        "<b>",
        "</b>",
        "<a href=a>",
        "</a>",
        "<span>",
        "</span>",
        "<pre>",
    ),
    *("</pre>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ul>", "<li>", "</ul>", "<img>", "<x-y>", "</x-y>"),
    *("<svg>", "</svg>", "<math>", "<xmp>", "</xmp>", "<plaintext>", "<textarea>", "<select><option>", "<template>"),
    *("<noscript>", "<title>", "<body>", "</body>", "</html>", "<frameset>", "<button>", "<input type=submit value=a>"),
    *("<div hidden>", "<p style='display:none'>", "<!--", "-->", "<", ">", "&", "&nbsp;", "&lt;", '"', "'", "=", "\0"),
    *(
        "<a<b>",
        "<p <!-- a -->",
        "\u200b",
        "\ud800",
        "\x1f",
        " ",
        "\n",
        "word",
        "Two words.",
        "漢字",
        "<![CDATA[",
        "]]>",
    ),
]
sources = st.lists(st.one_of(st.sampled_from(TAGGED), st.text(max_size=5)), max_size=40).map("".join)


@given(sources)
@settings(max_examples=400, deadline=None)
def test_whatever_the_markup_places_are_exact(source):
    page = check_page(split_markup(source))
    assert page == split_markup(source)


hidden_texts = st.text(st.sampled_from("abc <>&;/"), max_size=20)


@given(st.lists(st.tuples(st.sampled_from(["b", "p", "div", "i"]), hidden_texts), min_size=1, max_size=8))
@settings(deadline=None)
def test_no_character_of_hidden_elements_is_shown(elements):
    source = "".join(
        f"<p>seen {tag}</p><div hidden><{tag}>{text.replace('<', '&lt;')}Ω</{tag}></div>" for tag, text in elements
    )
    assert [line.text for line in split_markup(source + "<p>end" * 20).lines][: len(elements)] == [
        f"seen {tag}" for tag, _ in elements
    ]


@given(st.lists(st.sampled_from(["High water", "Low water", "Ten", "漢字"]), min_size=1, max_size=30))
@settings(deadline=None)
def test_lines_keep_their_order(texts):
    source = "".join(f"<div><p>{text} {number}</p></div>" for number, text in enumerate(texts))
    assert [line.text for line in split_markup(source).lines] == [
        f"{text} {number}" for number, text in enumerate(texts)
    ]
