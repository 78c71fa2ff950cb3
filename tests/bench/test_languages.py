"""The languages table: what it reads, and what it counts."""

import json

import pytest

from bench import languages

LINES = {
    "id": "zh-1",
    "lang": "zh",
    "lines": ["首页", "市议会周一投票决定关闭这座旧桥，工程师多年来一直警告说桥墩已经严重腐蚀。", ""],
    "keep": [False, True, True],
}
PAGE = {"id": "p-1", "lang": "zh", "text_gold": "旧桥将关闭\n\n市议会周一投票决定关闭这座旧桥。\n工程将于四月开始。"}


@pytest.fixture
def data(tmp_path):
    for folder, name, record in (("lines", "odd_zh", LINES), ("pages", "wwwxmu_zh", PAGE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return tmp_path


def test_kept_lines_are_body_and_the_others_cruft(data):
    (group,) = languages.line_groups([data / "lines" / "odd_zh.jsonl"])
    tally = languages.tallied(group.documents)["rules alone"]
    assert (group.name, group.lang) == ("odd_zh", "zh")
    assert (tally.kept_lines, tally.cruft_lines, tally.body_chars_lost) == (1, 1, 0)


def test_a_clean_text_is_measured_with_and_without_its_line_breaks(data):
    parted, joined = languages.clean_groups([data / "pages" / "wwwxmu_zh.jsonl", data / "pages" / "none.jsonl"])
    assert (parted.name, joined.name) == ("wwwxmu_zh", "wwwxmu_zh, no breaks")
    assert (len(parted.documents[0].lines), len(joined.documents[0].lines)) == (3, 1)
    assert parted.documents[0].text.replace("\n", "") == joined.documents[0].text
    assert languages.tallied(joined.documents)["careful"].body_chars == 30


def test_both_tables_are_printed(data, capsys, monkeypatch):
    monkeypatch.setattr(languages, "CLEAN", ("wwwxmu_zh",))
    monkeypatch.setattr(languages, "_page_file", lambda folder, name: folder / "pages" / f"{name}.jsonl")
    assert languages.main([str(data)]) == 0
    printed = capsys.readouterr().out
    assert "not of extracted articles" in printed
    assert "| odd_zh" in printed
    assert "| wwwxmu_zh, no breaks" in printed


def test_a_folder_without_the_texts_is_refused(tmp_path, capsys):
    assert languages.main([str(tmp_path)]) == 1
    assert "holds neither" in capsys.readouterr().err
