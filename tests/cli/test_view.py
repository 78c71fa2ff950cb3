import json

import pytest

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")


def test_a_report_becomes_a_page(run, tmp_path, article):
    run("clean", article, "-o", tmp_path / "out.txt")
    result = run("view", tmp_path / "out.txt.report.jsonl", "-o", tmp_path / "report.html")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == f"1 document, all shown: {tmp_path / 'report.html'}\n"
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_report_that_is_named_twice_is_shown_once(run, tmp_path, article):
    run("clean", article, "-o", tmp_path / "out.txt")
    result = run("view", tmp_path / "out.txt.report.jsonl", tmp_path, "-o", tmp_path / "report.html")
    assert result.stderr.startswith("1 document, all shown")


def test_missing_texts_and_samples_are_told(run, tmp_path, dirty):
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": dirty}) + "\n" for _ in range(30)), encoding="utf-8")
    run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl")
    (tmp_path / "out.jsonl").write_text("broken\n", encoding="utf-8")
    result = run("view", tmp_path / "out.jsonl.report.jsonl", "-o", tmp_path / "a.html", "--size", "0.005")
    assert "30 documents, " in result.stderr
    assert " of them shown" in result.stderr
    assert "Warning: no text found for " in result.stderr
    assert "out.jsonl, line 1: is not valid JSON" in result.stderr


def test_a_file_that_is_no_report_is_named(run, tmp_path, article):
    result = run("view", article, "-o", tmp_path / "a.html")
    assert result.exit_code == 1
    assert "article.txt, line 1: is not a JSON record of a report" in result.stderr
    assert not (tmp_path / "a.html").exists()


def test_a_text_that_is_found_beside_the_report_is_not_overwritten(run, tmp_path, article):
    out = tmp_path / "out.txt"
    run("clean", article, "-o", out)
    before = out.read_bytes()
    result = run("view", tmp_path / "out.txt.report.jsonl", "-o", out)
    assert result.exit_code == 1
    assert "out.txt: is the input itself; choose another output" in result.stderr
    assert out.read_bytes() == before
