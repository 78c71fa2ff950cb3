import builtins
import json
import sys
from pathlib import Path

import pytest

from cleaner.errors import MissingExtra, SettingError
from cleaner.lab.page_peers import PAGE_PEERS, PagePeer, installed, load, loaded, named

BODY = json.loads((Path(__file__).parents[1] / "council.json").read_text("utf-8"))
PAGE = (
    "<html><head><title>Bridge</title></head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><div><article>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    + "</article></div><footer><a href='/i'>Imprint of the house</a></footer></body></html>"
)
FULL = {"resiliparse, full text", "inscriptis", "html-text"}
"""Tools that leave everything there is to see."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("peer", PAGE_PEERS, ids=lambda peer: peer.name)
def test_every_peer_finds_the_body_and_only_full_texts_keep_the_rest(peer):
    try:
        assert installed(peer)
        extract = load(peer)
    except MissingExtra as error:
        pytest.skip(str(error))
    text = extract(PAGE, "en")
    assert all(paragraph in text for paragraph in BODY)
    assert ("Imprint of the house" in text) == (peer.name in FULL)


def test_every_peer_has_a_name_and_a_call_of_its_own():
    assert len({peer.name for peer in PAGE_PEERS}) == len({(peer.package, peer.call) for peer in PAGE_PEERS}) == 14
    assert PAGE_PEERS[1].call == "extract(html, favor_precision=True, include_comments=False)"


def test_a_peer_is_found_by_its_name():
    assert named("jusText").package == "justext"
    ours = named("mine, new=json:dumps")
    assert (ours.name, ours.package, ours.call, installed(ours)) == ("mine, new", "", "json:dumps", "")
    assert loaded("json:dumps")({}) == "{}"


@pytest.mark.parametrize("name", ["nothing", "x=", "x=json", "=json:dumps", "x=json:"])
def test_a_name_that_means_nothing_is_refused(name):
    with pytest.raises(SettingError, match="neither a peer nor of the form NAME=MODULE:FUNCTION"):
        named(name)


def test_without_a_peers_package_the_install_line_is_given(monkeypatch):
    with pytest.raises(MissingExtra, match=r"cleaner\[bench\]"):
        installed(PagePeer("x", "no-such-distribution", "x()", dict))
    real = builtins.__import__

    def refuse(name, *rest):
        if name.startswith("inscriptis"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r"running inscriptis needs an optional package"):
        load(named("inscriptis"))


def test_naming_a_peer_imports_nothing():
    before = set(sys.modules)
    named("magic-html")
    named("x=no_such_module:load")
    assert set(sys.modules) == before
