import builtins

import pytest

from cleaner.errors import MissingExtra
from cleaner.lab import peers

STORY = (
    "The council met on Monday and it voted for the closing of the old bridge, which had been in use for a century, "
    "because the engineers of the county had warned that it would not hold for another winter of ice and of floods.\n"
)


def kept(text, stretches):
    at, pieces = 0, []
    for start, end in stretches:
        pieces.append(text[at:start])
        at = end
    return "".join([*pieces, text[at:]])


def needs(*modules):
    for module in modules:
        pytest.importorskip(module)


C4_LINES = [
    ("The council met on Monday.", True, True),
    ("Bridge closed until spring", False, True),
    ("And so on it went...", False, True),
    ("He left.", False, False),
    ("Please enable JavaScript to read on.", False, False),
    ("By reading you accept our privacy policy.", False, False),
    ("  It was so, they said.\t", True, True),
    ("It was lorem ipsum { all the way.", True, True),
]


@pytest.mark.parametrize(("peer", "column"), [(peers.c4, 1), (peers.c4_fineweb, 2)])
def test_c4_removes_the_lines_that_datatrove_drops(peer, column):
    needs("datatrove.pipeline.filters")
    text = "\r\n\n".join(case[0] for case in C4_LINES)
    left = [line for line in kept(text, peer(text, "en")).splitlines() if line.strip()]
    assert left == [case[0] for case in C4_LINES if case[column]]


def test_c4_leaves_the_same_text_as_datatrove_does_on_the_whole():
    needs("datatrove.pipeline.filters")
    from datatrove.data import Document

    text = "\n".join([case[0] for case in C4_LINES] * 3 + ["It was so [12] in the end [citation needed] they say."])
    whole = Document(text=text, id="")
    peers.c4_filter(terminal_punct=True).filter(whole)
    ours = kept(text, peers.c4(text))
    assert [line.strip() for line in ours.splitlines() if line.strip()] == whole.text.splitlines()
    assert "[12]" not in ours


REFINEDWEB_LINES = [
    ("The council met on Monday.", "The council met on Monday."),
    ("SHARE THIS PAGE NOW", ""),
    ("NASA and ESA met", "NASA and ESA met"),
    ("20251121", ""),
    ("3 likes", ""),
    ("1.2K Shares!", ""),
    ("3 likes from her", "3 likes from her"),
    ("Advertisement", ""),
    ("2 items in cart", "2"),
    ("The mayor spoke. Read more...", "The mayor spoke."),
    ("Sign-in to read", "to read"),
    ("He asked them to sign-in at the door", "He asked them to sign-in at the door"),
    ("one two three four five six seven eight nine ten read more...", None),
    ("", ""),
]


def test_refinedweb_corrects_line_by_line():
    text = "\n".join(line for line, _ in REFINEDWEB_LINES)
    expected = [line if left is None else left for line, left in REFINEDWEB_LINES]
    assert kept(text, peers.refinedweb(text)).split("\n") == expected


def test_a_long_line_of_digits_is_read_in_linear_time():
    assert peers.refinedweb("1" + "1,." * 100_000 + " cats") == ()
    assert peers.refinedweb("!" * 300_000 + " cats") == ()


def test_justext_judges_each_line_as_a_paragraph():
    needs("justext")
    text = STORY + "\n \x00 \n" + "Log in | Sign <b>up</b> & more\n" + "© 2025 The Bridge & Sons. " * 4
    stretches = peers.justext(text, "en")
    assert kept(text, stretches).strip() == STORY.strip()
    assert all(not text[start - 1 : start].strip("\n") for start, _ in stretches)


def test_justext_works_without_a_list_for_the_language():
    needs("justext")
    assert peers.justext(STORY * 2, "xx") == ()
    assert peers.justext("", "en") == peers.justext(" \n\n", "en") == ()


def test_peers_become_removals_that_can_be_scored():
    (one,) = peers.removals("abc\nAd", ((4, 6),), "x")
    assert (one.start, one.end, one.text, one.source) == (4, 6, "Ad", "peer:x")


@pytest.mark.parametrize("peer", peers.PEERS, ids=[peer.name for peer in peers.PEERS])
def test_every_peer_returns_places_in_order_even_for_odd_text(peer):
    needs("datatrove.pipeline.filters", "justext")
    for text in (
        "",
        "\n",
        "\x0b\x0c\x1c\u2028",
        "a\rb\r\nc\x85d",
        "\ud800 odd",
        STORY + "<script>x</script>\n&nbsp;\n",
    ):
        at = 0
        for start, end in peer.strip(text, "en"):
            assert at <= start < end <= len(text)
            at = end


@pytest.mark.parametrize(("peer", "module"), [(peers.c4, "datatrove"), (peers.justext, "justext")])
def test_without_a_peers_package_the_install_line_is_given(peer, module, monkeypatch):
    peers.c4_filter.cache_clear()
    real = builtins.__import__

    def refuse(name, *rest):
        if name.startswith(module):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r"cleaner\[bench\]"):
        peer("Some text.", "en")
