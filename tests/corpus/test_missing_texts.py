"""Records with null for a text stay where they are, and their report says so, as in the pipelines."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.adapters.rows import clean_rows
from cleaner.corpus import Applied, Decision, Reading
from cleaner.corpus.endings import Format
from cleaner.corpus.job import Writing
from cleaner.corpus.plan import Asked, plan_run
from cleaner.corpus.reports import rows
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.report import MISSING

ENGINE, SETTINGS, ASKED = Cleaner(rules_only=True), Settings(), Asked()


def run(path, out, settings=SETTINGS, asked=ASKED, engine=ENGINE):
    plan = plan_run([path], str(out), asked)
    return clean_corpus(engine, plan, settings), plan


def told(plan):
    return [row.report for report in plan.reports for row in rows(report)]


def records(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@pytest.fixture
def lines(tmp_path, dirty):
    """Three records without a text among those with one, a blank line, and two that are none."""
    given = [
        json.dumps({"id": "a", "text": dirty}),
        '{"id": "b",  "text": null , "n": 1.50}',
        "",
        '{"text":null}',
        '{"id": "no field"}',
        '{"text": 7}',
        '{"id": "last", "text": null}',
    ]
    path = tmp_path / "raw.jsonl"
    path.write_text("\n".join(given), "utf-8")
    return path


def test_they_pass_through_and_are_told_of(lines, tmp_path):
    outcome, plan = run(lines, tmp_path / "clean.jsonl")
    given = lines.read_text("utf-8").split("\n")
    clean = plan.out.read_text("utf-8").split("\n")
    assert clean[1:] == [given[1], given[2], given[3], given[6]]
    assert [(report.id, report.note) for report in told(plan)] == [
        ("a", ""),
        ("b", MISSING),
        ("raw.jsonl:4", MISSING),
        ("last", MISSING),
    ]
    assert (outcome.total.documents, outcome.rejected, outcome.total.notes) == (4, 2, 3)
    assert [reject.line for reject in outcome.rejects] == [5, 6]
    assert ("raw.jsonl:2 (b)", MISSING) in outcome.noted


def test_their_reports_are_those_of_the_pipelines(lines, tmp_path, dirty):
    _, plan = run(lines, tmp_path / "clean.jsonl")
    wanted = [row.report for row in clean_rows(ENGINE, [dirty, None, None, None], ["a", "b", "raw.jsonl:4", "last"])]
    assert told(plan) == wanted


def test_they_come_back_to_the_byte(lines, tmp_path):
    _, plan = run(lines, tmp_path / "clean.jsonl", Settings(writing=Writing("text_original", "scores")))
    added = [(record["text_original"] is None, record["scores"]) for record in records(plan.out)[1:]]
    assert added == [(True, [])] * 3
    restore_files(plan.out, plan.reports, tmp_path / "back.jsonl")
    given = lines.read_bytes().split(b"\n")
    assert (tmp_path / "back.jsonl").read_bytes().split(b"\n") == given[:4] + given[6:]


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
@pytest.mark.parametrize("kind", [pa.string(), pa.binary(), pa.large_string(), pa.null()])
@pytest.mark.parametrize("writing", [Writing(), Writing("text_original", "scores")])
def test_rows_keep_their_number_and_order(tmp_path, dirty, name, kind, writing):
    column = pa.array([None] * 4 if kind == pa.null() else [None, dirty, None, ""], kind)
    texts = column.to_pylist()
    table = pa.table({"n": [1, 2, None, 4], "text": column})
    save(table, tmp_path / name)
    outcome, plan = run(tmp_path / name, tmp_path / "clean" / name, Settings(writing=writing))
    clean = load(plan.out)
    assert clean["n"].to_pylist() == [1, 2, None, 4]
    assert [text is None for text in clean["text"].to_pylist()] == [text is None for text in texts]
    assert clean.schema.field("text").type == kind
    if writing.original:
        assert clean.schema.field("text_original").type == kind
        assert clean["text_original"].to_pylist() == texts
    assert (outcome.total.documents, outcome.rejected) == (4, 0)
    assert [report.note == MISSING for report in told(plan)] == [text is None for text in texts]
    restore_files(plan.out, plan.reports, tmp_path / "back" / name)
    assert load(tmp_path / "back" / name).equals(table)


def save(table, path):
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        with pa.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table)


def load(path):
    return pq.read_table(path) if path.suffix == ".parquet" else pa.ipc.open_stream(path).read_all()


def test_a_column_that_is_added_has_one_type_where_a_part_holds_nulls_alone(tmp_path, monkeypatch, dirty):
    monkeypatch.setattr("cleaner.corpus.formats.batches.PART", 10)
    monkeypatch.setattr("cleaner.corpus.formats.parquet_rows.PART", 10)
    texts = [None, None, dirty, None, dirty]
    pq.write_table(pa.table({"text": pa.array(texts, pa.large_string())}), tmp_path / "a.parquet", row_group_size=1)
    engine = Cleaner(rules_only=True, metadata=True)
    settings = Settings(writing=Writing("text_original", "scores"))
    _, plan = run(tmp_path / "a.parquet", tmp_path / "b.parquet", settings, engine=engine)
    clean = load(plan.out)
    assert clean["text_original"].to_pylist() == texts
    assert clean["metadata"].to_pylist() == [None] * 5
    assert pa.types.is_struct(clean.schema.field("metadata").type)


def test_as_jsonl_they_hold_null_too(tmp_path, dirty):
    pq.write_table(pa.table({"text": [None, dirty], "n": [1, 2]}), tmp_path / "a.parquet")
    _, plan = run(tmp_path / "a.parquet", tmp_path / "a.jsonl", asked=Asked(into=Format.JSONL))
    assert records(plan.out)[0] == {"text": None, "n": 1}


def test_a_page_that_is_null_is_a_text_that_is_null(tmp_path):
    page = "<p>The council met on Monday.</p>"
    given = '{"html": null, "n": 1}\n' + json.dumps({"html": page}) + "\n"
    (tmp_path / "raw.jsonl").write_text(given, "utf-8")
    _, plan = run(tmp_path / "raw.jsonl", tmp_path / "clean.jsonl", Settings(Reading(html_field="html")))
    assert plan.out.read_text("utf-8").startswith('{"text": null, "n": 1}\n')
    assert [report.note for report in told(plan)] == [MISSING, ""]


def test_they_are_annotated_and_applied(lines, tmp_path):
    _, straight = run(lines, tmp_path / "clean.jsonl")
    notes = tmp_path / "notes.jsonl"
    run(lines, notes, Settings(writing=Writing(annotate=True)), Asked(only="annotations"))
    plan = plan_run([lines], str(tmp_path / "applied.jsonl"))
    clean_corpus(Applied(plan.tasks, [notes], Decision()), plan, Settings())
    assert plan.out.read_bytes() == straight.out.read_bytes()
    assert told(plan) == told(straight)


def test_attributes_have_a_row_for_them(lines, tmp_path):
    settings = Settings(writing=Writing(attributes="c"))
    _, plan = run(lines, tmp_path / "attributes.jsonl", settings, Asked(only="attributes"))
    made = records(plan.out)
    assert [row["id"] for row in made] == ["a", "b", "raw.jsonl:4", "last"]
    assert made[1]["attributes"] == {"c__lines": [], "c__removed": []}
