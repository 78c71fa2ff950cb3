"""One corpus in every format, cleaned with fields added and restored: the same texts, and the same files back."""

import csv
import gzip
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.corpus.endings import Format
from cleaner.corpus.job import Writing
from cleaner.corpus.plan import Asked, plan_run
from cleaner.corpus.reports import rows
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.labels import REMOVED

ENGINE = Cleaner(rules_only=True)
KEEPS = Cleaner(rules_only=True, keep=REMOVED)
ADDED = Settings(writing=Writing("text_original", "scores"))


def jsonl(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def packed(path, records):
    path.write_bytes(gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode(), mtime=0))


def parquet(path, records):
    pq.write_table(pa.Table.from_pylist(records), path)


def arrow(path, records):
    table = pa.Table.from_pylist(records)
    with pa.ipc.new_file(path, table.schema) as file:
        file.write_table(table)


def table(path, records, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(records[0]), delimiter=delimiter)
        out.writeheader()
        out.writerows(records)


def archive(path, records):
    with path.open("wb") as file:
        for record in records:
            body = record["text"].encode()
            head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:x:{record['id']}>\r\n"
            head += f"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: {len(body)}\r\n\r\n"
            file.write(head.encode() + body + b"\r\n\r\n")


WRITERS = {
    "a.jsonl": jsonl,
    "a.jsonl.gz": packed,
    "a.parquet": parquet,
    "a.arrow": arrow,
    "a.csv": table,
    "a.wet": archive,
}


@pytest.fixture
def records(dirty):
    return [{"id": f"d{number}", "n": number, "text": f"{dirty}Part {number}."} for number in range(40)]


def texts(path, field="text"):
    plan = plan_run([path], f"{path}.lines.jsonl", Asked(into=Format.JSONL))
    clean_corpus(KEEPS, plan, Settings())
    return [json.loads(line)[field] for line in plan.out.read_bytes().splitlines()]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_is_cleaned_alike_and_comes_back(tmp_path, records, name):
    (tmp_path / "in").mkdir()
    WRITERS[name](tmp_path / "in" / name, records)
    plan = plan_run([tmp_path / "in"], str(tmp_path / "out"))
    outcome = clean_corpus(ENGINE, plan, ADDED)
    assert (outcome.total.documents, outcome.rejected) == (40, 0)
    reports = [row.report for row in rows(plan.reports[0])]
    expected = [ENGINE.clean(record["text"]).text for record in records]
    assert texts(tmp_path / "out" / name) == expected
    assert [report.replay(record["text"]) for report, record in zip(reports, records, strict=True)] == expected
    restored = restore_files(tmp_path / "out", plan.reports, tmp_path / "back")
    assert restored.failed == ()
    assert texts(tmp_path / "back" / name) == [record["text"] for record in records]
    if name == "a.parquet":
        assert pq.read_table(tmp_path / "back" / name).equals(pq.read_table(tmp_path / "in" / name))
    elif name == "a.arrow":
        back, came = (pa.ipc.open_file(tmp_path / folder / name).read_all() for folder in ("back", "in"))
        assert back.equals(came)
    elif name == "a.jsonl.gz":
        back, came = (gzip.decompress((tmp_path / folder / name).read_bytes()) for folder in ("back", "in"))
        assert back == came
    elif name == "a.wet":
        assert b"WARC-Type: metadata" in (tmp_path / "out" / name).read_bytes()
        assert b"WARC-Type: metadata" not in (tmp_path / "back" / name).read_bytes()
    else:
        assert (tmp_path / "back" / name).read_bytes() == (tmp_path / "in" / name).read_bytes()


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "a.wet"])
def test_added_fields_are_of_use(tmp_path, records, name):
    WRITERS[name](tmp_path / name, records)
    plan = plan_run([tmp_path / name], str(tmp_path / f"out.{name}"))
    clean_corpus(Cleaner(), plan, ADDED)
    assert texts(plan.out, "text_original") == [record["text"] for record in records]


@pytest.mark.parametrize("into", [None, Format.JSONL])
@pytest.mark.parametrize("name", [name for name in WRITERS if name != "a.wet"])
def test_a_field_that_is_there_already_stays_as_it_is(tmp_path, records, name, into):
    """Whoever cleans results again keeps the first original, and no format has two fields of one name."""
    WRITERS[name](tmp_path / name, [{"text_original": "the first", **record} for record in records])
    plan = plan_run([tmp_path / name], str(tmp_path / f"out-{name}{'.jsonl' if into else ''}"), Asked(into=into))
    outcome = clean_corpus(ENGINE, plan, ADDED)
    assert outcome.held == {"text_original": len(records)}
    plain = tmp_path / "plain.jsonl"
    clean_corpus(KEEPS, plan_run([plan.out], str(plain), Asked(into=Format.JSONL)), Settings())
    pairs = [json.loads(line, object_pairs_hook=list) for line in plain.read_bytes().splitlines()]
    assert [[key for key, _ in row] for row in pairs] == [["text_original", "id", "n", "text", "scores"]] * len(records)
    assert {dict(row)["text_original"] for row in pairs} == {"the first"}
    if name == "a.csv" and into is None:
        assert plan.out.read_bytes().startswith(b"text_original,id,n,text,scores\r\n")
    if into is None:
        restore_files(plan.out, plan.reports, tmp_path / f"back-{name}")
        assert texts(tmp_path / f"back-{name}", "text_original") == ["the first"] * len(records)
        assert texts(tmp_path / f"back-{name}") == [record["text"] for record in records]


def test_a_field_that_is_there_already_adds_no_column_behind_an_empty_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"text_original,text\r\n\r\nthe first,words\r\n")
    plan = plan_run([tmp_path / "a.csv"], str(tmp_path / "out.csv"))
    clean_corpus(ENGINE, plan, Settings(writing=Writing("text_original")))
    assert plan.out.read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_what_web_archives_tell_of_a_record_is_not_overwritten(tmp_path, records):
    archive(tmp_path / "a.wet", records[:1])
    plan = plan_run([tmp_path / "a.wet"], str(tmp_path / "out.jsonl"))
    clean_corpus(ENGINE, plan, Settings(writing=Writing("date", "scores")))
    record = json.loads(plan.out.read_bytes())
    assert (record["date"], list(record)[-1]) == ("2026-01-01T00:00:00Z", "scores")


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.parquet"])
@pytest.mark.parametrize("first", ["text", "page"])
def test_columns_of_metadata_are_the_same_for_texts_and_pages(tmp_path, name, first):
    pytest.importorskip("trafilatura")
    body = "The council met on Monday and voted to close the old bridge for repairs."
    page = f"<html><head><title>A bridge, closed</title></head><body><article><p>{body}</p></article></body></html>"
    found = [{"id": "1", "text": body}, {"id": "2", "text": page}, {"id": "3", "text": body}][first == "page" :]
    if name == "a.parquet":
        parquet(tmp_path / name, found)
    else:
        table(tmp_path / name, found, "\t" if name == "a.tsv" else ",")
    plan = plan_run([tmp_path / name], str(tmp_path / f"out.{name}"))
    clean_corpus(replace(ENGINE, metadata=True), plan, ADDED)
    rows = read_table(plan.out)
    assert [list(row) for row in rows] == [["id", "text", "metadata", "text_original", "scores"]] * len(found)
    assert [row["text_original"] for row in rows] == [row["text"] for row in found]
    assert ["A bridge, closed" in str(row["metadata"]) for row in rows] == [row["text"] == page for row in found]
    restore_files(plan.out, plan.reports, tmp_path / f"back-{name}")
    assert [list(row) for row in read_table(tmp_path / f"back-{name}")] == [["id", "text"]] * len(found)


def read_table(path):
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",", restkey="more"))


@pytest.mark.parametrize("name", WRITERS)
def test_reports_may_be_tables(tmp_path, records, name):
    WRITERS[name](tmp_path / name, records)
    found = {}
    for form in ("jsonl", "parquet"):
        plan = plan_run([tmp_path / name], str(tmp_path / f"{form}-{name}"), Asked(report_format=form))
        clean_corpus(ENGINE, plan, Settings())
        assert plan.reports[0].suffix == f".{form}"
        found[form] = list(rows(plan.reports[0]))
    assert found["jsonl"] == found["parquet"]
    restore_files(plan.out, plan.reports, tmp_path / f"back-{name}")
    assert texts(tmp_path / f"back-{name}") == [record["text"] for record in records]
