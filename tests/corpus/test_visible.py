import json

from cleaner import Cleaner
from cleaner.corpus.reading import Entry
from cleaner.corpus.records import parse
from cleaner.corpus.visible import VisibleFile
from cleaner.document import Document

ENGINE = Cleaner(rules_only=True)
PAGE = Document("a", "<p>Advertisement</p><p>The board met \u2013 again.", "html")
TEXT = Document("b", "The board met.")


def add(path, entry):
    (cleaned,) = ENGINE.clean_many([entry.document])
    with VisibleFile(path) as file:
        file.add(entry, cleaned)


def test_the_visible_text_of_a_page_is_written_whole(tmp_path):
    add(tmp_path / "seen" / "a.txt", Entry(PAGE))
    assert (tmp_path / "seen" / "a.txt").read_text("utf-8") == "Advertisement\n\nThe board met \u2013 again."


def test_a_record_becomes_a_record_of_id_and_text(tmp_path):
    add(tmp_path / "a.jsonl", Entry(PAGE, line=1, record=parse('{"text": "<p>"}', "text")))
    told = json.loads((tmp_path / "a.jsonl").read_text("utf-8"))
    assert told == {"id": "a", "text": "Advertisement\n\nThe board met \u2013 again."}


def test_for_text_and_without_a_path_no_file_is_made(tmp_path):
    add(tmp_path / "a.txt", Entry(TEXT))
    add(None, Entry(PAGE))
    assert list(tmp_path.iterdir()) == []
