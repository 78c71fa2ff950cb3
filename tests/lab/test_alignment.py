import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lab.alignment import align, gold_of, is_like, match, words_of

GOLD = """Rain is coming to the valley

The council said on Monday that the old bridge will be closed until further notice.

What comes next
Work begins in April, and the engineers expect it to take most of the summer.
Costs
The town pays half of it and the county pays the other half."""


def states(*lines, heads=(), gold=GOLD):
    return "".join(state.value[0] for state in align(lines, gold_of(gold), [words_of(head) for head in heads]))


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("THE COUNCIL said on Monday that the old bridge will be closed, until further notice!", "k"),
        ("Sign up for our newsletter and never miss a story about the valley.", "f"),
        ("The council said on Monday that cats are welcome in the library from now on.", "u"),
        ("What comes next", "k"),
        ("Share this", "f"),
        ("the old bridge", "u"),
        ("* * *", "u"),
        ("", "u"),
    ],
)
def test_a_line_is_kept_by_its_n_grams_or_as_a_whole_short_line(line, state):
    assert states(line) == state


def test_a_menu_that_repeats_subheadings_is_not_kept():
    body = GOLD.splitlines()
    assert states("Costs", "What comes next", *body).startswith("uukuk")
    assert states(*body, "What comes next").endswith("kkkku")


def test_pieces_of_a_broken_paragraph_are_kept_where_they_go_on():
    pieces = ("Work begins in April, and", "the engineers", "expect it to take most of the summer.")
    assert states("What comes next", *pieces) == "kkkk"
    assert states("the engineers") == "u"


def test_a_line_like_the_title_is_never_foreign():
    title = "Snow is coming to the mountains | The Daily Herald"
    assert states("Snow is coming to the mountains", "The Daily Herald", heads=[title]) == "uf"
    assert states("Rain is coming to the valley", heads=["Rain is coming to the valley"]) == "k"


def test_text_without_blanks_is_held_against_its_characters():
    gold = "昨天的会议决定，旧桥将在四月关闭，直到另行通知为止。\n工程预计持续整个夏天。"
    assert states("昨天的会议决定，旧桥将在四月关闭，直到另行通知", gold=gold) == "k"
    assert states("扫描二维码关注我们的微信公众号获取更多新闻资讯", "分享到", "会议", gold=gold) == "ffu"


def test_snippets_decide_about_the_lines_that_hold_them():
    lines = ["The old bridge will be closed.", "Newsletter", "Our newsletter is read by all.", "Costs", "Costs rise"]
    found = match(lines, ["bridge will be closed", "costs"], ["Newsletter"])
    assert [state.value for state in found] == ["kept", "foreign", "unknown", "kept", "unknown"]


def test_a_line_that_holds_pieces_of_both_kinds_is_unknown():
    assert match(["Read the terms of use here"], ["read the terms"], ["the terms of use"]) == ("unknown",)


def test_a_site_name_is_not_like_a_title_that_holds_it():
    title = words_of("Snow is coming to the mountains | Herald")
    assert is_like(words_of("Snow is coming to mountains"), title)
    assert not is_like(words_of("Herald"), title)
    assert not is_like((), title)


@given(st.lists(st.text(max_size=40), max_size=12), st.text(max_size=200))
def test_every_line_gets_a_state(lines, gold):
    assert len(align(lines, gold_of(gold))) == len(lines)


@given(st.lists(st.text("ab ", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=12))
def test_the_gold_itself_is_kept(lines):
    assert set(align(lines, gold_of("\n".join(lines)))) == {"kept"}
