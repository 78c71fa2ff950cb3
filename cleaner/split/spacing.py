"""White space and character references of the text between two tags, as a browser shows them."""

from __future__ import annotations

import re

# CSS collapses these and no others: no-break, thin and ideographic spaces stay.
_WHITE = re.compile(r"[ \t\n\r\f]+")
# Between two Chinese or Japanese characters a line end is no blank:
# https://www.w3.org/TR/css-text-3/#line-break-transform
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_EAST_ASIAN_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r\f]*+\n[ \t\n\r\f]*+(?={_WIDE})")
NO_WIDTH = "\ufeff\u200b\u200e\u200f\u2060"
_EDGES = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + NO_WIDTH

PART = "\x1f"
"""Stands for a picture: it parts two words, and leaves a full stop at its word."""
_PARTED = re.compile(rf"(?<=[^\s(\[{{\u2018\u201c\u00ab]){PART}+(?=[^\s.,;:!?)\]}}\u2019\u201d\u00bb\u2026])")


def collapsed(text: str) -> str:
    r"""Return one line of running text without white edges, its references resolved.

    >>> collapsed("  AT&amp;T \n rose&nbsp;5 ")
    'AT&T rose\xa05'
    """
    if PART in text:
        text = _PARTED.sub(" ", text).replace(PART, "")
    if text.isascii():
        text = " ".join(text.split())
        return stripped(resolved(text)) if "&" in text else text
    # Most white space stands at the edges, and without it most lines are as they should be.
    text = text.strip()
    if "\n" in text:
        text = _EAST_ASIAN_BREAK.sub("", text)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        text = _WHITE.sub(" ", text)
    return stripped(resolved(text))


def resolved(text: str) -> str:
    """Resolve the four references that the parser's serialiser writes in text."""
    if "&" not in text:
        return text
    return text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def stripped(text: str) -> str:
    """Strip white space and signs of no width from both ends."""
    text = text.strip()
    if text and (text[0] in NO_WIDTH or text[-1] in NO_WIDTH):
        return text.strip(_EDGES)
    return text


def ink(text: str) -> int:
    """Count the characters that are not white space."""
    return len("".join(text.split()))
