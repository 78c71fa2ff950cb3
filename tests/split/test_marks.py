import pytest

from cleaner.document import Document
from cleaner.split import marks_of, page_of


def told(source, *, links=False, url=None):
    document = Document("x", source, "html", url)
    text = page_of(document).text
    marks = marks_of(document, text, links=links)
    return [(mark.sort, text[mark.start : mark.end], mark.address) for mark in marks.inline]


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("<p>High <b> water </b> at <em>nine</em>.", [("strong", "water"), ("em", "nine")]),
        ("<p><strong>High <i>water</i></strong>", [("strong", "High water"), ("em", "water")]),
        ("<p><i><b>High</b></i>", [("em", "High"), ("strong", "High")]),
        ("<p><b>High <b>water</b></b>", [("strong", "High water")]),
        ("<p><b>High</b> <b>water</b>", [("strong", "High water")]),
        ("<p><b>High</b><i><b>water</b></i>", [("strong", "High"), ("em", "water"), ("strong", "water")]),
        ("<p><i><b>High</b></i><i><b>water</b></i>", [("em", "Highwater"), ("strong", "Highwater")]),
        ("<p><code>run <b>it</b></code> <s>now</s>", [("code", "run it"), ("del", "now")]),
        ("<p><b>High<p>water", [("strong", "High\n\nwater")]),
        ("<p>&lt;&amp;&nbsp;<b>x&nbsp;</b> y", [("strong", "x")]),
        ("<p>\u200b<b>\u200bx</b>", [("strong", "x")]),
        ("<p><b> </b><i></i>x", []),
        ("<pre>a <b>c</b></pre><p><i>d</i>", [("em", "d")]),
        (f"<div hidden><b>x</b></div><p>{'High water ' * 9}<i>b</i>", [("em", "b")]),
        ("<input type=submit value='Go on'><b>x</b>", [("strong", "x")]),
        ("<table><tr><td><b>a</b><td><i>b</i></table>", [("strong", "a"), ("em", "b")]),
        ("<frameset><noframes><body><b>x</b></noframes></frameset>", [("strong", "x")]),
    ],
)
def test_marks_have_their_places_in_the_text_of_the_page(source, marks):
    assert told(source) == [(sort, text, "") for sort, text in marks]


@pytest.mark.parametrize(
    "source",
    [
        "<div style='display:none'><b>High</b> water</div>",
        "<p>Wait<noscript><p><b>High</b> water at nine in the harbour</noscript>",
        "<!-- <p><b>High</b> water",
        '{"html": "<p><b>High</b> water</p>"}',
    ],
)
def test_marks_are_those_of_the_reading_that_the_lines_are_of(source):
    assert told(source) == [("strong", "High", "")]


def test_links_are_gathered_if_asked_for():
    source = "<base href=/t/><p><a href='x'>High</a> <a>water</a> <a href='javascript:0'>at</a> <a href='y'><img></a>"
    assert told(source) == []
    assert told(source, links=True) == [("a", "High", "x")]
    assert told(source, links=True, url="https://example.org/") == [("a", "High", "https://example.org/t/x")]


def test_the_lenient_parser_tells_its_base_too():
    source = "<head><base href='https://example.org/t/'></head><script/><a href=x>High</a>"
    assert told(source, links=True) == [("a", "High", "https://example.org/t/x")]


def test_two_links_to_the_same_place_side_by_side_are_two():
    source = "<table><tr><td><a href=x>High</a><td><a href=x>water</a></table>"
    assert told(source, links=True) == [("a", "High", "x"), ("a", "water", "x")]


def test_a_link_ends_where_another_one_begins_inside_it():
    cell = "<table><tr><td>{}<a href=y>nine</a></table> ."
    assert told("<a href=x>High " + cell.format(""), links=True) == [("a", "High", "x"), ("a", "nine", "y")]
    assert told("<a href=x>High " + cell.format("<b>"), links=True) == [("strong", "nine", ""), ("a", "nine", "y")]


def blanks(source):
    document = Document("x", source, "html")
    text = page_of(document).text
    return {text[at : at + 1]: count for at, count in marks_of(document, text).blanks.items()}


def test_blank_lines_of_code_are_counted_beyond_the_one_in_the_text():
    assert blanks("<pre>a\n\nb\n\n\nc\n \n\t\n\n  d<br><br><br>e</pre><p>f\n\n\n\ng") == {"c": 1, "d": 2, "e": 1}
    assert blanks("<pre><code>a\n\n\n<b>b</b></code></pre>") == {"b": 1}


def test_text_that_does_not_fit_its_markup_has_no_marks():
    # Text in front of the cells of a row, which the lines leave out.
    assert told("<math><tr>x<td>a</td><td><del>b</del></td></tr></math>") == []


def test_a_base_cannot_blow_up_the_addresses_of_a_page():
    base = f"https://example.org/{'x' * 1_900}/"
    links = told(f"<base href='{base}'><p>{'<a href=y>z</a> ' * 6_000}", links=True)
    assert {address for _, _, address in links} == {f"{base}y"}
    assert 9_990_000 < sum(len(address) for _, _, address in links) < 10_010_000
