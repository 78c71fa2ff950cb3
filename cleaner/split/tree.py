"""HTML source into the sequence of its visible texts and tags, as a browser's parser would see them.

Reading lexbor's tree node by node from Python costs as much again as parsing it. Its serialiser
writes the same tree as well-formed markup in a third of the time: every element closed, every
attribute as `name="value"`, every `<` and `>` of text and values escaped. Cut at
each `<` it is a list of tags with the text behind them, and equal tags are equal strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.split.tags import UNSEEN

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_UNSEEN = ",".join(UNSEEN)


def parse(html: str) -> LexborHTMLParser:
    """Build the tree; `noscript` is read as a browser with scripts reads it, as text to leave out."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(html.encode("utf-8"), scripting=True)


def parts(tree: LexborHTMLParser) -> list[str]:
    """Return the body as `tag>text` parts; what cannot be seen is taken off the tree before."""
    body = tree.body
    if body is None:
        return []
    for node in body.css(_UNSEEN):
        node.decompose()
    return (body.html or "").split("<")[1:]
