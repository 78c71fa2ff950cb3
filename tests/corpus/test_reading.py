import bz2
import gzip
import json
import lzma
import random
import sys
import tomllib
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner.corpus.reading import Entry, Reading, Reject, documents, entries, entries_of, parts
from cleaner.corpus.sources import find
from cleaner.errors import InputError

BAD = tomllib.loads((Path(__file__).parent / "bad_lines.toml").read_text(encoding="utf-8"))["line"]


def read(path, reading=None):
    (source,) = find([path])
    reading = reading or Reading()
    found = list(entries(source, reading))
    glanced = [one for part in parts(source, reading) for one in entries_of(source, part, reading, glance=True)]
    assert list(map(without_record, glanced)) == list(map(without_record, found))
    rejects = [reject for reject in found if isinstance(reject, Reject)]
    return [entry.document for entry in found if isinstance(entry, Entry) and entry.document], rejects


def without_record(found):
    return replace(found, record=None) if isinstance(found, Entry) else found


def write(path, *records, pack=bytes):
    path.write_bytes(pack("".join(json.dumps(record) + "\n" for record in records).encode()))
    return path


def test_a_text_file_is_one_document_named_after_it(tmp_path):
    (tmp_path / "a.txt").write_bytes("é\r\n".encode())
    documents, rejects = read(tmp_path / "a.txt")
    assert [(document.id, document.body) for document in documents] == [("a.txt", "é\r\n")]
    assert rejects == []


def test_records_take_their_id_or_their_place(tmp_path):
    path = write(tmp_path / "a.jsonl", {"id": "x", "text": "1"}, {"text": "2"}, {"id": 3, "text": "3"})
    assert [document.id for document in read(path)[0]] == ["x", "a.jsonl:2", "3"]


def test_the_text_field_can_be_named(tmp_path):
    path = write(tmp_path / "a.jsonl", {"text": 1, "content": "yes"})
    assert read(path, Reading(text_field="content"))[0][0].body == "yes"


def test_lone_surrogates_of_json_survive(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "a\\ud800b"}\n')
    assert read(tmp_path / "a.jsonl")[0][0].body == "a\ud800b"


def test_bad_lines_are_rejected_with_their_bytes_and_the_others_read(tmp_path):
    raw = [case["raw"].encode() for case in BAD] + [b'{"text": "go\xffod"}', b'{"text": "last"}', b"\xff"]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(raw))
    documents, rejects = read(tmp_path / "a.jsonl")
    assert [document.body for document in documents] == ["go\udcffod", "last"]
    assert [reject.line for reject in rejects] == [*range(1, len(BAD) + 1), len(raw)]
    assert [reject.raw.rstrip(b"\n") for reject in rejects] == [*raw[: len(BAD)], b"\xff"]
    assert rejects[-1].as_dict()["raw_base64"] == "/w=="


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.txt", "hello".encode("utf-16"), "is UTF-16 text"),
        ("a.txt", b"PK\x03\x04\x00", "is a ZIP archive or an office document"),
        ("a.jsonl", "{}".encode("utf-16"), "is UTF-16 text"),
        ("a.jsonl.gz", b"no gzip", "the gzip data are broken from the start"),
        (
            "a.json",
            b'[\n {\n  "text": "a"\n }\n]\n',
            "is a JSON array, not JSON lines; make lines of the array first: jq",
        ),
        ("a.json", b'\xef\xbb\xbf[{\r\n  "text": "a"\r\n}]\r\n', "is a JSON array, not JSON lines"),
        (
            "a.json.gz",
            gzip.compress(b'\n[\n{"text": "a"},\n{"text": "b"}\n]', mtime=0),
            "is a JSON array, not JSON lines",
        ),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_one_reject(tmp_path, name, raw, reason):
    (tmp_path / name).write_bytes(raw)
    documents, (reject,) = read(tmp_path / name)
    assert documents == []
    assert reject.line is None
    assert reject.reason.startswith(reason)


def test_records_before_the_break_of_a_truncated_gzip_are_kept(tmp_path):
    records = [{"text": f"{number} " + "%x" % (number**97)} for number in range(500)]
    whole = write(tmp_path / "a.jsonl.gz", *records, pack=gzip.compress).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    documents, (reject,) = read(tmp_path / "a.jsonl.gz")
    assert 100 < len(documents) < 400
    assert [document.body for document in documents] == [record["text"] for record in records[: len(documents)]]
    assert reject.reason.startswith(f"the gzip data are broken after line {len(documents)} ")


@pytest.mark.parametrize("cut", [-1, -8])
def test_a_gzip_cut_in_its_last_bytes_keeps_all_records(tmp_path, cut):
    whole = write(tmp_path / "a.jsonl.gz", {"text": "a"}, {"text": "b"}, pack=gzip.compress).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(whole[:cut])
    documents, rejects = read(tmp_path / "a.jsonl.gz")
    assert [document.body for document in documents] == ["a", "b"]
    assert len(rejects) == 1


def test_flipped_bits_in_a_gzip_are_noticed(tmp_path):
    raw = bytearray(write(tmp_path / "a.jsonl.gz", {"text": "abcdefgh" * 9}, pack=gzip.compress).read_bytes())
    raw[-6] ^= 1
    (tmp_path / "a.jsonl.gz").write_bytes(raw)
    assert "CRC" in read(tmp_path / "a.jsonl.gz")[1][0].reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_single_line_of_200_megabytes_is_refused_without_being_held(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(b'{"text": "')
        stream.truncate(200_000_000)
        if name == "a.jsonl":
            stream.seek(0, 2)
            stream.write(b'\n{"text": "small"}\n')
    tracemalloc.start()
    documents, (reject,) = read(path, Reading(max_bytes=2_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "has 200 MB, over the limit of 2 MB" in reject.reason
    assert "raise --max-mb" in reject.reason
    assert [document.body for document in documents] == (["small"] if name == "a.jsonl" else [])
    assert peak < 20_000_000


@pytest.mark.parametrize(("length", "read_it"), [(100, True), (101, False)])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_the_limit_is_exact_and_does_not_count_the_line_end(tmp_path, length, read_it, end):
    head, tail = b'{"text": "', b'"}'
    (tmp_path / "a.jsonl").write_bytes(head + b"a" * (length - len(head + tail)) + tail + end)
    documents, rejects = read(tmp_path / "a.jsonl", Reading(max_bytes=100))
    assert (len(documents), len(rejects)) == ((1, 0) if read_it else (0, 1))


def test_only_stray_bytes_of_the_text_count(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"k": "\xff", "text": "a"}\n{"k": "\xff", "text": "\xe9\xe8"}\n')
    (source,) = find([tmp_path / "a.jsonl"])
    assert [entry.stray for entry in entries(source, Reading())] == [0, 2]


def test_a_file_that_vanished_is_a_reject(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    (source,) = find([tmp_path / "a.txt"])
    (tmp_path / "a.txt").unlink()
    (reject,) = entries(source, Reading())
    assert "cannot be read: No such file" in reject.reason


def test_reading_only_documents_stops_at_the_first_that_is_none(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "one"}\n\n{"text": 2}\n')
    (source,) = find([tmp_path / "a.jsonl"])
    with pytest.raises(InputError, match=r'a\.jsonl, line 3: holds a number in "text"'):
        list(documents(source, Reading()))


PAGE = "<!doctype html><p>Caf\u00e9</p>"


@pytest.mark.parametrize(
    ("name", "raw", "kind", "body"),
    [
        ("a.html", b"High water", "html", "High water"),
        ("a.HTM", b"", "html", ""),
        ("a.xhtml", PAGE.encode("utf-16"), "html", PAGE),
        ("a.html", PAGE.encode("latin-1"), "html", PAGE),
        ("a.txt", PAGE.encode("utf-8-sig"), "html", PAGE),
        ("a", PAGE.encode(), "html", PAGE),
        ("a.txt", b"High water", "text", "High water"),
        ("a.txt", b"Use <p> and </p>.", "text", "Use <p> and </p>."),
    ],
)
def test_files_are_of_the_kind_of_their_name_or_looks(tmp_path, name, raw, kind, body):
    (tmp_path / name).write_bytes(raw)
    ((document,), _) = read(tmp_path / name)
    assert (document.id, document.kind, document.body) == (name, kind, body)


def test_the_kind_can_be_given(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.encode())
    (source,) = find([tmp_path / "a.html"], kind="text")
    (entry,) = documents(source, Reading(kind="text"))
    assert (entry.document.kind, entry.document.body) == ("text", PAGE)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"%PDF-1.7\n", "is a PDF; extract its text first"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "is a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a JPEG image"),
        (bytes(range(32)) * 4, "is binary data, not an HTML page"),
        ("<p>x".encode("utf-32"), "is UTF-32 text; convert it first"),
    ],
)
def test_what_is_no_page_is_rejected_with_file_and_remedy(tmp_path, raw, reason):
    (tmp_path / "a.html").write_bytes(raw)
    found, (reject,) = read(tmp_path / "a.html")
    assert found == []
    assert reason in reject.reason
    assert reject.file == str(tmp_path / "a.html")


def test_characters_that_cannot_be_decoded_are_replaced_and_counted(tmp_path):
    (tmp_path / "a.html").write_bytes(b"<meta charset=utf-8><p>caf\xe9 \xef\xbf\xbd \xff")
    (source,) = find([tmp_path / "a.html"])
    (entry,) = documents(source, Reading())
    assert entry.document.body.endswith("caf\ufffd \ufffd \ufffd")
    assert (entry.stray, entry.replaced) == (0, 2)


def test_records_may_hold_html_in_a_field_of_its_own(tmp_path):
    path = write(
        tmp_path / "a.jsonl.gz", {"html": PAGE, "n": 1}, {"text": "x"}, {"html": "%PDF-1.4"}, pack=gzip.compress
    )
    (document,), rejects = read(path, Reading(html_field="html"))
    assert (document.kind, document.body) == ("html", PAGE)
    assert [(reject.line, reject.reason.partition(" (")[0]) for reject in rejects] == [
        (2, 'has no field "html"'),
        (3, "is a PDF; extract its text first, for instance with pdftotext"),
    ]


def test_the_address_of_a_record_goes_with_its_document(tmp_path):
    path = write(tmp_path / "a.jsonl", {"url": "https://halden.example/a", "text": "x"}, {"url": None, "text": "y"})
    assert [document.url for document in read(path)[0]] == ["https://halden.example/a", None]


def test_text_fields_are_told_apart_by_their_looks(tmp_path):
    path = write(tmp_path / "a.jsonl", {"text": PAGE}, {"text": "High <b>water</b>"})
    assert [document.kind for document in read(path)[0]] == ["html", "text"]
    assert [document.kind for document in read(path, Reading(kind="html"))[0]] == ["html", "html"]


def hexes(size, seed=1):
    return random.Random(seed).randbytes(size // 2).hex().encode()  # noqa: S311 (no secret)


def packings():
    """Ways to pack, by the ending of the name."""
    zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    return {".gz": gzip.compress, ".zst": zstd.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.mark.parametrize(
    ("ending", "size"),
    [(".gz", 150_000), (".gz", 3_000_000), (".zst", 3_000_000), (".bz2", 3_000_000), (".xz", 3_000_000)],
)
@pytest.mark.parametrize("keep", [0.5, 0.8, 0.999])
def test_a_line_over_the_limit_and_a_break_of_the_archive_in_it_are_both_told(tmp_path, ending, size, keep):
    raw = packings()[ending](b'{"text": "a"}\n' * 2 + b'{"text": "' + hexes(size) + b'"}\n')
    path = tmp_path / f"a.jsonl{ending}"
    path.write_bytes(raw[: int(keep * len(raw))])
    reading = Reading(max_bytes=30_000)
    documents, rejects = read(path, reading)
    assert [document.body for document in documents] == ["a", "a"]
    assert [reject.line for reject in rejects] == [3, None]
    assert "over the limit of 0.03 MB for one document" in rejects[0].reason
    assert "data are broken after line 3 (" in rejects[1].reason
    (source,) = find([path])
    found = list(parts(source, reading))
    for number, part in enumerate(found[:-1], 1):
        assert list(parts(source, reading, part.after)) == found[number:]


@pytest.mark.parametrize("ending", [".gz", ".zst", ".bz2", ".xz"])
def test_lines_over_the_limit_in_front_of_a_break_are_told_and_those_between_them_read(tmp_path, ending):
    first, *others = (b'{"text": "' + hexes(300_000, seed) + b'"}\n' for seed in range(12))
    raw = packings()[ending](b'{"text": "a"}\n' + first + b'{"text": "b"}\n' * 5 + b"broken\n" + b"".join(others))
    (tmp_path / f"a.jsonl{ending}").write_bytes(raw[: len(raw) * 3 // 4])
    documents, rejects = read(tmp_path / f"a.jsonl{ending}", Reading(max_bytes=100_000))
    assert [document.body for document in documents] == ["a", *"bbbbb"]
    *lines, last = (reject.line for reject in rejects)
    assert lines == [2, *range(8, 8 + len(lines) - 1)]
    assert len(lines) > 4
    assert last is None
    assert f"data are broken after line {lines[-1]} (" in rejects[-1].reason
