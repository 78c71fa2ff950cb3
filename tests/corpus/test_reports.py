import json
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.corpus.endings import Format
from cleaner.corpus.formats import Piece, container
from cleaner.corpus.parts import Entry, Reading
from cleaner.corpus.records import parse
from cleaner.corpus.reports import Row, row_of, rows
from cleaner.corpus.sources import Source
from cleaner.corpus.tasks import Task
from cleaner.document import Document, Removal
from cleaner.errors import InputError, ReportError
from cleaner.labels import Label
from cleaner.report import Cleaned, Report


def cleaned(text, *bounds, id_="a.txt"):
    removed = tuple(Removal(start, end, text[start:end], Label.AD, "rule:x", 1.0) for start, end in bounds)
    report = Report(id_, len(text), 1, removed)
    return Cleaned(report.replay(text), report)


def task(name, form):
    return Task(Source(Path(name), name, form, 0), Path("out") / name, form)


def of_line(line, *bounds):
    record = parse(line, "text")
    document = Document(record.id or "a.jsonl:4", record.text)
    result = cleaned(record.text, *bounds, id_=document.id)
    piece = Piece(Entry(document, line=4, record=record), result.text, bool(bounds))
    of = task("a.jsonl", Format.JSONL)
    return container(Format.JSONL).write([piece], of.source, Reading()), row_of(piece, result.report, of)


def test_a_record_without_id_needs_no_other_place():
    _, row = of_line('{"text": "abc"}', (0, 1))
    assert (row.place, row.file, row.line) == ("", "a.jsonl", 4)


def test_a_record_with_an_id_tells_its_place():
    _, row = of_line('{"id": "foo:7", "text": "abc"}', (0, 1))
    assert (row.report.id, row.file, row.line) == ("foo:7", "a.jsonl", 4)


def test_a_file_with_a_colon_in_its_name_is_no_line_of_another():
    piece = Piece(Entry(Document("notes:12", "abc")), "abc", changed=False)
    row = row_of(piece, cleaned("abc", id_="notes:12").report, task("notes:12", Format.TEXT))
    assert (row.file, row.line) == ("notes:12", 0)


def test_an_id_that_ends_in_thousands_of_digits_is_no_line():
    row = Row(replace(cleaned("abc").report, id=f"notes:{'9' * 5_000}"))
    assert (row.file, row.line) == (row.report.id, 0)


def test_an_untouched_record_keeps_every_byte():
    line = '{"text": "\\u00E9 \\/ \\u0041"} \r\n'
    assert of_line(line)[0].decode() == line


@pytest.mark.parametrize(
    ("line", "bounds", "expected"),
    [
        ('{"text": "é über"}', (0, 2), '{"text": "über"}'),
        ('{"text": "\\u00e9 \\u00fcber"}', (0, 2), '{"text": "\\u00fcber"}'),
        ('{"text": "é \\/ über"}', (0, 2), '{"text": "\\/ über"}'),
        ('{"text": "\\u00E9 über"}', (0, 2), '{"text": "über"}'),
    ],
)
def test_the_literal_keeps_its_style(line, bounds, expected):
    assert of_line(line, bounds)[0].decode() == expected


def test_an_odd_literal_is_kept_in_the_report():
    assert of_line('{"text": "\\u00E9 über"}', (0, 2))[1].literal == '"\\u00E9 über"'


def test_stray_bytes_in_a_record_become_escapes():
    raw, _ = of_line('{"text": "ab\udcff"}', (0, 1))
    assert raw == b'{"text": "b\\udcff"}'


def test_rows_read_back_as_they_were_written():
    _, row = of_line('{"text": "a\\ud83dxx\\ude00"}', (2, 4))
    assert row.joined == (1,)
    assert Row.from_dict(json.loads(json.dumps(row.as_dict()))) == row


@pytest.mark.parametrize(
    ("raw", "error", "message"),
    [
        (b"{}\n", ReportError, r"r\.jsonl, line 1: not a removal report"),
        (b"\n", InputError, r"r\.jsonl, line 1: is not a JSON record of a report"),
        (b"[1]\n", InputError, "is not a JSON record of a report"),
        (b"\xff\n", InputError, "is not a JSON record of a report"),
        (b"[" * 200_000, InputError, "is not a JSON record of a report"),
        (b'{"id": "a", "chars": 1, "lines": 1, "removed": [], "joined": 5}', ReportError, "are damaged"),
        (b'{"id": "a", "chars": 1, "lines": 1, "removed": [], "judged": 5}', ReportError, "are damaged"),
    ],
)
def test_a_damaged_report_is_named_with_the_line(tmp_path, raw, error, message):
    (tmp_path / "r.jsonl").write_bytes(raw)
    with pytest.raises(error, match=message):
        list(rows(tmp_path / "r.jsonl"))


def test_a_folder_is_no_report(tmp_path):
    with pytest.raises(InputError, match="is a folder; name a report file"):
        list(rows(tmp_path))


def test_a_missing_report_is_named(tmp_path):
    with pytest.raises(InputError, match=r"r\.jsonl: cannot be read: No such file"):
        list(rows(tmp_path / "r.jsonl"))
