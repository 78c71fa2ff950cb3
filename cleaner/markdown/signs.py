"""Text as Markdown shows it: what could be taken for a sign is escaped."""

from __future__ import annotations

import re
from urllib.parse import quote

# Backslash, code, emphasis, links, HTML, strikethrough; a reference such as `&amp;`.
_SIGNS = re.compile(r"[\\`*_\[\]<>~]|&(?=#[0-9xX]|[A-Za-z][A-Za-z0-9]{1,31};)")
# At the beginning of a line: headings, lists, rules, underlines of headings, numbers of lists.
_HEAD = re.compile(r"[-+=#:|]|(?P<number>\d{1,9})(?=[.)])")
_RULE = re.compile(r"[-:|\s]+")
# In addresses: what browsers send encoded, and what ends an address or a cell of a table.
_ENCODED = frozenset(' "<>\\^`{|}')
_SIGNS_OF_ADDRESSES = re.compile(r"[()]|&(?=#[0-9xX]|[A-Za-z][A-Za-z0-9]{1,31};)")
_BACKTICKS = re.compile(r"`+")


def escaped(text: str) -> str:
    """Escape what has a meaning anywhere in a line."""
    return _SIGNS.sub(r"\\\g<0>", text)


def escaped_line(text: str) -> str:
    r"""Escape a whole line: what has a meaning at its beginning only, too.

    >>> escaped_line("1986. A year of *stars*"), escaped_line("- no item")
    ('1986\\. A year of \\*stars\\*', '\\- no item')
    """
    line = escaped(text)
    if _RULE.fullmatch(text):
        line = line.replace("|", "\\|")
    found = _HEAD.match(line)
    if not found:
        return line
    at = found.end() if found["number"] else 0
    return f"{line[:at]}\\{line[at:]}"


def code_span(text: str) -> str:
    """Return *text* as code inside a line, between more backticks than it holds in a row."""
    longest = longest_fence(text)
    room = " " if longest else ""
    fence = "`" * (longest + 1)
    return f"{fence}{room}{text}{room}{fence}"


def destination(address: str) -> str:
    r"""Return an address as it stands behind the text of a link.

    >>> destination("/Tide_(sea)?a=1&lt;=2 |")
    '/Tide_\\(sea\\)?a=1\\&lt;=2%20%7C'
    """
    encoded = [
        quote(char, safe="", errors="replace") if char in _ENCODED or not char.isprintable() else char
        for char in address
    ]
    return _SIGNS_OF_ADDRESSES.sub(r"\\\g<0>", "".join(encoded))


def longest_fence(text: str) -> int:
    """Return how many backticks stand side by side in *text* at most."""
    return max([len(run) for run in _BACKTICKS.findall(text)], default=0)
