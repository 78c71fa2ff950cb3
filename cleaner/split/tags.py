"""What each HTML tag means for the lines of a page: tables, after the style sheet of the HTML standard.

Source: https://html.spec.whatwg.org/multipage/rendering.html. Departures are told where they stand.
"""

from __future__ import annotations

SPACED = frozenset(
    [
        "blockquote",
        "center",
        "dir",
        "dl",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hgroup",
        "menu",
        "ol",
        "p",
        "pre",
        "table",
        "ul",
    ]
)
"""Blocks with a margin: a blank line stands before and behind them. Lists inside list items have none."""

LISTS = frozenset(("dir", "dl", "menu", "ol", "ul"))

# `button`, `label` and `textarea` are inline in a browser, but nobody reads them as part of a sentence.
BLOCKS = SPACED | frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "button",
        "caption",
        "dd",
        "details",
        "dialog",
        "div",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "form",
        "header",
        "html",
        "label",
        "legend",
        "li",
        "listing",
        "main",
        "nav",
        "optgroup",
        "option",
        "search",
        "section",
        "summary",
        "tbody",
        "textarea",
        "tfoot",
        "thead",
        "tr",
        "xmp",
        "plaintext",
    ]
)

PROSE = frozenset(("blockquote", "li", "p"))
"""Blocks of running text."""

CELLS = frozenset(("td", "th"))

VERBATIM = ("xmp", "plaintext")
"""Old elements in which tags are text."""

PREFORMATTED = frozenset(("pre", "textarea", "listing"))

VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
"""Elements without an end tag, as the parser writes them."""

GAPS = frozenset(("img", "input", "embed", "svg"))
"""Inline things that part the words on both sides."""

UNSEEN = (
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "video",
    "audio",
    "canvas",
    "noframes",
    "noembed",
    "select",
    "datalist",
    "title",
    "annotation",
    "annotation-xml",
    "svg>*",
)
"""CSS selectors of what is taken off the tree before it is read.

A closed list of options shows one of them, and never a sentence: `select` is left out whole. `title` is
one inside the body. What stands inside `iframe`, `object`, `video` is shown only where those fail.
"""

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "nobr",
        "picture",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
    ]
)
"""Inline elements; so is every one that no table here has."""


def name_of(tag: str) -> str:
    """Return the name of a tag: `p` of `p class="lead"`."""
    return tag.partition(" ")[0]
