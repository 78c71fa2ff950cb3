"""Words are counted where no blanks stand between them."""

import pytest

from cleaner.document import Page, Verdict
from cleaner.judge import Policy, judge
from cleaner.labels import KEPT, Label
from cleaner.neighbours import by_neighbours
from cleaner.rules import load_rules
from cleaner.split import split
from cleaner.stack import stack
from cleaner.wording import words_in

PARAGRAPH = (
    "航空公司均提出第三方平台有信息泄露的风险，全球各行各业都开始重新审视自己的数据处理政策"
    " Cookie 和行为，以避免类似的情况再次发生"
)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The council met on Monday.", 5, 5),
        ("Zażółć gęślą jaźń", 3, 3),
        ("", 1, 1),
        ("市议会周一投票决定关闭这座旧桥，工程师多年来一直警告说桥墩已经严重腐蚀。", 15, 25),
        ("市議会は月曜日、老朽化した橋を閉鎖することを決めた。", 9, 16),
        ("สภาเมืองลงมติเมื่อวันจันทร์ให้ปิดสะพานเก่าเพื่อซ่อมแซม", 9, 18),
        ("시의회는 월요일 낡은 다리를 폐쇄하기로 의결했다", 6, 6),
    ],
)
def test_words_are_counted_in_any_script(text, least, most):
    assert least <= words_in(text) <= most


def judged(*lines):
    text = "\n".join(lines)
    page = split(text)
    hits = load_rules().sweep([line.text for line in page.lines], stack([page]))
    return judge(page, hits, None, Policy(0.5, KEPT))


def test_without_a_model_a_paragraph_without_blanks_does_not_go_on_a_hint():
    assert [verdict.keep for verdict in judged(PARAGRAPH)] == [True]


def test_a_sentence_that_closes_on_a_wide_stop_does_not_go_on_a_hint():
    (verdict,) = judged("文：他说桥应当关闭。")
    assert verdict.keep
    assert not judged("旧桥将于四月关闭，市议会周一决定。", "文：王晓宇")[1].keep


def test_a_repeated_headline_without_blanks_goes():

    page = split("旧桥将于四月关闭\n市议会周一作出决定。\n旧桥将于四月关闭")
    guesses = [(0.1, Label.HEADLINE), (0.1, Label.BODY), (0.1, Label.HEADLINE)]

    found = judge(page, [()] * 3, guesses, Policy(0.5, KEPT))
    assert [verdict.keep for verdict in found] == [True, True, False]
    assert found[2] == Verdict(Label.HEADLINE, keep=False, source="repeat", score=1.0)


def test_a_long_line_without_blanks_heads_no_block():

    body = "市议会周一投票决定关闭这座旧桥，工程师多年来一直警告说桥墩已经严重腐蚀。" * 3
    heading = "相关的人都说这座桥在四月份必须马上关闭进行维修"
    page = Page("", split(f"{body}\n{heading}\n市长也说过").lines)
    kept, gone = Verdict(Label.BODY, True, "model", 0.2), Verdict(Label.RELATED, False, "model", 0.6)
    settled = by_neighbours(page, [kept, gone, kept], [False, True, False], 0.5)
    assert [verdict.keep for verdict in settled] == [True, False, True]
    short = Page("", split(f"{body}\n相关阅读\n市长也说过").lines)
    assert not by_neighbours(short, [kept, gone, kept], [False, True, False], 0.5)[2].keep


def test_sentences_are_cut_behind_narrow_signs_too():
    sentence = "市议会周一投票决定关闭这座旧桥,工程师多年来一直警告说桥墩已经严重腐蚀!"
    pieces = [line.text for line in split(sentence * 30).lines]
    assert pieces == [sentence] * 30
