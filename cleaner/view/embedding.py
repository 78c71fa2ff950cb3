"""Strings on their way into a page: nothing of a document may act there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

# In a script element "<" may begin an end tag or a comment; the two separators end lines in old readers.
_TELLING = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def json_for_page(value: Any) -> str:
    r"""Write *value* as JSON that can stand in a script element and in UTF-8, and reads back the same.

    >>> json_for_page("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _TELLING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def digest(text: str) -> str:
    """Return the source expression of a script or style element for a Content-Security-Policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
