"""Which site a document came from, so that no site is on both sides of a fold."""

from __future__ import annotations

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
