import json
from pathlib import Path

import pytest

from cleaner.document import Line
from cleaner.errors import InputError
from cleaner.lab.gold import GoldSpan, gold_document, label_units, read_gold
from cleaner.labels import Label
from cleaner.split import split

SEEDS = Path(__file__).parents[2] / "seeds"
RECORD = {
    "id": "one",
    "source": "ours",
    "site": "www.example.co.uk",
    "lang": "en",
    "kind": "residual",
    "sample": "random",
    "lines": ["Bridge closed", "The council met.() It voted.", "Share this"],
    "labels": ["headline", "body", "social"],
    "spans": [{"line": 1, "start": 16, "end": 19, "text": "() ", "label": "artifact"}],
    "cut": [1],
}


def record(**changes):
    return {**RECORD, **changes}


def span(**changes):
    return record(spans=[{**RECORD["spans"][0], **changes}])


def written(path, *records):
    path.write_text("".join(json.dumps(entry) + "\n" for entry in records), encoding="utf-8")
    return path


def test_a_record_becomes_a_document_with_places_in_characters():
    document = gold_document(RECORD)
    assert document.text == "Bridge closed\nThe council met.() It voted.\nShare this"
    assert [document.text[line.start : line.end] for line in document.lines] == RECORD["lines"]
    assert [line.label for line in document.lines] == ["headline", "body", "social"]
    assert document.lines[1].spans == (GoldSpan(30, 33, Label.ARTIFACT),)
    assert document.text[30:33] == "() "
    assert [line.cut for line in document.lines] == [False, True, False]
    assert (document.site, document.lang, document.kind, document.sample) == (
        "www.example.co.uk",
        "en",
        "residual",
        "random",
    )


def test_blank_lines_have_no_gold_line_and_missing_fields_have_defaults():
    document = gold_document(
        {"id": "x", "lines": ["One.", "", " \u200b", "Two."], "labels": ["body", None, "ad", "body"]}
    )
    assert [(line.start, line.end) for line in document.lines] == [(0, 4), (9, 13)]
    assert (document.source, document.site, document.lang, document.kind) == ("", None, "en", "residual")
    assert document.sample == "given"


def test_the_seeds_read_and_equal_their_files():
    documents = read_gold(SEEDS / "gold.jsonl")
    assert len(documents) == 5
    for document in documents:
        assert document.text == (SEEDS / document.id).read_bytes().decode("utf-8")
    spans = {document.text[s.start : s.end] for document in documents for line in document.lines for s in line.spans}
    assert spans == {"() ", "Donald Trump’s trade tariffs on Canada, Mexico and China explained visually "}


FAULTS = [
    (record(labels=["body"]), "`labels` must be a list of 3 labels"),
    (record(lines="text"), "`lines` must be a list of strings"),
    (record(lines=["a", 2, "c"]), "`lines` must be a list of strings"),
    (record(labels=["headline", "bodY", "social"]), "line 1 has the unknown label 'bodY'"),
    (record(labels=["headline", 7, "social"]), "line 1 has the unknown label 7"),
    (record(labels=["headline", None, "social"]), "line 1 is not blank and has no label"),
    (record(id=3), "`id` must be a string"),
    (record(site=3), "`site` must be a string"),
    (record(cut=[3]), "3 is not the number of a line"),
    (record(cut="all"), "is not the number of a line"),
    (record(spans=["x"]), "`spans` must be a list of objects"),
    (record(spans={"line": 1}), "`spans` must be a list of objects"),
    (span(line=7), "7 is not the number of a line"),
    (span(line=True), "True is not the number of a line"),
    (span(start=15), "does not match its text '() '"),
    (span(end=99), "has no place in its line"),
    (span(start=None), "has no place in its line"),
    (span(label="body"), "which removes nothing"),
    (span(label="junk"), "which removes nothing"),
    (record(labels=["headline", "ad", "social"]), "lies in a line that is not kept"),
    (record(spans=RECORD["spans"] * 2), "two spans overlap in line 1"),
]


@pytest.mark.parametrize(("entry", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_a_record_that_does_not_fit_names_file_line_and_fault(tmp_path, entry, fault):
    path = written(tmp_path / "gold.jsonl", RECORD, entry)
    with pytest.raises(InputError) as caught:
        read_gold(path)
    assert fault in caught.value.reason
    assert (caught.value.path, caught.value.place) == (str(path), "line 2")


@pytest.mark.parametrize(
    ("site", "group"), [("cnn.it", "cnn.com"), ("edition.cnn.com", "cnn.com"), (None, "source:ours")]
)
def test_documents_of_one_outlet_are_one_group(site, group):
    assert gold_document(record(site=site)).group == group


def test_units_that_are_the_gold_lines_get_their_labels():
    document = gold_document(RECORD)
    assert label_units(document, split(document.text).lines) == (Label.HEADLINE, Label.BODY, Label.SOCIAL)


def test_a_unit_takes_the_label_of_most_of_its_non_white_characters():
    document = gold_document({"id": "x", "lines": ["abc", "d e f g h", "ij kl"], "labels": ["ad", "body", "legal"]})
    text = document.text
    units = ((0, 13), (0, 5), (4, 19), (10, 19), (0, 7))
    lines = [Line(text[start:end], start, end) for start, end in units]
    # 3 ad and 5 body; 3 and 1; 5 body and 4 legal; 2 and 4; 3 ad and 2 body
    assert label_units(document, lines) == ("body", "ad", "body", "legal", "ad")


def test_a_tie_keeps_the_line():
    document = gold_document({"id": "x", "lines": ["abc", "def"], "labels": ["ad", "body"]})
    assert label_units(document, [Line("abc\ndef", 0, 7)]) == (Label.BODY,)


def test_a_span_counts_with_its_own_label():
    spans = [{"line": 0, "start": 10, "end": 25, "text": "Click to Tweet ", "label": "social"}]
    document = gold_document(
        {"id": "x", "lines": ["It voted. Click to Tweet Then."], "labels": ["body"], "spans": spans}
    )
    text = document.text
    pieces = [Line(text[start:end], start, end) for start, end in ((0, 9), (10, 24), (0, 30), (10, 30))]
    # whole line: 8 + 5 characters of body against 12 of social
    assert label_units(document, pieces) == ("body", "social", "body", "social")


def test_lines_of_another_text_are_refused():
    with pytest.raises(InputError, match="split from another text"):
        label_units(gold_document(RECORD), [Line("Bridge", 1, 7)])
