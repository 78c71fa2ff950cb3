"""Sites by the addresses that documents are known by."""

from __future__ import annotations

from urllib.parse import urlsplit


def host(url: str | None) -> str:
    """Return the host of an address, without `www.`; empty for what is none.

    >>> host("https://www.example.org/2024/tides")
    'example.org'
    """
    if not url or "://" not in url:
        return ""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")
