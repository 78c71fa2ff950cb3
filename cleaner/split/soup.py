"""The second parser, Beautiful Soup: slow, with simple rules of its own, and never at a loss.

It reads what the first one gives up: markup bombs, and pages whose text a browser would swallow,
because of a `<script/>` in XHTML, a comment without end, frames.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.split.decoding import encoded
from cleaner.split.facts import Told
from cleaner.split.tags import UNSEEN, VOID

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# In XHTML these are empty; browsers take them for open and what follows for their text.
_SELF_CLOSED = re.compile(
    r"<(?:script|style|title|textarea|iframe|noscript|noframes|xmp)(?:\s[^<>]{0,500})?/>", re.IGNORECASE
)
_ENDS = (
    (re.compile(r"<!--"), "-->"),
    (re.compile(r"<!\[(?=\s{0,9}(?:cdata|ignore|include|rcdata|temp)\b)", re.IGNORECASE), "]]>"),
    (re.compile(r"<!\["), "]>"),
    (re.compile(r"<"), ">"),
)
"""How comments, sections and tags begin and end."""
_UNSEEN = frozenset(UNSEEN) - {"noframes", "noscript"} | {"head"}


def may_be_swallowed(html: str) -> bool:
    """Tell whether a page without visible text may have some that a browser's rules make unreadable."""
    unfinished = html.rfind("<") > html.rfind(">") or html.rfind("<!--") > html.rfind("-->")
    return unfinished or "<frameset" in html.lower() or _SELF_CLOSED.search(html) is not None


def parse_leniently(html: str) -> BeautifulSoup:
    """Build the tree by Python's own tokenizer."""
    import warnings

    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    html = _ended(encoded(html).decode("utf-8"))
    with warnings.catch_warnings():
        # It warns of what it is here for: XML, a file name, an address in place of a page.
        warnings.simplefilter("ignore")
        try:
            return BeautifulSoup(html, "html.parser")
        except ParserRejectedMarkup:
            # The tokenizer stops at `<![` with anything but CDATA behind it.
            return BeautifulSoup(html.replace("<![", "&lt;!["), "html.parser")


def _ended(html: str) -> str:
    """Make text of what begins and has no end behind it: the tokenizer would look for each end anew."""
    for begins, end in _ENDS:
        at = html.rfind(end) + 1
        html = html[:at] + begins.sub(lambda begin: f"&lt;{begin.group()[1:]}", html[at:])
    return html


def lenient_parts(tree: BeautifulSoup) -> list[str]:
    """Return the visible tree as parts of the form `tag>text`."""
    from bs4.element import CData, NavigableString, Tag

    parts = ["body>"]
    waiting = [(iter(tree.contents), "body")]
    while waiting:
        nodes, around = waiting[-1]
        for node in nodes:
            if isinstance(node, Tag):
                if node.name in _UNSEEN:
                    continue
                parts.append(_start(node))
                if node.name not in VOID:
                    waiting.append((iter(node.contents), node.name))
                    break
            elif type(node) is NavigableString or type(node) is CData:
                parts.append(f"!>{_escaped(node)}")
        else:
            waiting.pop()
            parts.append(f"/{around}>")
    return parts


def lenient_facts(tree: BeautifulSoup) -> Iterator[Told]:
    """Yield what `facts_of` reads."""
    for node in tree.find_all(["html", "title", "meta", "script"], limit=1_000):
        text = node.get_text() if node.name in ("title", "script") else ""
        yield node.name, _attributes(node), text


def lenient_base(tree: BeautifulSoup) -> str:
    """Return the address of the first `<base>` that has one."""
    node = tree.find("base", href=True)
    return str(node["href"]) if node else ""


def _start(node: Tag) -> str:
    attributes = [f' {name}="{_escaped(value)}"' for name, value in _attributes(node).items()]
    return f"{node.name}{''.join(attributes)}>"


def _attributes(node: Tag) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else " ".join(value or ())
        for name, value in list(node.attrs.items())[:100]
    }


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\xa0", "&nbsp;")
