import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.errors import InputError
from cleaner.lab.annotations import PLAIN, VISIBLE, Annotation, as_record, digest_of, pack, read_annotations, unpack
from cleaner.lab.gold import read_gold
from cleaner.labels import LABELS, Label

TEXT = "Bridge closed\n\n  Share this \nThe bridge was closed. Advertisement It will open in May.\n"
LINES = ("Bridge closed", "Share this", "The bridge was closed. Advertisement It will open in May.")
NOTE = Annotation(
    "p1", PLAIN, digest_of(LINES), "a.example", "en", ("headline", "social", "body"), ((2, 23, 37, "ad"),)
)


def written(path, annotations):
    path.write_text("".join(json.dumps(as_record(one)) + "\n" for one in annotations), encoding="utf-8")
    return path


def test_labels_are_packed_as_runs_and_unpacked_again():
    labels = ("headline", *("body",) * 12, "ad", "ad", "body")
    assert pack(labels) == "headline body*12 ad*2 body"
    assert unpack(pack(labels)) == labels


@pytest.mark.parametrize("packed", ["", "body*x", "nonsense*2", "body  ad"])
def test_what_was_not_packed_is_refused(packed):
    with pytest.raises(ValueError, match=r"no label|invalid literal"):
        unpack(packed)


def test_annotations_are_read_as_they_were_written(tmp_path):
    assert read_annotations(written(tmp_path / "a.jsonl", [NOTE])) == (NOTE,)


@pytest.mark.parametrize(
    "fault", [{"labels": "nonsense"}, {"spans": [[1, 2]]}, {"labels": 3}, {"page": None, "spans": 1}]
)
def test_a_broken_annotation_is_named(fault, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(as_record(NOTE)) + "\n" + json.dumps(as_record(NOTE) | fault) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl.*line 2"):
        read_annotations(path)


def joined(tmp_path, annotations, pages):
    notes = written(tmp_path / "notes.jsonl", annotations)
    source = tmp_path / "ours.jsonl"
    source.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    done = CliRunner().invoke(main, ["annotated", str(notes), str(source), "-o", str(out)])
    assert done.exit_code == 0, done.stderr
    return read_gold(out), done.stderr


def test_a_text_gets_its_labels_and_spans_back(tmp_path):
    (document,), said = joined(tmp_path, [NOTE], [{"id": "p0", "text": "Else"}, {"id": "p1", "text": TEXT}])
    assert [document.text[line.start : line.end] for line in document.lines] == list(LINES)
    assert [line.label for line in document.lines] == [Label.HEADLINE, Label.SOCIAL, Label.BODY]
    assert [document.text[span.start : span.end] for line in document.lines for span in line.spans] == [
        "Advertisement "
    ]
    assert (document.id, document.source, document.site) == ("p1#text", "ours", "a.example")
    assert "1  documents" in said


def test_a_whole_page_is_read_line_by_line_as_a_browser_shows_it(tmp_path):
    html = "<nav><a href='/'>Home</a></nav><h1>Bridge\u2028 shut</h1><p>It was shut<br>on Monday.</p>"
    lines = ("Home", "Bridge shut", "It was shut", "on Monday.")
    note = Annotation("p1", VISIBLE, digest_of(lines), "", "en", ("navigation", "headline", "body", "body"), ())
    (document,), _ = joined(tmp_path, [note], [{"id": "p1", "html": html}])
    assert (document.id, document.kind) == ("p1#visible", "page")
    assert [line.label.value for line in document.lines] == list(note.labels)
    nothing, said = joined(tmp_path, [note], [{"id": "p1", "html": "%PDF-1.7"}])
    assert nothing == ()
    assert "1  extracted otherwise" in said


def test_a_page_is_extracted_as_the_annotation_says(tmp_path):
    for package in ("justext", "readability", "resiliparse", "trafilatura"):
        pytest.importorskip(package)
    body = "The bridge over the Halden was closed on Monday, and the mayor said that it would open in May. " * 3
    html = (
        f"<html lang='en'><body><article><h1>Bridge closed</h1><p>{body}</p><p>{body[:90]}</p></article></body></html>"
    )
    from cleaner.lab.extractors import EXTRACTORS, lines_of

    (extractor,) = (one for one in EXTRACTORS if one.name == "resiliparse")
    lines = lines_of(extractor, html, "en")
    note = Annotation("p1", "resiliparse", digest_of(lines), "a.example", "en", ("body",) * len(lines), ())
    (document,), _ = joined(tmp_path, [note], [{"id": "p1", "html": html}])
    assert [document.text[line.start : line.end] for line in document.lines] == list(lines)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"id": "p1", "text": TEXT + "One more line"}, "1  extracted otherwise than when annotated"),
        ({"id": "p1"}, "1  extracted otherwise than when annotated"),
        ({"id": "p2", "text": TEXT}, "1  annotations without a page"),
    ],
)
def test_what_does_not_fit_is_left_out_and_counted(page, said, tmp_path):
    documents, told = joined(tmp_path, [NOTE], [page])
    assert documents == ()
    assert said in told


def test_the_annotations_that_ship_are_sound():
    notes = read_annotations(Path(__file__).parents[2] / "models" / "annotations" / "residual.jsonl")
    assert len(notes) > 1_000
    assert len({(note.page, note.extractor) for note in notes}) == len(notes)
    assert {label for note in notes for label in note.labels} == {label.value for label in LABELS}
    for note in notes:
        for line, start, end, label in note.spans:
            assert note.labels[line] in {"body", "headline"}
            assert 0 <= start < end
            assert label in set(LABELS)
