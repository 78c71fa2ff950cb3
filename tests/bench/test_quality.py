import json

import pytest

from bench import quality
from cleaner.document import Removal
from cleaner.lab.gold import gold_document
from cleaner.labels import Label
from cleaner.report import Report

RECORD = {
    "id": "x",
    "lines": ["The council met on Monday and it voted.", "Share this", "Bridge closed"],
    "labels": ["body", "social", "headline"],
}


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    return path


def cells(output, name):
    row = next(line for line in output.splitlines() if line.startswith(f"| {name}"))
    return [cell.strip() for cell in row.strip("|").split("|")]


def reports(path, *removals):
    text = gold_document(RECORD).text
    removed = tuple(Removal(a, b, text[a:b], label, "model", 0.9) for a, b, label in removals)
    report = Report("x", len(text), 3, removed)
    path.write_text(json.dumps(report.as_dict()) + "\n", encoding="utf-8")
    return path


def test_peers_are_measured_on_the_same_documents(gold, capsys):
    pytest.importorskip("datatrove.pipeline.filters")
    assert quality.main([str(gold), "--no-ours"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("gold.jsonl: 1 documents, 1 cruft lines\n")
    # 12 of 44 body characters: the headline has no full stop and is two words long.
    assert cells(output, "C4 line rules")[1:6:2] == ["27.27", "100.0", "50.00"]
    assert cells(output, "C4 in FineWeb")[1:6:2] == ["27.27", "100.0", "50.00"]
    assert cells(output, "RefinedWeb")[1:6:2] == ["0.00", "0.0", "0.00"]


def test_held_out_reports_are_scored_under_their_name(gold, tmp_path, capsys):
    file = reports(tmp_path / "out.jsonl", (40, 50, Label.SOCIAL))
    assert quality.main([str(gold), "--no-ours", "--reports", f"held out={file}"]) == 0
    row = cells(capsys.readouterr().out, "held out")
    assert (row[1], row[3], row[6]) == ("0.00", "100.0", "100.0")


def test_a_document_without_a_report_is_an_error(gold, tmp_path, capsys):
    file = tmp_path / "empty.jsonl"
    file.write_text("", encoding="utf-8")
    assert quality.main([str(gold), "--no-ours", "--reports", str(file)]) == 1
    assert "no report of 1 documents, such as 'x'" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [("--kind", "page"), ("--lang", "de", "fr")], ids=["kind", "language"])
def test_a_choice_without_documents_is_an_error(asked, gold, capsys):
    assert quality.main([str(gold), *asked]) == 1
    assert "no documents of this kind, sample and language" in capsys.readouterr().err


def test_documents_are_chosen_by_language(gold, capsys):
    assert quality.main([str(gold), "--no-ours", "--lang", "de", "en"]) == 0
    assert capsys.readouterr().out.startswith("gold.jsonl (de, en): 1 documents, 1 cruft lines\n")


def test_the_rules_alone_and_the_modes_have_rows_and_a_curve(gold, capsys):
    assert quality.main([str(gold)]) == 0
    output = capsys.readouterr().out
    for name in ("cleaner, careful", "cleaner, balanced", "cleaner, thorough", "cleaner, rules alone"):
        assert len(cells(output, name)) == 12
    assert "ours at that body loss" in output
    assert len(cells(output, "cruft lines removed %")) == 7


def test_short_texts_are_measured_on_excerpts(gold, capsys):
    assert quality.main([str(gold), "--no-ours", "--excerpts", "2"]) == 0
    assert capsys.readouterr().out.startswith("gold.jsonl (2 lines of each): 3 documents, ")
    assert list(quality.excerpts([gold_document(RECORD)], 4)) == []


def test_an_excerpt_has_the_labels_and_spans_of_its_lines():
    span = {"line": 2, "start": 7, "end": 13, "text": "closed", "label": "ad"}
    document = gold_document({**RECORD, "spans": [span]})
    found = set()
    for excerpt in quality.excerpts([document] * 10, 2):
        first = 0 if excerpt.text.startswith("The council") else 1
        found.add(first)
        assert excerpt.text == "\n".join(RECORD["lines"][first : first + 2])
        assert [excerpt.text[line.start : line.end] for line in excerpt.lines] == RECORD["lines"][first : first + 2]
        assert [line.label for line in excerpt.lines] == RECORD["labels"][first : first + 2]
        spans = [excerpt.text[span.start : span.end] for line in excerpt.lines for span in line.spans]
        assert spans == ["closed"] * first
    assert found == {0, 1}
