import json

import pytest

from bench import texts
from cleaner.errors import InputError


def test_synthesised_texts_differ_from_each_other_and_are_the_same_every_time():
    made = list(texts.synthesised(50))
    assert made == list(texts.synthesised(50))
    assert len(set(made)) == 50
    paragraphs = [line for text in made for line in text.split("\n\n") if len(line) > 120]
    assert len(set(paragraphs)) == len(paragraphs) > 200
    assert 1_000 < sum(map(len, made)) / 50 < 10_000


def test_texts_of_a_file_are_taken_as_they_are(tmp_path):
    path = tmp_path / "a.jsonl"
    assert texts.write(iter(["One\r\n", "Two \U0001f600", "Three"]), path) == 3
    assert list(texts.texts_of(path, 2)) == ["One\r\n", "Two \U0001f600"]
    assert list(texts.texts_of(path, 9)) == ["One\r\n", "Two \U0001f600", "Three"]


def test_a_record_without_text_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"text": 1}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 2: `text` must be a string"):
        list(texts.texts_of(path, 5))


def test_nothing_written_is_nothing_counted(tmp_path):
    path = tmp_path / "a.jsonl"
    assert texts.write(iter(()), path) == 0
    texts.write(iter(["a"]), path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"id": "1", "text": "a"}
