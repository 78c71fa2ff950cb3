import json


def report(run, tmp_path, dirty):
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": dirty}) + "\n" for _ in range(3)), encoding="utf-8")
    run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl")
    return tmp_path / "out.jsonl.report.jsonl"


def test_totals_by_label_and_source(run, tmp_path, dirty):
    output = run("stats", report(run, tmp_path, dirty)).stdout
    assert "documents              3\n" in output
    assert [row.split()[:2] for row in output.splitlines() if row.startswith(("ad ", "social "))] == [
        ["ad", "3"],
        ["social", "3"],
    ]
    assert "rule:" in output


def test_every_document_can_be_listed(run, tmp_path, dirty):
    output = run("stats", report(run, tmp_path, dirty), "--documents").stdout
    assert output.count(": 2 removed of 5 lines") == 3
    assert len([row for row in output.splitlines() if row.endswith("  Advertisement")]) == 3


def test_several_reports_add_up_in_json(run, tmp_path, dirty):
    path = report(run, tmp_path, dirty)
    totals = json.loads(run("stats", path, path, "--json").stdout)
    assert totals["documents"] == 6
    assert totals["chars"] == 6 * len(dirty)
    assert totals["by_label"]["ad"]["stretches"] == 6
    assert sum(totals["by_source"].values()) == 12


def test_notes_are_flagged(run, tmp_path):
    record = {"id": "a", "chars": 0, "lines": 0, "removed": [], "note": "would lose nearly everything"}
    (tmp_path / "r.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert "  would lose nearly everything  (1)" in run("stats", tmp_path / "r.jsonl").stdout


def test_what_is_no_report_is_named(run, article):
    result = run("stats", article)
    assert result.exit_code == 1
    assert "article.txt, line 1: is not a JSON record of a report" in result.stderr


def test_a_folder_is_no_report(run, tmp_path):
    result = run("stats", tmp_path)
    assert result.exit_code == 1
    assert "is a folder; name a report file" in result.stderr
