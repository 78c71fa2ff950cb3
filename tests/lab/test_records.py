import builtins

import pytest

from cleaner.errors import InputError, MissingExtra
from cleaner.lab.records import read_records


def test_blank_lines_are_passed_over_and_places_count_from_one(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\n{"a": "\u2028"}\n', encoding="utf-8")
    assert list(read_records(path)) == [("line 1", {"a": 1}), ("line 3", {"a": "\u2028"})]


def test_zstandard_files_read_alike_even_in_several_frames(tmp_path):
    zstandard = pytest.importorskip("zstandard")
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(zstandard.compress(b'{"a": 1}\n') + zstandard.compress('{"a": "ü"}\n'.encode()))
    assert list(read_records(path)) == [("line 1", {"a": 1}), ("line 2", {"a": "ü"})]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"a": 1}\n{"a"\n', "line 2: not JSON"),
        (b"{}\n[]\n", "line 2: not a JSON object"),
        pytest.param(b"{}\n" + b"[" * 200_000 + b"]" * 200_000, "line 2: not JSON", id="deep"),
        (b"\xff\n", "is not UTF-8"),
    ],
)
def test_a_broken_line_is_named(tmp_path, content, fault):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=fault):
        list(read_records(path))


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    for path in (tmp_path / "none.jsonl", tmp_path, tmp_path / "none.jsonl.zst"):
        with pytest.raises(InputError, match="cannot be read") as caught:
            list(read_records(path))
        assert caught.value.path == str(path)


def test_damaged_zstandard_data_is_named(tmp_path):
    pytest.importorskip("zstandard")
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(b"this is no zstandard frame")
    with pytest.raises(InputError, match="damaged zstandard data"):
        list(read_records(path))


def test_without_zstandard_the_install_line_is_given(tmp_path, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name == "zstandard":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r"cleaner\[train\]"):
        list(read_records(tmp_path / "a.jsonl.zst"))
