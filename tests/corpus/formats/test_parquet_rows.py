"""A Parquet file of kilobytes that stands for gigabytes is read in bounded memory, and others as ever."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.corpus.formats import parquet, parquet_rows
from cleaner.corpus.formats.page_header import dictionary_size
from cleaner.corpus.formats.spool import unpack
from cleaner.corpus.parts import PART, Mark, Reading
from cleaner.corpus.sources import find

LONG = "The bridge was closed on Monday.\n" * 40_000
"""A text of 1.3 MB."""
ROWS = 4_000
"""So many of them are 5.3 GB."""


def repeated(count):
    return pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), [LONG])


def save(table, path, **settings):
    pq.write_table(table, path, dictionary_pagesize_limit=1 << 28, compression="zstd", **settings)
    assert path.stat().st_size < 100_000
    return path


def in_a_process_of_its_own(program, *words):
    """Run a program; return what it prints, and the megabytes of memory that it took at most."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells so")
    command = [sys.executable, "-c", program + PEAK, *map(str, words)]
    *lines, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return lines, int(peak) / 1_000


# What `resource` tells is at least what the process had that started this one.
PEAK = """
print(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM")))
"""

READ = """
import sys
from pathlib import Path
from cleaner.corpus.formats import parquet
from cleaner.corpus.parts import Mark, Reading
from cleaner.corpus.sources import find
count = 0
for part in parquet.parts(find([Path(sys.argv[1])])[0], Reading(), Mark()):
    count += 1 if part.fault else 0
    after = part.after.records
print(after, count)
"""

CLEAN = """
import sys
from pathlib import Path
from cleaner import Cleaner
from cleaner.corpus import Reading, Settings, clean_corpus, plan_run
settings = Settings(Reading(max_bytes=1_000_000))
outcome = clean_corpus(Cleaner(rules_only=True), plan_run([Path(sys.argv[1])], sys.argv[2]), settings)
print(outcome.total.documents, outcome.rejected)
"""


def test_rows_that_repeat_one_long_text_are_read_in_bounded_memory(tmp_path):
    path = save(pa.table({"text": repeated(ROWS)}), tmp_path / "a.parquet", store_schema=False)
    assert pq.read_schema(path).field("text").type == pa.string()
    lines, peak = in_a_process_of_its_own(READ, path)
    assert lines == [f"{ROWS} 0"]
    assert peak < 1_500


def test_each_of_them_is_a_document_of_its_own_or_a_reject(tmp_path):
    words = ["The council met.\nAdvertisement"]
    texts = pa.DictionaryArray.from_arrays(pa.array([0, 1, *[1] * ROWS, 0], pa.int32()), [*words, LONG])
    path = save(pa.table({"text": texts}), tmp_path / "a.parquet", store_schema=False)
    lines, peak = in_a_process_of_its_own(CLEAN, path, tmp_path / "out.parquet")
    assert lines == [f"2 {ROWS + 1}"]
    assert peak < 1_500
    assert pq.read_table(tmp_path / "out.parquet")["text"].to_pylist() == ["The council met."] * 2
    rejects = [json.loads(line) for line in (tmp_path / "out.parquet.rejects.jsonl").read_bytes().splitlines()]
    assert [reject["line"] for reject in rejects] == list(range(2, ROWS + 3))
    assert "has 1.32 MB, over the limit of 1 MB for one document" in rejects[0]["reason"]


def test_columns_that_nobody_cleans_are_bounded_too(tmp_path):
    table = pa.table({"text": ["short"] * ROWS, "other": repeated(ROWS)})
    lines, peak = in_a_process_of_its_own(READ, save(table, tmp_path / "a.parquet", store_schema=False))
    assert lines == [f"{ROWS} 0"]
    assert peak < 1_500


def test_prefixes_that_values_share_are_bounded(tmp_path):
    with pq.ParquetWriter(
        tmp_path / "a.parquet",
        pa.schema([("text", pa.string())]),
        use_dictionary=False,
        column_encoding={"text": "DELTA_BYTE_ARRAY"},
        compression="zstd",
    ) as writer:
        writer.write_table(pa.table({"text": repeated(1_000).cast(pa.string())}))
    assert (tmp_path / "a.parquet").stat().st_size < 100_000
    lines, peak = in_a_process_of_its_own(READ, tmp_path / "a.parquet")
    assert lines == ["1000 0"]
    assert peak < 1_000


def test_one_row_whose_lists_hold_gigabytes_is_a_reject_and_the_rows_around_it_are_read(tmp_path):
    offsets = pa.array([0, 1, ROWS, ROWS + 1], pa.int32())
    table = pa.table({"text": ["a", "b", "c"], "l": pa.ListArray.from_arrays(offsets, repeated(ROWS + 1))})
    path = save(table, tmp_path / "a.parquet", store_schema=False)
    lines, peak = in_a_process_of_its_own(READ, path)
    assert lines == ["3 1"]
    assert peak < 1_000
    parts = list(parquet.parts(find([path])[0], Reading(), Mark()))
    assert [part.after for part in parts] == [Mark(1, 0), Mark(2, 0), Mark(3, 1)]
    assert parts[1].fault.line == 2
    assert parts[1].fault.reason.startswith('has 5279 MB in the lists of column "l", over the 268.4 MB')
    assert "leave that column out" in parts[1].fault.reason
    schemas = {batch.schema.field("l").type for part in (parts[0], parts[2]) for _, batch in unpack(part.payload)}
    assert schemas == {pa.list_(pa.field("element", pa.string()))}
    for number, part in enumerate(parts, 1):
        again = list(parquet.parts(find([path])[0], Reading(), part.after))
        assert [one.number for one in again] == [one.number for one in parts[number:]]


WORDS = ["a", None, "é" * 50, "", "b" * 300]
LISTS = [["a", "b"], None, [], ["a", None], ["é" * 90] * 5]
COLUMNS = {
    "string": pa.array(WORDS * 100),
    "large string": pa.array(WORDS * 100, pa.large_string()),
    "view": pa.array(WORDS * 100, pa.string_view()),
    "bytes": pa.array([b"\xff", None, b"a", b"", b"\0" * 9] * 100),
    "dictionary": pa.array(WORDS * 100).dictionary_encode(),
    "fixed": pa.array([b"abc", None, b"def", b"abc", b"abc"] * 100, pa.binary(3)),
    "numbers": pa.array([1, None, 2, 3, 1] * 100),
    "list": pa.array(LISTS * 100),
    "large list": pa.array(LISTS * 100, pa.large_list(pa.large_string())),
    "list of views": pa.array(LISTS * 100, pa.list_(pa.string_view())),
    "list of lists": pa.array([[["a"], None, []], None, [], [["b", None]], [["a"] * 9]] * 100),
    "list of structs": pa.array([[{"k": "a", "n": 1}, None], None, [], [{"k": None, "n": 2}], [{"k": "b"}]] * 100),
    "map": pa.array([[("k", "a")], None, [], [("l", None)], [("k", "b")]] * 100, pa.map_(pa.string(), pa.string())),
    "struct": pa.array([{"k": "a"}, None, {"k": None}, {"k": "b"}, {"k": "a"}] * 100),
    "list of numbers": pa.array([[1.5], None, [], [None], [2.5] * 40] * 100),
    "nothing": pa.nulls(500),
}


@pytest.mark.parametrize("careful", [False, True])
@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize(
    "settings", [{}, {"use_dictionary": False}, {"data_page_version": "2.0", "row_group_size": 70}]
)
def test_every_type_comes_as_it_is(tmp_path, monkeypatch, careful, name, settings):
    if careful:
        # As if this were a large file.
        for constant, value in {"_UNPACKED": 400, "_HELD": 900, "_LISTED": 10, "_ROWS": 40}.items():
            monkeypatch.setattr(parquet_rows, constant, value)
    table = pa.table({"text": pa.array(["the text"] * 500), "other": COLUMNS[name]})
    pq.write_table(table, tmp_path / "a.parquet", **settings)
    source = find([tmp_path / "a.parquet"])[0]
    batches = [batch for part in parquet.parts(source, Reading(), Mark()) for _, batch in unpack(part.payload)]
    with pq.ParquetFile(tmp_path / "a.parquet") as file:
        expected = pa.Table.from_batches(file.iter_batches(500))
    found = pa.Table.from_batches(batches, batches[0].schema)
    assert found.schema.equals(expected.schema)
    assert found["other"].to_pylist() == COLUMNS[name].to_pylist()
    assert len(batches) >= 12 or not careful


def test_ordinary_rows_are_handed_on_together(tmp_path):
    texts = [f"{number} words " * 100 for number in range(5_000)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet")
    parts = list(parquet.parts(find([tmp_path / "a.parquet"])[0], Reading(), Mark()))
    assert len(parts) <= 1.5 * sum(map(len, texts)) / PART
    assert sum(len(list(unpack(part.payload))) for part in parts) <= 2 * len(parts)


def test_the_size_of_a_dictionary_is_read_from_its_page(tmp_path):
    pq.write_table(pa.table({"text": ["a" * 70_000, "bcd"] * 2}), tmp_path / "a.parquet", compression="zstd")
    column = pq.read_metadata(tmp_path / "a.parquet").row_group(0).column(0)
    with (tmp_path / "a.parquet").open("rb") as stream:
        assert dictionary_size(stream, column.dictionary_page_offset) == 70_000 + 4 + 3 + 4
        assert dictionary_size(stream, column.data_page_offset) == 0
        assert dictionary_size(stream, (tmp_path / "a.parquet").stat().st_size) == 0


@pytest.mark.parametrize(
    "head", [b"", b"\x15", b"\x15\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x15\x04\x16\x02"]
)
def test_what_is_no_header_tells_of_no_dictionary(tmp_path, head):
    (tmp_path / "a").write_bytes(head)
    with (tmp_path / "a").open("rb") as stream:
        assert dictionary_size(stream, 0) == 0
