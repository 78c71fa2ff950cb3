"""A page that came as JSON: the string that an interface sent, or an object with the page in a field."""

from __future__ import annotations

import json

FIELDS = ("html", "content", "body")
"""Where a page is looked for in an object, first to last."""


def unwrapped(source: str) -> str:
    r"""Return the page inside a JSON string or object, or the source itself when there is none.

    >>> unwrapped('{"url": "https://example.org", "html": "<p>Ten\\u00e9"}')
    '<p>Tené'
    >>> unwrapped("{ braces } <p>and a page")
    '{ braces } <p>and a page'
    """
    begin = source[:200].lstrip()[:1]
    if begin not in ('"', "{") or source[-200:].rstrip()[-1:] not in ('"', "}"):
        return source
    try:
        value = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return source
    found = [value] if isinstance(value, str) else [value.get(field) for field in FIELDS]
    return next((page for page in found if isinstance(page, str) and "<" in page), source)
