import html
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cleaner import Cleaner
from cleaner.document import Document, Removal
from cleaner.labels import Label
from cleaner.markdown import markdown
from cleaner.split import page_of

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))
PAIRS = [path for path in PAGES if path.with_suffix(".md").exists()]
PARSER = MarkdownIt("commonmark").enable("table")


def shown(source):
    """The words that Markdown shows."""
    words = []
    for token in PARSER.parse(source):
        if token.type == "inline":
            words.append("".join(child.content or " " for child in token.children))
            assert not {child.type for child in token.children} & {"link_open", "image", "html_inline"}
        elif token.content:
            words.append(token.content)
        assert token.type != "html_block"
    return split_words(" ".join(words))


def split_words(text):
    """Split, without the marks of no width that may stand between lines."""
    return text.translate(dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060"))).replace("\0", "\ufffd").split()


def rendered(source, removed=()):
    return markdown(page_of(Document("x", source, "html")), removed)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_page_becomes_the_markdown_beside_it(path):
    assert rendered(path.read_text("utf-8")) == path.with_suffix(".md").read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_markdown_of_a_page_shows_the_words_of_the_page(path):
    source = path.read_text("utf-8")
    assert shown(rendered(source)) == split_words(page_of(Document("x", source, "html")).text)


signs = st.text("#*_`[]()<>&;~|\\-+=:.!1 9a\té\u00a0\u200b\n\"'", max_size=12)
words = st.one_of(
    signs,
    signs,
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8),
    st.sampled_from(["---", "1.", "&amp;", "a | b", "# C #", "```", "~~~"]),
)
texts = words.map(html.escape)
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
    page = page_of(Document("x", source, "html"))
    assert shown(markdown(page, ())) == split_words(page.text)


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


def test_text_becomes_paragraphs():
    cleaned = Cleaner(rules_only=True, kind="text").clean("# One\n\nAdvertisement\n1. Two *three*\n")
    assert cleaned.as_markdown() == "\\# One\n\n1\\. Two \\*three\\*\n"


def test_nothing_kept_is_nothing_written():
    assert rendered("<p> </p>") == ""


def test_nesting_beyond_what_parsers_read_is_flattened():
    deep = rendered("<ul><li>" * 300 + "High water")
    assert deep == "- " * 8 + "High water\n"
    assert shown(deep) == ["High", "water"]
