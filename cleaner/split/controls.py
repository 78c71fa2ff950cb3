"""Form controls whose text stands in an attribute."""

from __future__ import annotations

import re

_BUTTON = re.compile(r' type="(?:submit|button|reset)"', re.IGNORECASE)
_VALUE = re.compile(r' value="([^"]{1,200})"')


def caption_of(start_tag: str) -> str:
    """Return the visible text of an `<input>` that is a button, as markup; empty for other controls.

    >>> caption_of('<input type="submit" value="Search">')
    'Search'
    """
    if not _BUTTON.search(start_tag):
        return ""
    value = _VALUE.search(start_tag)
    return value.group(1).strip() if value else ""
