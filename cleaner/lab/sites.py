"""Which site a document came from, so that no site is on both sides of a fold."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from cleaner.errors import SettingError

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "ne", "nom", "or", "org"})
"""Names that stand below a country, as in `.co.uk` or `.com.br`, and are nobody's site."""

OUTLETS = {
    "53eig.ht": "fivethirtyeight.com",
    "abcn.ws": "go.com",
    "abcnews.com": "go.com",
    "ap.org": "apnews.com",
    "apne.ws": "apnews.com",
    "bbc.com": "bbc.co.uk",
    "bbc.in": "bbc.co.uk",
    "ble.ac": "bleacherreport.com",
    "bloom.bg": "bloomberg.com",
    "bzfd.it": "buzzfeed.com",
    "buzzfeednews.com": "buzzfeed.com",
    "cbsn.ws": "cbsnews.com",
    "cnet.co": "cnet.com",
    "cnet.de": "cnet.com",
    "cnn.it": "cnn.com",
    "dailym.ai": "dailymail.co.uk",
    "econ.st": "economist.com",
    "es.pn": "espn.com",
    "espn.co.uk": "espn.com",
    "fb.com": "facebook.com",
    "fb.me": "facebook.com",
    "fxn.ws": "foxnews.com",
    "goo.gl": "google.com",
    "gu.com": "theguardian.com",
    "guardian.co.uk": "theguardian.com",
    "hill.cm": "thehill.com",
    "huff.to": "huffpost.com",
    "huffingtonpost.com": "huffpost.com",
    "ind.pn": "independent.co.uk",
    "interc.pt": "theintercept.com",
    "lat.ms": "latimes.com",
    "n.pr": "npr.org",
    "nationalgeographic.com.es": "nationalgeographic.com",
    "nbcnews.to": "nbcnews.com",
    "nydn.us": "nydailynews.com",
    "nyp.st": "nypost.com",
    "nyti.ms": "nytimes.com",
    "philly.com": "inquirer.com",
    "politi.co": "politico.com",
    "politico.eu": "politico.com",
    "reut.rs": "reuters.com",
    "slate.me": "slate.com",
    "theatln.tc": "theatlantic.com",
    "thebea.st": "thedailybeast.com",
    "ti.me": "time.com",
    "trib.in": "chicagotribune.com",
    "usat.ly": "usatoday.com",
    "wapo.st": "washingtonpost.com",
    "wired.co.uk": "wired.com",
    "yhoo.it": "yahoo.com",
    "youtu.be": "youtube.com",
}
"""Short links, former names and national editions of outlets: one house, one template."""


def site_key(site: str) -> str:
    """Return the outlet behind a host name or address.

    Blogs on one platform count as one site, because they share the platform's own lines.

    >>> site_key("https://www.bbc.co.uk/news"), site_key("cnn.it"), site_key("news.com.au")
    ('bbc.co.uk', 'cnn.com', 'news.com.au')
    """
    host = site.strip().lower().rpartition("//")[2].partition("/")[0].partition(":")[0].strip(".")
    names = host.split(".")
    below_country = len(names) > 2 and len(names[-1]) == 2 and names[-2] in _SECOND_LEVEL
    domain = ".".join(names[-3:] if below_country else names[-2:])
    return OUTLETS.get(domain, domain)


def group_of(site: str | None, source: str) -> str:
    """Return what is never parted between folds: the outlet that *site* belongs to, else all of the same *source*."""
    return site_key(site) if site else f"source:{source}"


def deal(sizes: Mapping[str, int], count: int, *, seed: int) -> dict[str, int]:
    """Deal groups of these sizes into *count* folds of about equal size; return each group's fold.

    The same groups and *seed* give the same folds in any order. Raises `SettingError` for fewer groups than folds.
    """
    if len(sizes) < count:
        raise SettingError(f"at least {count} sites are needed, and there are {len(sizes)}; give documents of more")
    fold_of: dict[str, int] = {}
    filled, members = [0] * count, [0] * count
    for group in sorted(sizes, key=lambda group: (-sizes[group], _shuffled(group, seed))):
        lightest = min(range(count), key=lambda fold: (filled[fold], members[fold]))
        fold_of[group] = lightest
        filled[lightest] += sizes[group]
        members[lightest] += 1
    return fold_of


def _shuffled(group: str, seed: int) -> str:
    return sha256(f"{seed}:{group}".encode()).hexdigest()
