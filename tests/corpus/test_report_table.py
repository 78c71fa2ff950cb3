import json

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.corpus import report_table
from cleaner.corpus.report_table import records, to_parquet
from cleaner.corpus.reports import Row, rows
from cleaner.corpus.tasks import PageRow
from cleaner.corpus.writing import json_line
from cleaner.document import Metadata, Removal
from cleaner.errors import InputError, ReportError
from cleaner.labels import Label
from cleaner.report import Report

# With lone surrogates: stray bytes and halves of pairs travel in reports.
TEXTS = st.text(st.characters(codec=None), max_size=8) | st.text(max_size=8)


@st.composite
def reports(draw):
    removed, at = [], 0
    for text in draw(st.lists(TEXTS, max_size=3)):
        at += draw(st.integers(0, 5))
        score = draw(st.floats(0, 1))
        removed.append(Removal(at, at + len(text), text, draw(st.sampled_from(Label)), "rule:x", score))
        at += len(text)
    return Report(
        draw(TEXTS),
        at + draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        tuple(removed),
        draw(st.none() | TEXTS),
        "balanced",
        draw(TEXTS),
        draw(st.sampled_from(["text", "html"])),
        draw(st.none() | st.just("trafilatura")),
        draw(st.none() | st.builds(Metadata, title=st.none() | TEXTS, date=st.just("2024-05-06"))),
    )


@st.composite
def report_rows(draw):
    report = draw(reports())
    page = PageRow(draw(TEXTS), draw(st.sampled_from(["", "markdown"])), draw(TEXTS)) if report.kind == "html" else None
    joined = tuple(draw(st.lists(st.integers(0, 99), max_size=2)))
    added = tuple(draw(st.lists(TEXTS, max_size=2)))
    lines = st.tuples(st.integers(0, 9), st.integers(0, 9), st.just("ad"), st.booleans(), TEXTS, st.floats(0, 1))
    judged = draw(st.none() | st.lists(lines, max_size=2).map(tuple))
    style, literal = draw(st.sampled_from(["utf8", "ascii"])), draw(st.none() | TEXTS)
    return Row(report, draw(TEXTS), joined, style, literal, page, added, judged)


def made(folder, lines):
    (folder / ".report.part").write_bytes(b"".join(lines))
    to_parquet(folder / ".report.part", folder / "report.parquet")
    assert [path.name for path in folder.iterdir()] == ["report.parquet"]
    return folder / "report.parquet"


@given(st.lists(report_rows(), max_size=4), st.integers(1, 3))
def test_a_report_comes_back_line_by_line(tmp_path_factory, given_rows, group):
    lines = [json_line(row.as_dict()) for row in given_rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_table, "ROWS", group)
        path = made(tmp_path_factory.mktemp("reports"), lines)
    assert list(rows(path)) == [Row.from_dict(json.loads(line)) for line in lines]
    assert [json_line(record) for record in records(path)] == lines


def record(**more):
    removed = [{"start": 0, "end": 1, "label": "ad", "source": "rule:x", "score": 0.5, "text": "a"}]
    told = {"id": "a", "chars": 2, "lines": 1, "kept_chars": 1, "removed": removed, "model": None}
    return told | {"mode": "balanced", "note": ""} | more


def test_the_columns_have_the_types_that_are_told(tmp_path):
    path = made(tmp_path, [json_line(record(place="b:1"))])
    table = pq.read_table(path)
    assert table.schema.equals(report_table.schema())
    assert str(table.schema.field("removed").type) == (
        "list<element: struct<start: int64, end: int64, label: string, source: string, score: double, text: string>>"
    )
    assert table.to_pylist()[0]["place"] == "b:1"
    assert table.to_pylist()[0]["exact"] is None


def test_a_lone_surrogate_is_kept_beside_readable_columns(tmp_path):
    path = made(tmp_path, [json_line(record(id="a\ud800", literal="\udcff")), json_line(record())])
    first, second = pq.read_table(path).to_pylist()
    assert (first["id"], first["literal"], first["chars"]) == ("a\ufffd", "\ufffd", 2)
    assert json.loads(first["exact"])["id"] == "a\ud800"
    assert second["exact"] is None


@pytest.mark.parametrize(
    "odd",
    [
        {"new": 5},
        {"chars": 2**70},
        {"exact": "x"},
        {"removed": [5]},
        {"note": 7},
        {"place": None},
        {"id": {"a": []}},
        {"judged": [[1]]},
        {"judged": 7},
    ],
)
def test_what_the_columns_cannot_hold_is_kept(tmp_path, odd):
    lines = [json_line(record()), json_line(record(**odd))]
    assert [json_line(found) for found in records(made(tmp_path, lines))] == lines


def test_groups_are_closed_by_bytes_and_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(report_table, "ROWS", 4)
    monkeypatch.setattr(report_table, "LINES", 1000)
    lines = [json_line(record(note="x" * 900))] * 3 + [json_line(record())] * 9
    told = pq.read_metadata(made(tmp_path, lines))
    assert [told.row_group(number).num_rows for number in range(told.num_row_groups)] == [1, 1, 1, 4, 4, 1]


def test_the_same_lines_give_the_same_bytes(tmp_path):
    lines = [json_line(record(id=str(number))) for number in range(100)]
    first = made(tmp_path, lines).read_bytes()
    (tmp_path / "report.parquet").unlink()
    assert made(tmp_path, lines).read_bytes() == first


def test_an_empty_report_is_one(tmp_path):
    assert list(rows(made(tmp_path, []))) == []


@pytest.mark.parametrize("line", [b"{\n", b"[1]\n", b"\xff\n"])
def test_a_spool_that_is_no_report_is_named(tmp_path, line):
    (tmp_path / ".r").write_bytes(json_line(record()) + line)
    with pytest.raises(InputError, match=r"\.r, line 2: is no JSON record of a report"):
        to_parquet(tmp_path / ".r", tmp_path / "r.parquet")
    assert not (tmp_path / "r.parquet").exists()


def test_other_files_are_no_reports(tmp_path):
    path = tmp_path / "r.parquet"
    with pytest.raises(InputError, match=r"r\.parquet: cannot be read"):
        list(rows(path))
    path.write_bytes(b"{}")
    with pytest.raises(InputError, match=r"r\.parquet: cannot be read as Parquet"):
        list(rows(path))
    pq.write_table(report_table.schema().empty_table().select(["id", "removed", "mode", "note"]), path)
    with pytest.raises(InputError, match="is no report: it has no column chars, lines, kept_chars, model"):
        list(rows(path))
    path.unlink()
    path.mkdir()
    with pytest.raises(InputError, match="is a folder; name a report file"):
        list(rows(path))


def test_a_damaged_record_is_named_with_its_row(tmp_path):
    path = made(tmp_path, [json_line(record()), json_line(record(chars=0))])
    with pytest.raises(
        ReportError, match=r"report\.parquet, row 2: report 'a': the removal at 0 overlaps or lies outside"
    ):
        list(rows(path))
