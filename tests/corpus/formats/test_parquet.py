import json
import random

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.corpus.endings import Format
from cleaner.corpus.formats import Piece, batches, parquet, spool
from cleaner.corpus.parts import Entry, Mark, Reading, Reject
from cleaner.corpus.sources import STANDARD, Source, find
from cleaner.errors import InputError, OutputError

READING = Reading()


def save(table, folder, **settings):
    pq.write_table(table, folder / "a.parquet", **settings)
    return find([folder / "a.parquet"])[0]


def passed(source, folder, reading=READING, **added):
    """Take a file through all that is done to it; return its new form and the rejects."""
    rejects, target = [], folder / "out.parquet"
    with (folder / ".x.part").open("wb") as out:
        for part in parquet.parts(source, reading, Mark()):
            items = [part.fault] if part.fault else list(parquet.entries(source, part, reading))
            rejects += [item for item in items if isinstance(item, Reject)]
            entries = [item for item in items if isinstance(item, Entry)]
            out.write(parquet.write([Piece(entry, "z", added=added) for entry in entries], source, reading))
    parquet.finish(folder / ".x.part", target, source)
    return pq.ParquetFile(target), rejects


def sizes(file):
    return [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]


def noise(size, seed=1):
    return random.Random(seed).randbytes(size).hex()  # noqa: S311 (no secret)


def test_row_groups_keep_their_sizes(tmp_path):
    table = pa.table({"text": ["a"] * 5 + ["%PDF-1.7"] * 3 + ["b"] * 3})
    file, rejects = passed(save(table, tmp_path, row_group_size=4), tmp_path, Reading(kind="html"))
    assert [reject.line for reject in rejects] == [6, 7, 8]
    assert sizes(file) == [4, 1, 3]


def test_a_row_group_of_many_parts_is_one_again(tmp_path):
    table = pa.table({"text": [noise(100_000, seed) for seed in range(40)]})
    source = save(table, tmp_path, row_group_size=30)
    assert len(list(parquet.parts(source, Reading(), Mark()))) == 4
    file, _ = passed(source, tmp_path)
    assert sizes(file) == [30, 10]


def test_a_huge_row_group_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "GROUP", 1_000_000)
    table = pa.table({"text": ["a"] * 20, "other": [noise(100_000, seed) for seed in range(20)]})
    file, _ = passed(save(table, tmp_path), tmp_path)
    assert sum(sizes(file)) == 20
    assert max(sizes(file)) < 20


def test_one_long_text_among_short_ones_is_a_part_of_its_own(tmp_path):
    lengths = [10] * 500 + [5_000_000] + [10] * 500
    source = save(pa.table({"text": ["x" * length for length in lengths]}), tmp_path)
    parts = list(parquet.parts(source, Reading(), Mark()))
    assert max(len(part.payload) for part in parts) < 5_000_000 + 2 * batches.PART
    assert sum(part.size for part in parts) == pytest.approx(source.size, rel=0.1)


@pytest.mark.parametrize("codec", ["NONE", "SNAPPY", "GZIP", "BROTLI", "LZ4", "ZSTD"])
def test_the_codec_is_kept(tmp_path, codec):
    table = pa.table({"text": ["a" * 100] * 3, "n": [[{"k": 1}]] * 3})
    file, _ = passed(save(table, tmp_path, compression=codec), tmp_path, labels=["x"])
    group = file.metadata.row_group(0)
    expected = "UNCOMPRESSED" if codec == "NONE" else codec
    assert [group.column(number).compression for number in range(3)] == [expected] * 3


def test_each_column_keeps_its_own_codec_and_dictionary(tmp_path):
    table = pa.table({"n": [[{"k": 1}]] * 3, "text": ["a" * 100] * 3})
    codecs = {"n.list.element.k": "GZIP", "text": "ZSTD"}
    source = save(table, tmp_path, compression=codecs, use_dictionary=["n.list.element.k"])
    file, _ = passed(source, tmp_path)
    columns = [file.metadata.row_group(0).column(number) for number in range(2)]
    assert [column.compression for column in columns] == ["GZIP", "ZSTD"]
    assert ["RLE_DICTIONARY" in column.encodings for column in columns] == [True, False]


def test_field_ids_nulls_and_metadata_are_kept(tmp_path):
    field = pa.field("text", pa.string(), nullable=False, metadata={"PARQUET:field_id": "7", "of": "me"})
    schema = pa.schema([field], metadata={"made by": "hand"})
    file, _ = passed(save(pa.table([["a"]], schema=schema), tmp_path), tmp_path)
    assert file.schema_arrow.equals(schema, check_metadata=True)


def test_pandas_metadata_tells_of_added_columns(tmp_path):
    frame = pd.DataFrame({"text": ["a", "b"], "n": [1, 2]}, index=pd.Index(["r", "s"], name="key"))
    frame.to_parquet(tmp_path / "a.parquet")
    file, _ = passed(find([tmp_path / "a.parquet"])[0], tmp_path, labels=["x"], text_original="o")
    told = json.loads(file.schema_arrow.metadata[b"pandas"])
    assert [column["name"] for column in told["columns"]] == ["text", "n", "labels", "text_original", "key"]
    again = pd.read_parquet(tmp_path / "out.parquet")
    assert list(again.columns) == ["text", "n", "labels", "text_original"]
    assert list(again.index) == ["r", "s"]
    assert list(again["text"]) == ["z", "z"]


def test_a_category_of_pandas_becomes_plain_text(tmp_path):
    pd.DataFrame({"text": pd.Categorical(["a", "b", "a"])}).to_parquet(tmp_path / "a.parquet")
    file, _ = passed(find([tmp_path / "a.parquet"])[0], tmp_path)
    (column,) = json.loads(file.schema_arrow.metadata[b"pandas"])["columns"]
    assert (column["pandas_type"], column["metadata"]) == ("unicode", None)
    assert list(pd.read_parquet(tmp_path / "out.parquet")["text"]) == ["z"] * 3


@pytest.fixture
def groups(tmp_path):
    """Three row groups of three rows whose bytes do not shrink."""
    table = pa.table({"text": [noise(3000, seed) for seed in range(9)], "n": list(range(9))})
    return save(table, tmp_path, row_group_size=3, compression="SNAPPY", use_dictionary=False)


def spoil(path, at, data):
    raw = bytearray(path.read_bytes())
    raw[at : at + len(data)] = data
    path.write_bytes(raw)


def test_a_broken_page_costs_its_row_group_alone(tmp_path, groups):
    column = pq.read_metadata(groups.path).row_group(1).column(0)
    spoil(groups.path, column.data_page_offset, b"\xff" * 30)
    file, rejects = passed(groups, tmp_path)
    assert file.read(["n"])["n"].to_pylist() == [0, 1, 2, 6, 7, 8]
    (reject,) = rejects
    assert reject.line == 4
    assert reject.reason.startswith("row group 2 of 3 is broken (")
    assert reject.reason.endswith("; rows 4 to 6 cannot be read, fetch the file again")


def test_reading_goes_on_from_the_marks_around_a_broken_page(groups):
    column = pq.read_metadata(groups.path).row_group(1).column(0)
    spoil(groups.path, column.data_page_offset, b"\xff" * 30)
    parts = list(parquet.parts(groups, Reading(), Mark()))
    assert [(part.number, part.after, part.fault is None) for part in parts] == [
        (0, Mark(3, 1), True),
        (3, Mark(6, 2), False),
        (6, Mark(9, 3), True),
    ]
    for number, part in enumerate(parts, 1):
        assert list(parquet.parts(groups, Reading(), part.after)) == parts[number:]


def test_a_flipped_bit_is_found_by_the_checksum_of_its_page(tmp_path):
    table = pa.table({"text": [noise(3000, seed) for seed in range(3)]})
    settings = {"compression": "NONE", "use_dictionary": False, "write_page_checksum": True}
    source = save(table, tmp_path, row_group_size=1, **settings)
    column = pq.read_metadata(source.path).row_group(1).column(0)
    spoil(source.path, column.data_page_offset + 1000, b"~")
    file, rejects = passed(source, tmp_path)
    assert (file.metadata.num_rows, [reject.line for reject in rejects]) == (2, [2])


@pytest.mark.parametrize("keep", [0, 3, 8, 500, -1, -8, -200])
def test_a_truncated_file_is_named(groups, keep):
    raw = groups.path.read_bytes()
    groups.path.write_bytes(raw[:keep])
    with pytest.raises(InputError, match=r"a\.parquet: is no Parquet file that can be read \(.*its end is broken"):
        list(parquet.parts(groups, Reading(), Mark()))


def test_a_broken_footer_is_named(groups):
    spoil(groups.path, groups.path.stat().st_size - 300, b"\xff" * 200)
    with pytest.raises(InputError, match="is no Parquet file that can be read"):
        list(parquet.parts(groups, Reading(), Mark()))


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_is_survived(tmp_path, groups, seed):
    chance = random.Random(seed)  # noqa: S311 (no secret)
    size = groups.path.stat().st_size
    spoil(groups.path, chance.randrange(4, size - 2000), chance.randbytes(chance.randrange(1, 200)))
    try:
        file, rejects = passed(groups, tmp_path)
    except InputError:
        return  # the footer was hit
    lost = sum(_count(reject.reason) for reject in rejects)
    assert file.metadata.num_rows + lost == 9


def _count(reason):
    """Return how many rows a fault speaks of."""
    words = reason.replace(" cannot", "").split("; row")[-1].split(",")[0].split()
    return int(words[-1]) - int(words[1]) + 1 if "to" in words else 1


def test_standard_input_is_refused():
    with pytest.raises(InputError, match="read from its end"):
        list(parquet.parts(Source(STANDARD, "stdin", Format.PARQUET, 0), Reading(), Mark()))


def test_a_target_that_cannot_be_written_is_named(tmp_path, groups):
    (tmp_path / ".x.part").write_bytes(b"")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="taken: cannot be written"):
        parquet.finish(tmp_path / ".x.part", tmp_path / "taken", groups)
    assert (tmp_path / ".x.part").exists()
    assert not (tmp_path / ".x.part.whole").exists()


def test_of_a_broken_row_group_all_rows_before_the_broken_page_are_kept(tmp_path):
    table = pa.table({"text": [f"Line {number} of many, which is not so very long." for number in range(4000)]})
    settings = {"compression": "NONE", "use_dictionary": False, "write_page_checksum": True}
    source = save(table, tmp_path, data_page_size=20_000, **settings)
    spoil(source.path, source.path.read_bytes().find(b"Line 3600 "), b"l")
    file, (reject,) = passed(source, tmp_path)
    assert 3000 < file.metadata.num_rows < 3601
    assert reject.line == file.metadata.num_rows + 1
    assert f"rows {reject.line} to 4000 cannot be read" in reject.reason
