"""Other tools that take a page and leave its text, each with one setting.

Each is imported only when it is loaded, so that time and memory measured in a process of its own
are its own. Comments are left out where a tool lets one choose, as in the runs of the
scrapinghub benchmark; options not named here are the tool's defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from cleaner.errors import MissingExtra, SettingError
from cleaner.lab.peers import justext_paragraphs

Extract = Callable[[str, str], str]
"""From HTML and language to text."""
EXTRA = "bench"


class PagePeer(NamedTuple):
    """One tool with one setting."""

    name: str
    package: str
    """The distribution whose version tells outputs apart; empty for code that may change from run to run."""
    call: str
    """What is run, with its options."""
    load: Callable[[], Extract]
    """Imports the tool; raises `ImportError` without it."""


def installed(peer: PagePeer) -> str:
    """Return the version of a peer's package, nothing for what has none; raises `MissingExtra` without it."""
    if not peer.package:
        return ""
    try:
        return version(peer.package)
    except PackageNotFoundError as error:
        raise MissingExtra(f"running {peer.name}", EXTRA) from error


def load(peer: PagePeer) -> Extract:
    """Return what extracts; raises `MissingExtra` where the package or a part of it is missing."""
    try:
        return peer.load()
    except ImportError as error:
        raise MissingExtra(f"running {peer.name}", EXTRA) from error


def named(name: str) -> PagePeer:
    """Return the peer of this name, or for `NAME=MODULE:FUNCTION` what that function loads.

    The function takes nothing and returns what takes HTML and a language and returns text. This is
    how an extractor of ours, or a trial, is measured beside the peers.
    """
    for peer in PAGE_PEERS:
        if peer.name == name:
            return peer
    title, _, place = name.partition("=")
    module, _, function = place.partition(":")
    if not (title and module and function):
        raise SettingError(f"{name!r} is neither a peer nor of the form NAME=MODULE:FUNCTION")
    return PagePeer(title, "", place, partial(_load_named, place))


def loaded(place: str) -> Any:
    """Import what `MODULE:FUNCTION` names; raises `SettingError` where there is no such thing."""
    module, _, function = place.partition(":")
    try:
        return getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingError(f"{place!r} cannot be imported: {error}") from error


def _load_named(place: str) -> Extract:
    extract: Extract = loaded(place)()
    return extract


def _trafilatura(**options: Any) -> Extract:
    import trafilatura

    return lambda html, _: trafilatura.extract(html, **options) or ""


def _resiliparse(*, main_content: bool) -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _: str(extract_plain_text(html, main_content=main_content))


def _readability() -> Extract:
    import html_text
    import readability

    return lambda html, _: str(html_text.extract_text(readability.Document(html).summary(html_partial=True)))


def _justext() -> Extract:
    import justext  # noqa: F401 -- so that it is imported before the clock starts

    def extract(html: str, lang: str) -> str:
        return "\n".join(paragraph.text for paragraph in justext_paragraphs(html, lang) if not paragraph.is_boilerplate)

    return extract


def _boilerpy3() -> Extract:
    from boilerpy3.extractors import ArticleExtractor

    extractor = ArticleExtractor()
    return lambda html, _: str(extractor.get_content(html))


def _newspaper() -> Extract:
    import newspaper

    def extract(html: str, _: str) -> str:
        # With images it would ask the network for them.
        article = newspaper.Article("https://example.com/article", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return extract


def _magic_html() -> Extract:
    import html_text
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()
    return lambda html, _: str(html_text.extract_text(extractor.extract(html, base_url="")["html"]))


def _inscriptis() -> Extract:
    from inscriptis import get_text

    return lambda html, _: str(get_text(html))


def _html_text() -> Extract:
    import html_text

    return lambda html, _: str(html_text.extract_text(html))


def _trafilatura_peer(setting: str, **options: bool) -> PagePeer:
    given = "".join(f", {name}={value}" for name, value in options.items())
    name = f"trafilatura, {setting}" if setting else "trafilatura"
    return PagePeer(name, "trafilatura", f"extract(html{given})", partial(_trafilatura, **options))


PAGE_PEERS: tuple[PagePeer, ...] = (
    _trafilatura_peer("", include_comments=False),
    _trafilatura_peer("precision", favor_precision=True, include_comments=False),
    _trafilatura_peer("recall", favor_recall=True, include_comments=False),
    _trafilatura_peer("fast", fast=True, include_comments=False),
    _trafilatura_peer("with comments"),
    PagePeer(
        "resiliparse, main content",
        "resiliparse",
        "extract_plain_text(html, main_content=True)",
        partial(_resiliparse, main_content=True),
    ),
    PagePeer(
        "resiliparse, full text",
        "resiliparse",
        "extract_plain_text(html)",
        partial(_resiliparse, main_content=False),
    ),
    PagePeer(
        "readability-lxml",
        "readability-lxml",
        "html_text.extract_text(Document(html).summary(html_partial=True))",
        _readability,
    ),
    PagePeer("jusText", "justext", "justext(html, stop words of the language)", _justext),
    PagePeer("boilerpy3", "boilerpy3", "ArticleExtractor().get_content(html)", _boilerpy3),
    PagePeer("newspaper4k", "newspaper4k", "Article(fetch_images=False).parse()", _newspaper),
    PagePeer("magic-html", "magic-html", "html_text.extract_text(GeneralExtractor().extract(html))", _magic_html),
    PagePeer("inscriptis", "inscriptis", "get_text(html)", _inscriptis),
    PagePeer("html-text", "html-text", "extract_text(html)", _html_text),
)
"""The first is what the others' speed is told in."""
