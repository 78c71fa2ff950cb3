import hashlib
import json

import numpy as np
import pytest

from cleaner.errors import ModelError
from cleaner.sites import load_memory
from cleaner.sites.storage import MAGIC
from tests.sites.papers import article


@pytest.fixture
def stored(taught, tmp_path):
    taught(article(number, f"paper{number % 3}.example") for number in range(20))
    return tmp_path / "0.sites"


def test_what_is_read_is_what_was_learned(stored):
    memory = load_memory(stored)
    assert list(memory.sites) == ["paper0.example", "paper1.example", "paper2.example"]
    assert memory.documents.tolist() == [7, 7, 6]
    assert np.all(memory.rows.key[1:] >= memory.rows.key[:-1])


def test_a_file_that_changes_is_read_anew(stored, taught, tmp_path):
    assert load_memory(stored) is load_memory(stored)
    before = load_memory(stored)
    taught([article(1)])
    (tmp_path / "1.sites").replace(stored)
    assert load_memory(stored) is not before


def test_every_changed_byte_is_noticed(stored, tmp_path):
    raw = stored.read_bytes()
    broken = tmp_path / "broken"
    for at in range(0, len(raw), 7):
        broken.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        with pytest.raises(ModelError):
            load_memory(broken)


def test_every_cut_is_noticed(stored, tmp_path):
    raw = stored.read_bytes()
    broken = tmp_path / "broken"
    for length in [*range(0, 400, 3), *range(400, len(raw), 97), len(raw) - 1]:
        broken.write_bytes(raw[:length])
        with pytest.raises(ModelError):
            load_memory(broken)


def head(**changes):
    """Write a head whose facts are changed, and nothing behind it."""
    columns = {"names": 0, "site_documents": 0, "key": 0, "text": 0}
    text = json.dumps({"version": 1, "whole": False, "sites": 0, "rows": 0, "columns": columns, **changes}).encode()
    return MAGIC + len(text).to_bytes(4, "little") + text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04",
        MAGIC,
        MAGIC + b"\xff\xff\xff\xff",
        MAGIC + (5).to_bytes(4, "little") + b"[[[[[",
        MAGIC + (2).to_bytes(4, "little") + b"[]",
        MAGIC + (9000).to_bytes(4, "little") + b"[" * 9000,
        head(version=2),
        head(columns=None),
        head(columns={"key": -1}),
        head(rows=1 << 62),
        head(rows="many"),
        head(sites=True),
        head(columns={"key": 1.5}),
        head(),
    ],
    ids=range(15),
)
def test_what_is_no_memory_is_refused(tmp_path, raw):
    path = tmp_path / "x.sites"
    path.write_bytes(raw)
    with pytest.raises(ModelError, match=r"x\.sites: "):
        load_memory(path)


def test_a_memory_that_does_not_say_whether_it_is_whole_is_refused(stored, tmp_path):
    raw = stored.read_bytes()[:-32].replace(b'"whole":false', b'"whole":null ')
    path = tmp_path / "x.sites"
    path.write_bytes(raw + hashlib.sha256(raw).digest())
    with pytest.raises(ModelError, match=r"x\.sites: has a broken head"):
        load_memory(path)


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ModelError, match="cleaner sites learn"):
        load_memory(tmp_path / "none.sites")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ModelError):
        load_memory(tmp_path)
