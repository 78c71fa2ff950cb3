"""Elements that a browser does not show, as far as their own start tag tells."""

from __future__ import annotations

import re

_STYLE = re.compile(r' style="([^"]{1,4000})')
_UNSHOWN = re.compile(
    r"""
    (?:^|[;\s"]) (?:
        display\s*:\s*none
        | visibility\s*:\s*(?:hidden|collapse)
        | font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|!|$)
        | text-indent\s*:\s*-\d{3,}
        | (?:left|right|top|bottom|margin-left|margin-top)\s*:\s*-\d{4,}px    # off the screen
        | clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HIDDEN = re.compile(r' hidden="(?!until-found")')


def is_hidden(start_tag: str) -> bool:
    """Tell whether the element that this start tag opens is left out.

    >>> is_hidden('<p style="color: red; display: none">'), is_hidden('<p style="color: red">')
    (True, False)
    """
    if "hidden" in start_tag and (_HIDDEN.search(start_tag) or ' aria-hidden="true"' in start_tag):
        return True
    if ' style="' not in start_tag:
        return False
    style = _STYLE.search(start_tag)
    return style is not None and _UNSHOWN.search(style.group(1)) is not None
