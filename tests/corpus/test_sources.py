import os

import pytest

from cleaner.corpus.endings import Format, format_of
from cleaner.corpus.sources import find
from cleaner.errors import InputError


def plant(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def test_folders_are_searched_in_sorted_order_and_keep_their_tree(tmp_path):
    plant(tmp_path, "b.txt", "a/z.jsonl", "a/b/c.ndjson", "a.txt", "B.TXT", "c.jsonl.gz")
    names = [source.name for source in find([tmp_path])]
    assert names == ["B.TXT", "a/b/c.ndjson", "a/z.jsonl", "a.txt", "b.txt", "c.jsonl.gz"]


def test_hidden_and_foreign_files_of_a_folder_are_skipped(tmp_path):
    plant(tmp_path, "a.txt", ".b.txt", ".git/c.txt", "d.png", "README")
    assert [source.name for source in find([tmp_path])] == ["a.txt"]


def test_the_output_folder_is_not_read_again(tmp_path):
    plant(tmp_path, "a.txt", "out/a.txt", "sub/out/b.txt")
    assert [source.name for source in find([tmp_path], leave_out=tmp_path / "out")] == ["a.txt", "sub/out/b.txt"]


def test_a_file_given_by_name_is_text_whatever_it_is_called(tmp_path):
    plant(tmp_path, "README", ".hidden")
    assert [source.format for source in find([tmp_path / "README", tmp_path / ".hidden"])] == [Format.TEXT] * 2


def test_the_format_can_be_forced(tmp_path):
    plant(tmp_path, "a.txt")
    assert find([tmp_path / "a.txt"], forced=Format.JSONL)[0].format is Format.JSONL


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.jsonl", "jsonl"), ("A.JSONL.GZ", "jsonl"), ("a.ndjson", "jsonl"), ("a.txt", "text"), ("a.gz", None)],
)
def test_names_promise_formats(name, form):
    assert format_of(name) == form


def test_a_folder_without_readable_files_says_what_is_read(tmp_path):
    plant(tmp_path, "a.png")
    with pytest.raises(
        InputError, match=r"has no readable files; in a folder these are read: \.txt, \.html, \.htm, \.xhtml, \.jsonl"
    ):
        find([tmp_path])


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(InputError, match=r"missing\.txt: does not exist"):
        find([tmp_path / "missing.txt"])


def test_pipes_in_a_folder_do_not_block_and_dangling_links_are_kept_for_the_rejects(tmp_path):
    plant(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "gone")
    assert [source.name for source in find([tmp_path])] == ["a.txt", "c.txt"]


def test_a_folder_that_cannot_be_listed_is_kept_for_the_rejects(tmp_path, monkeypatch):
    plant(tmp_path, "a.txt", "shut/b.txt")
    true = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return true(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [source.name for source in find([tmp_path])] == ["a.txt", "shut"]


def test_json_that_is_given_by_name_is_records(tmp_path):
    plant(tmp_path, "a.json", "b.txt")
    assert find([tmp_path / "a.json"])[0].format is Format.JSONL
    assert [source.name for source in find([tmp_path])] == ["b.txt"]
