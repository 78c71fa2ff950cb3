"""Texts that teach without labels: which are written, and how they are read."""

import json

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from cleaner.errors import InputError
from cleaner.lab.annotations import PLAIN, Annotation, as_record, digest_of
from cleaner.lab.extractors import EXTRACTORS, lines_of
from cleaner.lab.unlabelled import read_unlabelled

TEXT = "Bridge closed\n\n  Share this \nThe bridge was closed on Monday."
PARAGRAPH = "The bridge over the Halden was closed on Monday, and the mayor said that it would open in May. " * 3


def note(page, extractor, lines):
    return Annotation(page, extractor, digest_of(lines), "a.example", "en", ("body",) * len(lines), ())


def left(tmp_path, notes, pages):
    annotations, source, out = tmp_path / "notes.jsonl", tmp_path / "ours.jsonl", tmp_path / "out.jsonl"
    annotations.write_text("".join(json.dumps(as_record(one)) + "\n" for one in notes), encoding="utf-8")
    source.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    done = CliRunner().invoke(main, ["unlabelled", str(annotations), str(source), "-o", str(out)])
    assert done.exit_code == 0, done.stderr
    return read_unlabelled(out)


def test_texts_of_known_sites_that_nobody_read_are_left(tmp_path):
    pages = [
        {"id": "p1", "domain": "a.example", "text": TEXT, "lang": "EN"},
        {"id": "p2", "domain": "b.example", "text": TEXT},
        {"id": "p3", "text": TEXT},
        {"id": "p4", "url": "https://c.example/x", "text": "Too\nshort"},
    ]
    (text,) = left(tmp_path, [note("p2", PLAIN, ("Bridge closed",))], pages)
    assert text.text == "Bridge closed\nShare this\nThe bridge was closed on Monday."
    assert (text.id, text.site, text.source, text.lang) == ("p1#text", "a.example", "ours", "en")
    assert text.group == "a.example"


def test_of_a_page_what_each_extractor_leaves_is_left_once_and_not_what_was_read(tmp_path):
    for package in ("justext", "readability", "resiliparse", "trafilatura"):
        pytest.importorskip(package)
    paragraphs = "".join(f"<p>{PARAGRAPH}{number}.</p>" for number in range(4))
    around = "<div><p>Share this</p><ul><li><a href='/a'>Ten Harbours</a></li></ul></div>"
    html = f"<html lang='en'><body><article><h1>Bridge closed</h1>{paragraphs}</article>{around}</body></html>"
    outputs = {one.name: lines_of(one, html, "en") for one in EXTRACTORS}
    read = outputs["resiliparse"]
    page = {"id": "p1", "domain": "a.example", "html": html}
    texts = left(tmp_path, [note("p1", "resiliparse", read)], [page])
    assert {text.text for text in texts} == {"\n".join(lines) for lines in outputs.values() if lines != read}
    assert len({text.text for text in texts}) == len(texts) > 0
    assert {text.lang for text in texts} == {"en"}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"text": "One line"}, "`lines` must be a list of strings"),
        ({"lines": ["One", 2]}, "`lines` must be a list of strings"),
        ({"lines": ["One"], "labels": ["body"]}, "has labels; give it as labelled documents, with --teach"),
    ],
)
def test_what_is_no_text_without_labels_is_refused_by_its_line(record, said, tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"id": "a", "lines": ["One"]}) + "\n" + json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read_unlabelled(path)
    assert "texts.jsonl" in str(caught.value)
    assert "line 2" in str(caught.value)
