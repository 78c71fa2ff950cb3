import sys

import pytest

from cleaner.document import Document
from cleaner.errors import MissingExtra
from cleaner.sites import naming, site_of, site_of_address

ADDRESSES = [
    ("https://www.bbc.co.uk/news/uk-1", "bbc.co.uk"),
    ("http://edition.cnn.com:8080/x", "cnn.com"),
    ("//cdn.example.org", "example.org"),
    ("news.example.org/a", "example.org"),
    ("https://someone:secret@blog.example.com./", "example.com"),
    ("http://tides.blogspot.com/2020/05/", "tides.blogspot.com"),
    ("https://me.github.io/post", "me.github.io"),
    ("https://tides.wordpress.com/?p=1", "tides.wordpress.com"),
    ("https://www.medium.com/@someone", "medium.com"),
    ("https://EXAMPLE.COM", "example.com"),
    ("https://xn--bcher-kva.example.de/", "example.de"),
    ("https://www.xn--bcher-kva.de/", "bücher.de"),
    ("https://www.bücher.de/", "bücher.de"),
    ("http://192.168.0.1:8000/a", "192.168.0.1"),
    ("http://[2001:db8::1]/a", "[2001:db8::1]"),
    ("http://localhost/a", "localhost"),
    ("https://co.uk/", "co.uk"),
    ("http://xn--/", "xn--"),
    ("http://xn--\ud800/", "xn--?"),
]
NOWHERE = [
    "",
    " ",
    "http://",
    "http:///path",
    "mailto:someone@example.org",
    "just words",
    "?",
    "://",
    "#top",
    "http://./",
]


@pytest.mark.parametrize(("address", "site"), ADDRESSES)
def test_site_of_an_address(address, site):
    assert site_of_address(address) == site


@pytest.mark.parametrize("address", NOWHERE)
def test_an_address_of_nowhere_has_no_site(address):
    assert site_of_address(address) == ""


@pytest.mark.parametrize(
    "address", ["http://" + "a" * 100_000, "a" * 100_000, "http://" + "a.b." * 50_000, "/" * 100_000]
)
def test_an_endless_address_is_harmless(address):
    assert len(site_of_address(address)) <= naming.LONGEST


def test_a_name_in_meta_comes_before_the_address():
    document = Document("a", "", url="https://example.org/", meta={"site": "  The\n Harbour  POST "})
    assert site_of(document) == "the harbour post"
    assert site_of(Document("a", "", url="https://example.org/")) == "example.org"
    assert site_of(Document("a", "")) == ""


@pytest.mark.parametrize("value", ["", " \n", None, [], {}, True, 1.5])
def test_what_is_no_name_is_no_site(value):
    assert site_of(Document("a", "", url="https://example.org/", meta={"site": value})) == ""


def test_without_the_suffix_list_the_install_line_is_given(monkeypatch):
    monkeypatch.setitem(sys.modules, "publicsuffixlist", None)
    naming._suffixes.cache_clear()
    naming._registered.cache_clear()
    try:
        with pytest.raises(MissingExtra, match=r"cleaner\[sites\]"):
            site_of_address("https://never.asked.before.example/")
    finally:
        naming._suffixes.cache_clear()
