import json
import textwrap
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.split import split
from cleaner.split.plain import LONE, LONG, SEGMENT, line_texts

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "lines.toml").read_text("utf-8"))["case"]
PROSE = json.loads((HERE.parent / "mixed.json").read_text("utf-8"))["prose"]
NO_WIDTH = "\ufeff\u200b\u200e\u200f\u2060"


def lines_of(text):
    return [line.text for line in split(text).lines]


def is_blank(text):
    return not text.translate(dict.fromkeys(map(ord, NO_WIDTH))).strip()


def check_lines(text):
    """Every line is where it says, in order, without white edges; nothing else holds ink."""
    page = split(text)
    assert line_texts(text) == [line.text for line in page.lines]
    at = 0
    assert page.text == text
    for line in page.lines:
        assert at <= line.start < line.end <= len(text)
        assert text[line.start : line.end] == line.text
        assert line.text.strip() == line.text
        assert line.text.strip(NO_WIDTH) == line.text
        assert is_blank(text[at : line.start])
        at = line.end
    assert is_blank(text[at:])
    return page


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_texts_split_into_their_lines(case):
    assert lines_of(case["text"]) == case["lines"]
    check_lines(case["text"])


signs = st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from("\r\n\t\f\v \u00a0\ufeff\u200b.a"))
words = st.one_of(st.text(signs, max_size=12), st.sampled_from([*PROSE, "\n", "\n\n", "\r\n", "  ", "Advertisement"]))


@given(st.lists(words, max_size=30).map("".join))
def test_lines_hold_all_that_is_not_white(text):
    check_lines(text)


@given(st.lists(st.sampled_from(PROSE), min_size=1, max_size=40), st.integers(30, 110), st.sampled_from(["\n", "\r\n"]))
def test_lines_of_wrapped_text_hold_all_that_is_not_white(sentences, width, end):
    check_lines(end.join(textwrap.wrap(" ".join(sentences), width)))


@given(st.text(signs, min_size=1, max_size=6), st.integers(1, 1_500), st.text(signs, max_size=6))
@settings(max_examples=40)
def test_lines_of_endless_text_hold_all_that_is_not_white_and_stay_short(piece, times, tail):
    text = (piece * times + tail).replace("\n", "").replace("\r", "")
    page = check_lines(text)
    longest = max((line.end - line.start for line in page.lines), default=0)
    assert longest <= (max(LONE, SEGMENT) if len(page.lines) == 1 else LONG)


def test_a_text_without_breaks_is_cut_into_sentences():
    text = " ".join(PROSE)
    assert lines_of(text) == PROSE


def test_cruft_between_double_blanks_stands_alone_in_a_text_without_breaks():
    text = f"{' '.join(PROSE[:4])}  Advertisement  {' '.join(PROSE[4:8])}"
    assert lines_of(text) == [*PROSE[:4], "Advertisement", *PROSE[4:8]]


def test_chinese_without_breaks_is_cut_at_its_full_stops():
    sentence = "港务局星期二投票决定在冬季暴风雨到来之前拓宽东码头。"
    assert lines_of(sentence * 30) == [sentence] * 30


def test_a_small_letter_behind_a_full_stop_is_no_cut():
    text = "The board of St. olav met at approx. nine in the evening and went home. " * 12
    assert all(line.startswith("The board") for line in lines_of(text))


def test_a_short_single_line_stays_whole():
    assert lines_of(" ".join(PROSE[:2])) == [" ".join(PROSE[:2])]


def test_a_long_line_among_others_is_cut_only_when_its_breaks_must_be_lost():
    paragraph, endless = " ".join(PROSE[:10]), " ".join(PROSE * 3)
    assert LONE < len(paragraph) < LONG < len(endless)
    assert lines_of(f"A title\n{paragraph}\n") == ["A title", paragraph]
    assert lines_of(f"A title\n{endless}\n") == ["A title", *PROSE * 3]


PARAGRAPHS = [" ".join(PROSE[:3]), " ".join(PROSE[3:5]), " ".join(PROSE[5:8])]


@pytest.mark.parametrize("width", [45, 60, 66, 72, 76, 80, 98])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_wrapped_text_is_judged_by_its_paragraphs(width, end):
    text = (end * 2).join(end.join(textwrap.wrap(paragraph, width)) for paragraph in PARAGRAPHS)
    assert [" ".join(line.split()) for line in lines_of(text)] == PARAGRAPHS


@pytest.mark.parametrize("width", [45, 60, 66, 72, 76, 80])
def test_wrapped_text_without_blank_lines_is_cut_where_a_line_ends_early(width):
    text = "\n".join("\n".join(textwrap.wrap(paragraph, width)) for paragraph in PARAGRAPHS)
    found = [" ".join(line.split()) for line in lines_of(text)]
    assert " ".join(found) == " ".join(PARAGRAPHS)
    assert len(found) <= len(PARAGRAPHS)
    assert all(any(paragraph.endswith(line[-30:]) for paragraph in PARAGRAPHS) for line in found)


def test_cruft_between_wrapped_paragraphs_stands_alone():
    wrapped = ["\n".join(textwrap.wrap(paragraph, 72)) for paragraph in PARAGRAPHS]
    found = lines_of("\n\n".join([wrapped[0], "Advertisement", *wrapped[1:]]))
    assert found == [wrapped[0], "Advertisement", *wrapped[1:]]


def test_a_wrapped_paragraph_that_is_too_long_is_cut_into_whole_sentences():
    text = "\n".join(textwrap.wrap(" ".join(PROSE * 3), 72))
    assert [" ".join(line.split()) for line in lines_of(text)] == PROSE * 3
    check_lines(text)


APART = {
    "list": [
        "Two pounds of floury potatoes, peeled and cut in half",
        "One onion",
        "Salt and white pepper",
        "Half a litre of stock, better home-made",
        "Butter",
        "A bunch of chives, chopped as finely as you can",
        "One tablespoon of flour",
        "Cream",
    ],
    "verse": [
        "The pier is old, the pier is grey,",
        "its planks have seen a better day,",
        "and when the northern gales begin",
        "the sea will let the timber in.",
        "Then Maren Tolk will close her stall",
        "and sell no herring there at all,",
        "but in the spring, when ice is gone,",
        "the hammering will carry on.",
    ],
    "headlines": [
        "Harbour Board Votes to Rebuild the Old Pier",
        "Ferry Cancelled for a Third Day Running",
        "Why Herring Is So Dear This Winter",
        "Fish Market Reopens After the Flood",
        "Ten Lighthouses You Can Sleep In",
        "Crane Tips Over, Nobody Hurt",
        "County Refuses to Pay for New Bridge",
        "Mayor to Stand Down in Spring",
    ],
    "chinese": [
        "港务局星期二投票决定在冬季暴风雨到来之前拓宽东码头，居民们多年来一直抱怨北风来临时渡轮无法靠岸停泊。",
        "自一九九八年以来一直经营鱼市场的托尔克表示，大家已经等待得太久了，工程预计要到明年春天才能够完工。",
    ]
    * 5,
}


@pytest.mark.parametrize("sort", APART)
def test_lines_that_belong_apart_are_not_joined(sort):
    assert lines_of("\n".join(APART[sort])) == APART[sort]


HOSTILE = {
    "one letter": "a" * 5_000_000,
    "blanks": " " * 5_000_000,
    "a letter and blanks": "a" + " " * 5_000_000 + "b",
    "full stops": "." * 5_000_000,
    "full stops and blanks": ". " * 1_000_000,
    "a stop, blanks, a small letter": ("." + " " * 5_000 + "a") * 1_000,
    "quotes behind a stop": ".'" + "\"'" * 2_500_000,
    "double blanks": "a  " * 1_600_000,
    "blanks of no width": "\u200b" * 5_000_000,
    "a letter among blanks of no width": ("a" + "\u200b" * 3_000) * 1_600,
    "line feeds": "\n" * 5_000_000,
    "carriage returns and letters": "a\r" * 800_000,
    "wrapped": ("a" * 39 + " " + "b" * 39 + "\n") * 62_500,
    "wrapped far in": ("a" * 79 + "\n" + " " * 900) * 5_000,
    "ideographic stops": "。" * 2_000_000,
}


@pytest.mark.parametrize("sort", HOSTILE)
def test_hostile_texts_take_bounded_time(sort):
    began = time.perf_counter()
    page = split(HOSTILE[sort])
    assert time.perf_counter() - began < 20
    assert page.text == HOSTILE[sort]
