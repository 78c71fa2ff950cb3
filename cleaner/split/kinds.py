"""Which kind a text is of when nobody says so: HTML, or the plain text that nearly all are.

Only what is surely a page is taken for one. A page read as text keeps its tags, which everyone
sees; a text read as a page would lose its line breaks, and that nobody sees. So an article that
speaks of HTML, a text with a stray tag, Markdown, XML and a chat log are text.
"""

from __future__ import annotations

import re

from cleaner.split.tags import BLOCKS

TEXT, HTML = "text", "html"
KINDS = (TEXT, HTML)
"""The kinds of documents."""

_FEWEST = 3
"""A fragment without `<html>` or `<body>` has at least so many tags of blocks, end tags among them."""
_LOOKED = 20_000
"""Characters in which those are counted."""

# A mark and white space, then comments and an XML declaration; each piece begins with its own sign.
_LEAD = r"[\s\ufeff]*+(?:<!--(?:[^-]|-(?!->))*+-->\s*+|<\?xml\s[^<>]{0,200}+>\s*+)*+"
_DOCUMENT = re.compile(rf"{_LEAD}<(?:!doctype\s+html\b|(?:html|head|body)(?=[\s>]))[^<>]{{0,2000}}+>", re.IGNORECASE)
_FRAGMENT = re.compile(rf"{_LEAD}<[a-z][a-z0-9]{{0,9}}(?=[\s/>])", re.IGNORECASE)
_NEXT = re.compile(r"\s*+<")
_BLOCK = re.compile(rf"<(/?)(?:{'|'.join(sorted(BLOCKS))}|td|th|br)(?=[\s/>])", re.IGNORECASE)
_XML = re.compile(r"[\s\ufeff]*+<\?xml\s", re.IGNORECASE)


def kind_of(text: str) -> str:
    """Return `html` for what begins as a page does, or is a fragment of one; else `text`.

    A page begins with its document type, `<html>`, `<head>` or `<body>`, and either another tag
    follows or the text ends with one. A fragment begins and ends with a tag and has at least
    three tags of blocks.

    >>> kind_of("<p>High water at nine.</p><p>Low at three.</p>"), kind_of("Use <p> and </p>.")
    ('html', 'text')
    """
    begin = _DOCUMENT.match(text)
    if begin:
        return HTML if _NEXT.match(text, begin.end()) or _ends_with_tag(text) else TEXT
    if not _FRAGMENT.match(text) or not _ends_with_tag(text) or _XML.match(text):
        return TEXT
    ends = [found[1] == "/" for found in _BLOCK.finditer(text, 0, _LOOKED)]
    return HTML if len(ends) >= _FEWEST and True in ends else TEXT


def kind_of_bytes(raw: bytes) -> str:
    """Return the kind of a text that is not decoded yet; tags look alike in all encodings of the web."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raw = raw.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return kind_of(raw.removeprefix(b"\xef\xbb\xbf").decode("latin-1"))


def _ends_with_tag(text: str) -> bool:
    return text[-200:].rstrip().endswith(">")
