import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.corpus import Asked, PageFiles, Settings, clean_corpus, host, plan_run
from cleaner.errors import ReportError
from cleaner.view import Originals


@pytest.fixture
def folder(tmp_path, dirty):
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    (source / "a.txt").write_bytes(dirty.replace("\n", "\r\n").encode() + b"caf\xe9\n")
    (source / "sub" / "b.html").write_text("<p>High water at nine.</p><p>Advertisement</p>", encoding="utf-8")
    (source / "c.jsonl").write_text(json.dumps({"text": dirty}) + "\n\n" + json.dumps({"text": "Ad"}), encoding="utf-8")
    return source


def originals(report, clean=None):
    walker = Originals(report, clean)
    return [found.original() for found in walker.walk()], walker.faults


def test_a_folder_of_texts_pages_and_records_is_found_beside_its_report(folder, tmp_path, cleaned, dirty):
    report = cleaned(folder, tmp_path / "out")
    texts, faults = originals(report)
    assert texts == [
        (folder / "a.txt").read_bytes().decode("utf-8", "surrogateescape"),
        "High water at nine.\n\nAdvertisement",
    ]
    assert faults == []
    assert originals(report.with_name("c.jsonl.report.jsonl")) == ([dirty, "Ad"], [])


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_a_text_is_found_whose_name_is_too_long_for_that_of_its_report(tmp_path, dirty, ending):
    (tmp_path / "in").mkdir()
    names = [f"{letter}{'x' * (254 - len(ending))}{ending}" for letter in "ab"]
    for name in names:
        if ending == ".jsonl":
            (tmp_path / "in" / name).write_text(json.dumps({"text": dirty + name}) + "\n", encoding="utf-8")
        else:
            pq.write_table(pa.table({"text": [dirty + name]}), tmp_path / "in" / name)
    plan = plan_run([tmp_path / "in"], str(tmp_path / "out"))
    clean_corpus(Cleaner(rules_only=True), plan, Settings())
    found = [originals(report) for report in sorted(plan.reports)]
    assert found == [([dirty + name], []) for name in names]


def test_the_visible_text_of_a_page_is_found_whose_name_is_too_long_for_another_ending(tmp_path):
    (tmp_path / "in").mkdir()
    page = tmp_path / "in" / f"{'x' * 250}.html"
    page.write_text("<p>High water at nine.</p><p>Advertisement</p>", encoding="utf-8")
    asked = Asked(pages=PageFiles(visible=tmp_path / "visible"))
    plan = plan_run([tmp_path / "in"], str(tmp_path / "out"), asked)
    clean_corpus(Cleaner(rules_only=True), plan, Settings())
    for path in (tmp_path / "out").glob("x*"):
        path.unlink()
    (report,) = plan.reports
    assert originals(report, tmp_path / "visible") == (["High water at nine.\n\nAdvertisement"], [])


@pytest.mark.parametrize("name", ["clean.jsonl", "clean.jsonl.gz"])
def test_records_and_their_sites_and_dates_are_found_beside_their_report(tmp_path, cleaned, records, write, name):
    report = cleaned(write(tmp_path / "in.jsonl", records(6)), tmp_path / name)
    found = list(Originals(report).walk())
    assert [one.original() for one in found] == [record["text"] for record in records(6)]
    assert [one.site for one in found[:2]] == ["south.example", "north.example"]
    assert found[1].date == "2024-02-11T09:00:00Z"


def test_a_number_that_python_cannot_convert_hides_no_date(tmp_path, cleaned, records):
    (record,) = records(1)
    line = json.dumps(record).removesuffix("}") + f', "timestamp": {"7" * 5000}}}\n'
    (tmp_path / "in.jsonl").write_text(line + line.replace('"date"', '"day"'), encoding="utf-8")
    report = cleaned(tmp_path / "in.jsonl", tmp_path / "clean.jsonl")
    walker = Originals(report)
    assert [found.date for found in walker.walk()] == [record["date"], ""]
    assert walker.faults == []


def test_the_originals_do_as_well(tmp_path, cleaned, records, write):
    source = write(tmp_path / "in.jsonl", records(4))
    report = cleaned(source, tmp_path / "clean.jsonl")
    (tmp_path / "clean.jsonl").unlink()
    assert originals(report, source)[0] == [record["text"] for record in records(4)]


def test_records_of_the_originals_that_were_rejected_are_passed_over(tmp_path, cleaned, records):
    first, second, third = (json.dumps(record) for record in records(3))
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(["broken", first, '{"text": 5}', "[]", second, third, "{"]), encoding="utf-8")
    report = cleaned(source, tmp_path / "clean.jsonl")
    assert originals(report, source) == ([record["text"] for record in records(3)], [])


def test_without_texts_there_are_none(tmp_path, cleaned, records, write):
    report = cleaned(write(tmp_path / "in.jsonl", records(4)), tmp_path / "clean.jsonl")
    (tmp_path / "clean.jsonl").unlink()
    assert originals(report) == ([None] * 4, [])


def test_other_texts_are_not_taken_for_them(tmp_path, cleaned, records, write):
    report = cleaned(write(tmp_path / "in.jsonl", records(4)), tmp_path / "clean.jsonl")
    write(tmp_path / "clean.jsonl", [{"text": "Something else"} for _ in range(2)])
    assert originals(report) == ([None] * 4, [])


def test_a_broken_file_is_told_and_what_came_before_it_is_shown(tmp_path, cleaned, records, write):
    report = cleaned(write(tmp_path / "in.jsonl", records(4)), tmp_path / "clean.jsonl")
    lines = (tmp_path / "clean.jsonl").read_text("utf-8").splitlines()
    (tmp_path / "clean.jsonl").write_text("\n".join([lines[0], "broken", *lines[2:]]), encoding="utf-8")
    texts, (fault,) = originals(report)
    assert texts == [records(1)[0]["text"], None, None, None]
    assert "clean.jsonl, line 2: is not valid JSON" in fault


def test_broken_gzip_is_told(tmp_path, cleaned, records, write):
    report = cleaned(write(tmp_path / "in.jsonl", records(4)), tmp_path / "clean.jsonl.gz")
    (tmp_path / "clean.jsonl.gz").write_bytes(gzip.compress(b"{}")[:12])
    texts, faults = originals(report)
    assert texts == [None] * 4
    assert len(faults) == 1


def test_a_report_does_not_lead_out_of_its_folder(tmp_path, write):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    row = {"id": "../secret.txt", "chars": 6, "lines": 1, "removed": []}
    absolute = row | {"id": str(tmp_path / "secret.txt")}
    report = write(inside / "report.jsonl", [row, absolute])
    assert originals(report)[0] == [None, None]
    assert originals(report, inside)[0] == [None, None]


def test_pages_written_as_markdown_need_their_visible_text(folder, tmp_path, cleaned):
    options = ("--to", "markdown", "--visible", tmp_path / "visible")
    report = cleaned(folder / "sub", tmp_path / "out", *options)
    assert originals(report)[0] == [None]
    assert originals(report, tmp_path / "visible")[0] == ["High water at nine.\n\nAdvertisement"]


def test_records_of_a_file_that_stand_apart_are_shown_without_text(tmp_path, cleaned, records, write):
    report = cleaned(write(tmp_path / "in.jsonl", records(3)), tmp_path / "clean.jsonl")
    rows = [json.loads(row) for row in report.read_text("utf-8").splitlines()]
    other = {"id": "x.txt", "chars": 1, "lines": 1, "removed": []}
    assert originals(write(report, [rows[0], other, *rows[1:]]))[0] == [records(1)[0]["text"], None, None, None]


def test_what_is_no_report_is_named(tmp_path, write):
    with pytest.raises(ReportError, match=r"r\.jsonl, line 1: not a removal report"):
        originals(write(tmp_path / "r.jsonl", [{"id": "a"}]))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.Example.org:8080/a", "example.org"),
        ("example.org", ""),
        ("http://[broken", ""),
        (None, ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(url, name):
    assert host(url) == name
