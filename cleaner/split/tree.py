"""HTML source into the sequence of its visible texts and tags, as a browser's parser would see them.

Reading lexbor's tree node by node from Python costs as much again as parsing it. Its serialiser
writes the same tree as well-formed markup in a third of the time: every element closed, every
attribute as `name="value"`, every `<` and `>` of text and values escaped. Cut at
each `<` it is a list of tags with the text behind them, and equal tags are equal strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cleaner.split.decoding import encoded
from cleaner.split.facts import LINKED_DATA, Told
from cleaner.split.tags import UNSEEN, VERBATIM

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode


def parse(html: str, *, scripting: bool = True) -> LexborHTMLParser:
    """Build the tree; with *scripting* `noscript` is text to leave out, as in most browsers."""
    from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

    # Events keep the shown option of a list up to date, which takes quadratic time.
    return LexborHTMLParser(encoded(html), scripting=scripting, options=LexborDocumentOptions.WO_EVENTS)


def unseen(tree: LexborHTMLParser, selectors: Iterable[str] = UNSEEN) -> list[LexborNode]:
    """Return the elements of the body that `parts` is to take off, scripts among them."""
    return tree.body.css(",".join([*selectors, *VERBATIM])) if tree.body else []


def head_of(tree: LexborHTMLParser, hidden: Iterable[LexborNode]) -> Iterator[Told]:
    """Yield what `facts_of` reads: elements of the head, and scripts among the hidden ones."""
    if tree.root:
        yield "html", tree.root.attributes, ""
    for node in tree.head.iter() if tree.head else ():
        if node.tag == "meta":
            yield "meta", node.attributes, ""
        elif node.tag == "title":
            yield "title", node.attributes, node.text()
        elif node.tag == "script":
            yield from _linked_data(node)
    for node in hidden:
        if node.tag == "script":
            yield from _linked_data(node)


def _linked_data(script: LexborNode) -> Iterator[Told]:
    """Yield a script that holds data; the text of the others, most of many a page, is left where it is."""
    attributes = script.attributes
    if LINKED_DATA in (attributes.get("type") or ""):
        yield "script", attributes, script.text()


def declared_base(tree: LexborHTMLParser) -> str:
    """Return the address of the first `<base>` that has one."""
    node = tree.css_first("base[href]")
    return (node.attributes["href"] or "") if node else ""


def parts(tree: LexborHTMLParser, without: Iterable[LexborNode]) -> list[str]:
    """Return the body as `tag>text` parts, *without* some elements, which are taken off the tree.

    The serialiser writes text of `xmp` and `plaintext` without escaping it, so a `pre` takes their place.
    """
    for node in without:
        if node.tag in VERBATIM:
            plain = tree.create_node("pre")
            plain.insert_child(node.text())
            node.replace_with(plain)
        else:
            node.decompose()
    body = tree.body
    html = _without_comments((body.html or "") if body else "")
    found = html.split("<")[1:]
    # Each tag has one `>`, unless a name holds a `<`, which broken markup brings about.
    return found if len(found) == html.count(">") else _mended(found)


def _without_comments(html: str) -> str:
    at = html.find("<!--")
    if at < 0:
        return html
    kept: list[str] = []
    done = 0
    while at >= 0:
        # A name may hold `<!--` too; then the last bracket before it opens a tag.
        if html.rfind("<", done, at) > html.rfind(">", done, at):
            at = html.find("<!--", at + 4)
            continue
        end = html.find("-->", at + 4)
        kept.append(html[done:at])
        done = end + 3 if end >= 0 else len(html)
        at = html.find("<!--", done)
    return "".join([*kept, html[done:]])


def _mended(cut: Iterable[str]) -> list[str]:
    """Join the parts of tags whose names hold a `<`."""
    whole: list[str] = []
    begun = ""
    for part in cut:
        if ">" in part:
            whole.append(begun + part)
            begun = ""
        else:
            begun += part + "<"
    return whole
