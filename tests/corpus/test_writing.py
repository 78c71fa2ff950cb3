import json
import os
from pathlib import Path

import pytest

from cleaner.corpus.writing import WholeFile, json_line
from cleaner.errors import OutputError


def test_a_file_appears_when_it_is_whole_and_not_before(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with WholeFile(path) as out:
        out.write(b"abc")
        assert not path.exists()
    assert path.read_bytes() == b"abc"
    assert list(path.parent.iterdir()) == [path]


def interrupt(out, interruption):
    out.write(b"half")
    raise interruption


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, ValueError])
def test_an_interrupted_write_leaves_no_file_and_keeps_the_old_one(tmp_path, interruption):
    (tmp_path / "old.txt").write_bytes(b"old")
    for name in ("old.txt", "new.txt"):
        with pytest.raises(interruption), WholeFile(tmp_path / name) as out:
            interrupt(out, interruption)
    assert list(tmp_path.iterdir()) == [tmp_path / "old.txt"]
    assert (tmp_path / "old.txt").read_bytes() == b"old"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError, match="is a folder; name a file"):
        WholeFile(tmp_path)


def test_a_path_below_a_file_cannot_be_written(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"a\.txt: cannot be written: "):
        WholeFile(tmp_path / "file" / "a.txt")


def test_a_full_disk_is_an_error_of_ours():
    with (
        pytest.raises(OutputError, match="/dev/full: cannot be written: No space left"),
        WholeFile(Path("/dev/full")) as out,
    ):
        out.write(b"x" * 100_000)


def test_a_device_is_written_to_and_never_replaced():
    with WholeFile(Path("/dev/null")) as out:
        out.write(b"abc")
    assert not Path("/dev/null").is_file()


def test_a_link_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with WholeFile(tmp_path / "link") as out:
        out.write(b"abc")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"abc"


@pytest.mark.parametrize("text", ["é", "a\ud800", "b\udcff", "\U0001f600\udc80"])
def test_json_lines_are_valid_and_read_back(text):
    line = json_line({"text": text})
    assert json.loads(line.decode("utf-8")) == {"text": text}
    assert line.endswith(b"\n")


def test_a_pipe_without_a_name_is_written_to():
    reading, writing = os.pipe()
    with WholeFile(Path(f"/dev/fd/{writing}")) as out:
        out.write(b"data")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"data"
