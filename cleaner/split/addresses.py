"""Addresses of links, as a browser would read them."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from cleaner.split.spacing import resolved

# From the first attribute on, for values may look like attributes. Each is read once.
_HREF = re.compile(r'[^ ]*+(?: (?!href=")[^ ][^ =]*+="[^"]*+")*+ href="([^"]*+)"')
# What browsers leave out of an address: https://url.spec.whatwg.org/#concept-basic-url-parser
_EDGES = "".join(map(chr, range(33)))
_DROPPED = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_FOLLOWED = frozenset(("http", "https", "mailto", "tel"))
"""Schemes that lead somewhere. Of all others, scripts and data among them, the text alone is worth showing."""
_LONGEST = 2_000
"""Characters; longer ones carry data, and would be repeated on each line of their link."""


def address_of(start_tag: str, base: str) -> str:
    r"""Return where a link leads to; nothing if that is nowhere, or nowhere a reader should go.

    A relative address is resolved against *base*, or stays as it is where that is empty.

    >>> address_of('a href="/t?a=1&amp;b=2"', "https://example.org/x"), address_of('a href="Java\tScript:run()"', "")
    ('https://example.org/t?a=1&b=2', '')
    """
    found = _HREF.match(start_tag)
    # As the parser's serialiser writes values.
    url = _bare(resolved(found[1].replace("&quot;", '"'))) if found else ""
    if not url or url == "#" or len(url) > _LONGEST or not _is_followed(url):
        return ""
    url = _joined(base, url)
    return url if len(url) <= _LONGEST and _is_followed(url) else ""


def base_of(url: str | None, declared: str) -> str:
    """Return what addresses of a page are relative to: what its `<base>` declares, seen from its own *url*."""
    own = (url or "").strip(_EDGES)
    base = _joined(own, _bare(declared))
    return next((known for known in (base, own) if len(known) <= _LONGEST and _is_whole(known)), "")


def _bare(address: str) -> str:
    return address.strip(_EDGES).translate(_DROPPED)


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:  # brackets around what is no IPv6 address
        return ""


def _is_followed(url: str) -> bool:
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[1].lower() in _FOLLOWED


def _is_whole(url: str) -> bool:
    try:
        parted = urlsplit(url)
    except ValueError:
        return False
    return parted.scheme in ("http", "https") and bool(parted.netloc)
