"""Which site a document came from: the registered domain, the host on blog platforms, or a name given."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from cleaner.document import Document
from cleaner.errors import MissingExtra

SITE = "site"
"""Where `Document.meta` names a site of the user's own choice."""
LONGEST = 255
"""Longer names are cut: none that the domain name system knows is longer."""

_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,30}:)?//(?:[^/?#@]{0,300}@)?(\[[0-9a-f:.]{2,45}\]|[^/?#:@\[\]]{1,300})", re.IGNORECASE
)
_NUMBERED = re.compile(r"[0-9.]{1,39}\Z|\[")
_ADDRESS_CHARS = 1_000
"""An address's host stands among its first characters."""
_BARE = re.compile(r"[^\s/?#:@\[\]]{1,255}(?=(?::[0-9]{1,5})?(?:[/?#]|\Z))")
_PLATFORMS = frozenset(
    {"blog.de", "blogspot.com", "hatenablog.com", "livejournal.com", "medium.com", "over-blog.com", "substack.com"}
    | {"tumblr.com", "typepad.com", "weebly.com", "wixsite.com", "wordpress.com"}
)
"""Hosts of many people's blogs that do not stand on the public suffix list, or did not for long."""


def site_of(document: Document) -> str:
    """Return the site of a document: the one that its `meta` names, else that of its address; empty for none."""
    if SITE in document.meta:
        return _given(document.meta[SITE])
    return site_of_address(document.url) if isinstance(document.url, str) else ""


def site_of_address(address: str) -> str:
    """Return the registered domain of a web address, or the host where each belongs to somebody else.

    Ports, logins and a final dot are nothing; names in other scripts are given as people write them.
    An IP address and a host without a known ending are their own site.

    >>> site_of_address("https://www.news.example.co.uk:8080/a?b"), site_of_address("http://tide.blogspot.com/")
    ('example.co.uk', 'tide.blogspot.com')

    Raises `MissingExtra` without the package of the public suffix list.
    """
    address = address[:_ADDRESS_CHARS].strip()
    found = _HOST.match(address)
    host = found[1] if found else _bare(address)
    return _registered(host)


def _bare(address: str) -> str:
    """Return the host of an address without a scheme."""
    found = _BARE.match(address)
    return found[0] if found and "." in found[0] else ""


@lru_cache(maxsize=1 << 16)
def _registered(host: str) -> str:
    host = _clean(host).replace(" ", "").strip(".")
    if not host or len(host) >= LONGEST or _NUMBERED.match(host):
        return host
    host = _readable(host)
    domain: str | None = _suffixes().privatesuffix(host)
    if domain in _PLATFORMS and host != domain:
        blog = host.removesuffix(f".{domain}").rpartition(".")[2]
        return domain if blog == "www" else f"{blog}.{domain}"
    return domain or host


def _given(name: Any) -> str:
    """Return a name that the user's field holds; numbers are names too."""
    return _clean(str(name)) if isinstance(name, str | int) and not isinstance(name, bool) else ""


def _clean(name: str) -> str:
    """Return a name in small letters on one line, as it can be stored."""
    return " ".join(name.lower().split()).encode("utf-8", "replace").decode()[:LONGEST]


def _readable(host: str) -> str:
    """Return a host as people write it; one that was never encoded rightly stays."""
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


@cache
def _suffixes() -> Any:
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError as error:
        raise MissingExtra("telling sites by their addresses", "sites") from error

    # Its own copy of the list comes with the package; nothing is fetched.
    return PublicSuffixList()
