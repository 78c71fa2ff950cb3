import base64
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from cleaner.errors import InputError, MissingExtra, OutputError
from cleaner.view import viewing
from cleaner.view.viewing import view_reports

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")


def read(path):
    return LexborHTMLParser(path.read_text("utf-8"))


def data(page):
    return json.loads(page.css_first("#data").text())


def test_totals_are_those_of_stats(report, page):
    from click.testing import CliRunner

    from cleaner.cli import main

    totals = json.loads(CliRunner().invoke(main, ["stats", str(report), "--json"]).stdout)
    shown = read(page)
    tiles = {tile.css_first("dt").text(): tile.css_first("dd").text() for tile in shown.css(".tiles > div")}
    assert tiles == {
        "Documents": f"{totals['documents']:,}",
        "Characters": f"{totals['chars']:,}",
        "Removed": f"{totals['share_removed']:.1%}",
        "Stretches removed": f"{sum(label['stretches'] for label in totals['by_label'].values()):,}",
        "To look at": "1",
    }
    rows = {
        row.css_first("button").attributes["data-value"]: [cell.text() for cell in row.css("td.number")]
        for row in shown.css("section[aria-labelledby=h-labels] tbody tr")
    }
    assert rows == {
        name: [f"{label['stretches']:,}", f"{label['chars']:,}"] for name, label in totals["by_label"].items()
    }
    sources = shown.css("section[aria-labelledby=h-sources] tbody tr")
    assert {row.css_first("button").text(): int(row.css_first("td.number").text()) for row in sources} == totals[
        "by_source"
    ]


def test_every_document_is_in_it_word_for_word(page, records):
    shown = data(read(page))["documents"]
    texts = ["".join(part if isinstance(part, str) else part[0] for part in one["text"]) for one in shown]
    assert texts == [record["text"] for record in records(120)]


def test_it_loads_nothing_and_its_policy_names_its_own_script_and_style(page):
    shown = read(page)
    assert not shown.css("[src]")
    assert [link.attributes["href"] for link in shown.css("link")] == ["data:,"]
    assert not shown.css("[style]")
    policy = shown.css_first("meta[http-equiv]").attributes["content"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    script = shown.css("script")[-1].text()
    for text in (script, shown.css_first("style").text()):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval|new Function", script)


def test_names_are_used_once_and_lead_somewhere(page):
    shown = read(page)
    names = [element.attributes["id"] for element in shown.css("[id]")]
    assert len(set(names)) == len(names)
    told = {element.attributes["aria-labelledby"] for element in shown.css("[aria-labelledby]")}
    assert told - set(names) == {"title"}  # that of the document, which the script puts in


def test_hostile_text_stays_text(hostile, tmp_path):
    report, evil = hostile
    view_reports([report], tmp_path / "out.html")
    shown = read(tmp_path / "out.html")
    assert len(shown.css("script")) == 2
    assert not shown.css("img")
    assert not [name for element in shown.css("*") for name in element.attributes if name.startswith("on")]
    assert data(shown)["documents"][0]["text"][0][0] == evil
    assert "{{ 7*7 }}" in shown.css_first("section[aria-labelledby=h-lines]").text()


def test_a_sample_says_so(report, tmp_path):
    viewed = view_reports([report], tmp_path / "out.html", budget=20_000)
    assert viewed.documents == 120
    assert 0 < viewed.shown < 60
    shown = read(tmp_path / "out.html")
    assert f"{viewed.shown} of 120 documents are in this file" in shown.css_first("#sampled").text()
    assert shown.css_first("#total-documents").text() == "120"


def test_reports_add_up_and_each_has_its_texts(report, tmp_path):
    clean, again = report.with_name("clean.jsonl"), tmp_path / "again.jsonl"
    other = shutil.copy(report, f"{again}.report.jsonl")
    shutil.copy(clean, again)
    for texts in ([], [clean], [clean, again]):
        viewed = view_reports([report, Path(other)], tmp_path / "out.html", clean=texts)
        assert (viewed.documents, viewed.without_text) == (240, 0)
    with pytest.raises(InputError, match="2 clean texts for 3 reports"):
        view_reports([report] * 3, tmp_path / "out.html", clean=[clean] * 2)


def test_a_folder_of_reports_is_one_page(records, write, cleaned, tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    write(tmp_path / "in" / "a.jsonl", records(4))
    write(tmp_path / "in" / "sub" / "b.jsonl", records(3))
    (tmp_path / "in" / "c.txt").write_text("The council met on Monday.", encoding="utf-8")
    cleaned(tmp_path / "in", tmp_path / "out")
    viewed = view_reports([tmp_path / "out"], tmp_path / "page.html")
    assert (viewed.documents, viewed.without_text) == (8, 0)
    with pytest.raises(InputError, match="has no report in it"):
        view_reports([tmp_path / "in"], tmp_path / "page.html")


def test_what_has_no_text_is_told(report, tmp_path):
    lonely = tmp_path / "report.jsonl"
    lonely.write_bytes(report.read_bytes())
    assert view_reports([lonely], tmp_path / "out.html").without_text == 120
    assert "The text of 120 were not found" in read(tmp_path / "out.html").css_first("#sampled").text()


def test_an_empty_report_makes_a_page(tmp_path):
    (tmp_path / "report.jsonl").touch()
    assert view_reports([tmp_path / "report.jsonl"], tmp_path / "out.html").documents == 0
    assert "Nothing was removed." in read(tmp_path / "out.html").body.text()


def test_the_report_is_not_overwritten(report):
    with pytest.raises(OutputError, match="is the input itself"):
        view_reports([report], report)


def test_without_the_extra_it_is_named(report, tmp_path, monkeypatch):
    viewing._template.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtra, match=r"pip install 'cleaner\[view\]'"):
        view_reports([report], tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()
