import html
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cleaner import Cleaner
from cleaner.document import Document, Removal
from cleaner.labels import Label
from cleaner.markdown import markdown
from cleaner.split import marks_of, page_of

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))
PAIRS = [path for path in PAGES if path.with_suffix(".md").exists()]
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OPENED = {"strong_open": "strong", "em_open": "em", "s_open": "del"}
BREAKS = ("softbreak", "hardbreak")


def shown(source):
    """The words that Markdown shows."""
    words = []
    for token in PARSER.parse(source):
        if token.type == "inline":
            words.append("".join(" " if child.type in BREAKS else child.content for child in token.children))
            assert not {child.type for child in token.children} & {"image", "html_inline"}
        elif token.content:
            words.append(token.content)
        assert token.type != "html_block"
    return split_words(" ".join(words))


def links_in(source):
    """The links that Markdown shows: their words run together, and their addresses."""
    found = []
    for token in PARSER.parse(source):
        for child in token.children or ():
            if child.type == "link_open":
                assert not found or found[-1][2]
                found.append(["", unquote(child.attrs["href"]), False])
            elif child.type == "link_close":
                found[-1][2] = True
            elif found and not found[-1][2]:
                found[-1][0] += child.content
    return [("".join(split_words(text)), address) for text, address, _ in found]


def links_of(page, marks):
    """The links of the lines of a page as `links_in` tells them, those of tables and code left out."""
    found = []
    for line in page.lines:
        for mark in marks.inline:
            words = page.text[max(line.start, mark.start) : min(line.end, mark.end)]
            if mark.sort == "a" and mark.start < line.end and mark.end > line.start and line.tag != "pre":
                found.append(("".join(split_words(words)), unquote(mark.address)))
    return found


def emphasis_in(source):
    """The stretches that Markdown emphasises: how, and their words run together."""
    found, around = [], []
    for child in (child for token in PARSER.parse(source) for child in token.children or ()):
        if child.type in OPENED:
            around.append([OPENED[child.type], ""])
        elif child.type.removesuffix("close") + "open" in OPENED:
            found.append(tuple(around.pop()))
        for each in around:
            each[1] += "".join(split_words(child.content))
    return set(found)


def emphasis_of(page, marks):
    """All that `emphasis_in` may tell."""
    return {
        (mark.sort, "".join(split_words(page.text[max(line.start, mark.start) : min(line.end, mark.end)])))
        for line in page.lines
        for mark in marks.inline
        if mark.start < line.end and mark.end > line.start
    }


def split_words(text):
    """Split, without the marks of no width that may stand between lines."""
    return text.translate(dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060"))).replace("\0", "\ufffd").split()


def rendered(source, *, links=False, url=None):
    document = Document("x", source, "html", url)
    page = page_of(document)
    return markdown(page, (), marks_of(document, page.text, links=links))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_page_becomes_the_markdown_beside_it(path):
    assert rendered(path.read_text("utf-8")) == path.with_suffix(".md").read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_markdown_of_a_page_shows_the_words_of_the_page(path):
    source = path.read_text("utf-8")
    for links in (False, True):
        assert shown(rendered(source, links=links)) == split_words(page_of(Document("x", source, "html")).text)


signs = st.text("#*_`[]()<>&;~|\\-+=:.!1 9a\té\u00a0\u200b\n\"'", max_size=12)
words = st.one_of(
    signs,
    signs,
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8),
    st.sampled_from(["---", "1.", "&amp;", "a | b", "# C #", "```", "~~~"]),
)
texts = words.map(html.escape)
LINKS = [
    f'a href="{html.escape(address)}"'
    for address in ("/a", "b (c).html", "https://example.org/?a=1&lt=2|3", "javascript:run()", "", '"<>`*_[]')
]
TAGS = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "blockquote",
    "h2",
    "pre",
    "b",
    "em",
    "code",
    "table",
    "tr",
    "td",
    "th",
    "dl",
    "dd",
    "span",
]
markup = st.recursive(
    st.one_of(texts, st.just("<br>")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(TAGS), st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@given(markup)
@example("<ol><li><ul><li><pre>`a`</pre></li></ul></li></ol>")
@example("<p><b># C #</b></p><h2># C #</h2><p>1986. A year<br>2. B</p>")
@example("<p>a | b<br>--- | ---<br>c | d</p><p>===</p>")
@example("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><blockquote><p>c</p></blockquote>")
@example("<table><tr><td>a&#13;b</td><td>c</td></tr></table><p>d&#13;e</p>")
@example("<ol><li>a<li>b<li><ol><li>c</ol>d<li>e<ul><li>f<li>g</ol>")
@settings(max_examples=200)
def test_markdown_shows_the_same_words(source):
    document = Document("x", source, "html")
    page = page_of(document)
    written = markdown(page, (), marks_of(document, page.text))
    assert shown(written) == split_words(page.text)
    assert links_in(written) == []


# No link around blocks: the parser moves links about, and what it makes of them is another matter.
runs = st.recursive(
    texts,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.partition(' ')[0]}>",
        st.sampled_from(["b", "em", "i", "code", "del", "span", "strong", *LINKS]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "li", "h2", "pre", "div"]), runs), max_size=4))
@settings(max_examples=300)
def test_links_and_emphasis_add_no_words_and_lose_none(blocks):
    document = Document("x", "".join(blocks), "html")
    page = page_of(document)
    marks = marks_of(document, page.text, links=True)
    written = markdown(page, (), marks)
    assert shown(written) == split_words(page.text)
    assert links_in(written) == links_of(page, marks)
    assert emphasis_in(written) <= emphasis_of(page, marks)


@given(markup)
@settings(max_examples=100)
def test_what_was_removed_is_not_shown(source):
    cleaned = Cleaner(rules_only=True, kind="html").clean(source + "<p>Advertisement</p>")
    assert shown(cleaned.as_markdown()) == split_words(cleaned.text)


def test_a_stretch_inside_a_line_is_left_out():
    page = page_of(Document("x", "<p>High water () at nine.</p><pre>a\n  b ()\n c</pre>", "html"))
    removed = [
        Removal(at, at + 3, page.text[at : at + 3], Label.ARTIFACT, "model", 1.0)
        for at, char in enumerate(page.text)
        if page.text.startswith(" ()", at)
    ]
    assert markdown(page, removed) == "High water at nine.\n\n```\na\n  b\n c\n```\n"


def test_code_keeps_its_blank_lines():
    source = "a\n\n\n\n  b\n\nc\n\n\nd"
    assert rendered(f"<pre>\n{source}\n\n</pre>") == f"```\n{source}\n```\n"
    quoted = rendered(f"<ul><li><pre><code>{source}</code></pre>")
    assert PARSER.parse(quoted)[2].content == f"{source}\n"


def test_headings_are_bold_without_stars():
    assert rendered("<h2><b>High</b> <i>water</i> <code>#</code></h2>") == "## High *water* `#`\n"


def test_a_link_in_a_cell_is_shown_and_one_around_a_row_is_not():
    row = "<tr><td><a href='/a|b'>High</a><td>nine</tr>"
    assert rendered(f"<table>{row}</table>", links=True) == "| [High](/a%7Cb) | nine |\n| --- | --- |\n"
    assert links_in(rendered(f"<a href=/x><table>{row.replace('a|b', 'y')}</table></a>", links=True)) == [
        ("High", "/y")
    ]


def test_a_link_around_blocks_is_a_link_in_each():
    source = "<a href='/x'><h3>High water</h3><p>At nine.</p><pre>run</pre></a>"
    assert rendered(source, links=True) == "### [High water](/x)\n\n[At nine.](/x)\n\n```\nrun\n```\n"


def test_a_link_whose_words_went_went_too():
    document = Document("x", "<p>High <a href=/x>water (ad)</a> at nine.<p><a href=/y>Share</a> it", "html")
    page = page_of(document)
    removed = [
        Removal(at, at + len(text), text, Label.AD, "model", 1.0)
        for text in (" (ad)", "Share")
        for at in [page.text.index(text)]
    ]
    assert markdown(page, removed, marks_of(document, page.text, links=True)) == "High [water](/x) at nine.\n\nit\n"


def test_text_becomes_paragraphs():
    cleaned = Cleaner(rules_only=True, kind="text").clean("# One\n\nAdvertisement\n1. Two *three*\n")
    assert cleaned.as_markdown() == "\\# One\n\n1\\. Two \\*three\\*\n"


def test_nothing_kept_is_nothing_written():
    assert rendered("<p> </p>") == ""


def test_nesting_beyond_what_parsers_read_is_flattened():
    deep = rendered("<ul><li>" * 300 + "High water")
    assert deep == "- " * 8 + "High water\n"
    assert shown(deep) == ["High", "water"]
