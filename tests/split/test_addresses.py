import pytest

from cleaner.split.addresses import address_of, base_of

BASE = "https://example.org/a/b"


@pytest.mark.parametrize(
    ("href", "alone", "seen_from_base"),
    [
        ("https://other.example/x?y=1&amp;z=2", "https://other.example/x?y=1&z=2", "https://other.example/x?y=1&z=2"),
        ("/x", "/x", "https://example.org/x"),
        ("x y", "x y", "https://example.org/a/x y"),
        ("//cdn.example/x", "//cdn.example/x", "https://cdn.example/x"),
        ("#part", "#part", "https://example.org/a/b#part"),
        ("?q", "?q", "https://example.org/a/b?q"),
        (" \n/x\ny\t ", "/xy", "https://example.org/xy"),
        ("mailto:a@example.org", "mailto:a@example.org", "mailto:a@example.org"),
        ("&quot;&lt;&gt;", '"<>', 'https://example.org/a/"<>'),
    ],
)
def test_addresses_are_seen_from_the_page_or_stay_as_they_are(href, alone, seen_from_base):
    tag = f'a class="x" href="{href}" title="t"'
    assert (address_of(tag, ""), address_of(tag, BASE)) == (alone, seen_from_base)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:run()",
        "JaVaScRiPt:run()",
        "java\nscript:run()",
        "\x01 javascript:run()",
        "data:text/html,<b>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.org/1",
        "",
        " ",
        "#",
        "http://[::1",
        "x" * 3_000,
    ],
)
def test_what_leads_nowhere_has_no_address(href):
    assert address_of(f'a href="{href}"', BASE) == ""


def test_an_anchor_has_no_address():
    assert address_of('a name="x"', BASE) == ""
    assert address_of('a data-href="/x"', BASE) == ""
    assert address_of('a title=" href=" class="x"', BASE) == ""
    assert address_of('a title=" href=" href="/x"', "") == "/x"
    assert address_of('a =b="c" "="" d:e="" href="/x"', "") == "/x"


@pytest.mark.parametrize(
    ("url", "declared", "base"),
    [
        (None, "", ""),
        (BASE, "", BASE),
        (BASE, "/c/", "https://example.org/c/"),
        (BASE, "https://other.example/", "https://other.example/"),
        (None, "https://other.example/", "https://other.example/"),
        (None, "/c/", ""),
        (BASE, "javascript:run()", BASE),
        (BASE, "http://[", BASE),
        ("page.html", "", ""),
        ("urn:uuid:1", "", ""),
        ("http://[", "", ""),
    ],
)
def test_a_page_says_what_its_addresses_are_relative_to(url, declared, base):
    assert base_of(url, declared) == base
