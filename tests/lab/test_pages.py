import json

import pytest

from cleaner.errors import InputError
from cleaner.lab.pages import gold_page, read_pages

PAGE = {
    "id": "one",
    "url": "https://edition.cnn.com/a",
    "domain": "edition.cnn.com",
    "lang": "en",
    "page_type": "article",
    "html": "<p>Text",
    "text_gold": "Text",
}
SNIPPETS = {"id": "two", "html": "<p>", "snippets_with": ["a", "b"], "snippets_without": ["c"]}


def written(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_pages_are_read_with_their_answer_and_their_source(tmp_path):
    pages = list(read_pages(written(tmp_path / "wcxb_dev.jsonl", PAGE, SNIPPETS)))
    assert [(page.id, page.source, page.gold, page.wanted, page.unwanted) for page in pages] == [
        ("one", "wcxb_dev", "Text", (), ()),
        ("two", "wcxb_dev", None, ("a", "b"), ("c",)),
    ]
    assert (pages[0].page_type, pages[0].lang, pages[1].page_type, pages[1].lang) == ("article", "en", "untyped", None)


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({}, "cnn.com"),
        ({"domain": None}, "cnn.com"),
        ({"domain": "cnn.it", "url": None}, "cnn.com"),
        ({"domain": None, "url": None}, "source:s"),
    ],
)
def test_pages_of_one_outlet_are_one_group(changes, group):
    assert gold_page({**PAGE, **changes}, "s").group == group


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({**PAGE, "html": None}, "`html` is missing"),
        ({**PAGE, "html": 3}, "`html` must be a string"),
        ({**PAGE, "id": None}, "`id` is missing"),
        ({**PAGE, "text_gold": None}, "there is no answer"),
        ({**PAGE, "text_gold": ["Text"]}, "`text_gold` must be a string"),
        ({**SNIPPETS, "snippets_with": "a"}, "`snippets_with` must be a list of strings"),
        (
            {**SNIPPETS, "snippets_without": ["a", " "]},
            "`snippets_without` must be a list of strings that are not blank",
        ),
        ({**PAGE, "page_type": 1}, "`page_type` must be a string"),
    ],
)
def test_a_record_that_does_not_fit_names_file_line_and_fault(tmp_path, record, fault):
    with pytest.raises(InputError, match="line 2") as caught:
        list(read_pages(written(tmp_path / "a.jsonl", PAGE, record)))
    assert fault in caught.value.reason


def test_an_empty_gold_text_is_an_answer():
    assert gold_page({**PAGE, "text_gold": ""}, "s").gold == ""
