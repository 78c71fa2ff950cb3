import csv
import io
import json

import pytest


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
    other = path.with_name("other.report.jsonl")
    other.write_bytes(path.read_bytes())
    totals = json.loads(run("stats", path, other, "--json").stdout)
    assert totals["documents"] == 6
    assert totals["chars"] == 6 * len(dirty)
    assert totals["by_label"]["ad"]["stretches"] == 6
    assert sum(totals["by_source"].values()) == 12


def test_a_report_that_is_named_twice_counts_once(run, tmp_path, dirty):
    path = report(run, tmp_path, dirty)
    once = run("stats", path, "--json").stdout
    (tmp_path / "link").symlink_to(tmp_path)
    for others in ([path], [tmp_path], [tmp_path, tmp_path / "." / "link"]):
        assert run("stats", path, *others, "--json").stdout == once


def test_notes_are_flagged(run, tmp_path):
    record = {"id": "a", "chars": 0, "lines": 0, "removed": [], "note": "would lose nearly everything"}
    (tmp_path / "r.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert "  would lose nearly everything  (1)" in run("stats", tmp_path / "r.jsonl").stdout


def test_what_is_no_report_is_named(run, article):
    result = run("stats", article)
    assert result.exit_code == 1
    assert "article.txt, line 1: is not a JSON record of a report" in result.stderr


def test_a_folder_without_reports_is_named(run, tmp_path):
    result = run("stats", tmp_path)
    assert result.exit_code == 1
    assert "has no report in it; name the file" in result.stderr


def test_a_folder_of_annotations_is_told_from_one_of_reports(run, tmp_path, article):
    run("clean", article, "-o", f"{tmp_path / 'notes'}/", "--annotate")
    result = run("stats", tmp_path / "notes")
    assert result.exit_code == 1
    assert "has annotations in it and no report" in result.stderr
    assert "cleaner apply" in result.stderr
    assert run("stats", *(tmp_path / "notes").glob("*annotations.jsonl")).exit_code == 0
    run("clean", article, "-o", f"{tmp_path / 'clean'}/")
    applied = run("apply", article, "--annotations", tmp_path / "clean", "-o", tmp_path / "out.txt")
    assert "has reports in it and no annotations" in applied.stderr


@pytest.fixture
def corpus(run, tmp_path, dirty):
    """The results of a folder with two shards, a text, a page with metadata and a bad record."""
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    records = [{"id": f"https://www.north.example/{number}", "text": dirty} for number in range(3)]
    (source / "sub" / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records) + "broken\n")
    (source / "b.jsonl").write_text(json.dumps({"text": "Share this"}) + "\n" + json.dumps({"text": ""}) + "\n")
    (source / "c.txt").write_text(dirty, encoding="utf-8")
    page = "<html lang=de-AT><title>Tides</title><meta property=og:site_name content=South><p>Advertisement</p></html>"
    (source / "page.html").write_text(page, encoding="utf-8")
    pytest.importorskip("trafilatura")
    run("clean", source, "-o", tmp_path / "out", "--metadata")
    return tmp_path / "out"


def test_a_folder_of_reports_is_summed_up_by_site_language_and_shard(run, corpus):
    totals = json.loads(run("stats", corpus, "--json").stdout)
    assert totals["documents"] == 7
    assert {name: one["documents"] for name, one in totals["by_shard"].items()} == {
        "sub/a.jsonl": 3,
        "b.jsonl": 2,
        "./": 2,
    }
    assert totals["by_site"]["north.example"]["documents"] == 3
    assert totals["by_site"]["South"]["documents"] == 1
    assert list(totals["by_language"]) == ["de"]
    north = totals["by_site"]["north.example"]
    assert north["share_removed"] == pytest.approx(north["removed"] / north["chars"], abs=1e-6)
    shards = totals["by_shard"].values()
    assert sum(one["chars"] for one in shards) == totals["chars"]
    assert sum(one["removed"] for one in shards) == totals["chars"] - totals["kept_chars"]


def test_documents_over_given_shares_are_counted(run, tmp_path):
    def row(number, removed):
        went = [{"start": 0, "end": removed, "label": "ad", "source": "rule:x", "score": 1, "text": "x" * removed}]
        return {"id": f"{number}", "chars": 100, "lines": 1, "removed": went if removed else []}

    rows = [row(number, removed) for number, removed in enumerate((0, 10, 11, 50, 99, 100))]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    told = json.loads(run("stats", tmp_path / "r.jsonl", "--json", "--over", "50,0,10,99.5").stdout)
    assert told["documents_over"] == {"0": 5, "0.1": 4, "0.5": 2, "0.995": 1}
    assert "over 10 %                              4\n" in run("stats", tmp_path / "r.jsonl").stdout
    for bad in ("fifty", "100", "-1", "nan"):
        assert "give percentages" in run("stats", tmp_path / "r.jsonl", "--over", bad).stderr


def test_lines_removed_most_often_stand_in_the_table(run, corpus):
    output = run("stats", corpus).stdout
    (row,) = [row for row in output.splitlines() if row.startswith("Advertisement ")]
    assert row.split() == ["Advertisement", "ad", "5"]
    assert "de                                                 1" in output


def test_csv_has_the_numbers_of_json(run, corpus):
    totals = json.loads(run("stats", corpus, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(run("stats", corpus, "--csv").stdout)))
    found = {(row["table"], row["key"], row["measure"]): float(row["value"]) for row in rows}
    assert len(found) == len(rows)
    assert found["total", "", "documents"] == 7
    assert found["over", "0.5", "documents"] == totals["documents_over"]["0.5"]
    assert found["line", "Advertisement", "ad"] == 5
    for table in ("site", "language", "shard"):
        told = {(table, key, name): value for key, one in totals[f"by_{table}"].items() for name, value in one.items()}
        assert told == {key: value for key, value in found.items() if key[0] == table}


def test_what_has_no_row_is_among_the_others(run, corpus):
    totals = json.loads(run("stats", corpus, "--json", "--top", 1).stdout)
    assert {name: one["documents"] for name, one in totals["by_shard"].items()} == {"sub/a.jsonl": 3, "(others)": 4}
    assert len(totals["frequent"]["lines"]) == 1


def test_text_that_upsets_a_terminal_upsets_no_table(run, tmp_path):
    went = [{"start": 0, "end": 5, "label": "ad", "source": "rule:x", "score": 1, "text": '\x1b"\ud800,a'}]
    rows = [{"id": f"http://\x1b{number}/", "chars": 9, "lines": 1, "removed": went} for number in (1, 1)]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for form in ([], ["--csv"], ["--json"]):
        output = run("stats", tmp_path / "r.jsonl", *form).stdout
        assert "\x1b" not in output
        output.encode("utf-8")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"file": "a", "line": 5, "reason": "broken", "raw": None}, "these are rejects"),
        ({"id": "a", "attributes": {}}, "these are attributes for dolma"),
        ({"id": "a", "text": "b"}, "this looks like a file of texts"),
    ],
)
def test_other_files_are_told_from_reports(run, tmp_path, record, message):
    (tmp_path / "x.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    result = run("stats", tmp_path / "x.jsonl")
    assert result.exit_code == 1
    assert "x.jsonl, line 1: not a removal report: it has no 'removed'" in result.stderr
    assert message in result.stderr
    assert "KeyError" not in result.stderr


def test_the_rejects_of_a_run_are_told_from_its_reports(run, corpus):
    result = run("stats", corpus / "rejects.jsonl")
    assert "these are rejects, which tell what could not be read" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--json", "--csv"], "--csv and --json exclude each other"),
        (["--documents", "--json"], "--documents and --json exclude each other"),
        (["--csv", "--documents"], "--csv and --documents exclude each other"),
    ],
)
def test_two_forms_at_once_are_a_wrong_usage(run, corpus, words, told):
    result = run("stats", corpus, *words)
    assert result.exit_code == 2
    assert told in result.stderr
