import io
import random
from itertools import islice

import pyarrow as pa
import pytest

from cleaner.corpus.endings import Format
from cleaner.corpus.formats import Piece, arrow
from cleaner.corpus.parts import Entry, Mark, Reading, Reject
from cleaner.corpus.sources import STANDARD, Source, find
from cleaner.errors import InputError

KINDS = {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}


def save(table, folder, kind, rows=3, **settings):
    path = folder / "a.arrow"
    with KINDS[kind](path, table.schema, **settings) as writer:
        for batch in table.to_batches(max_chunksize=rows):
            writer.write_batch(batch)
    return find([path])[0]


def read(path):
    with path.open("rb") as stream:
        is_file = stream.read(6) == b"ARROW1"
    reader = pa.ipc.open_file(path) if is_file else pa.ipc.open_stream(path)
    return is_file, [reader.get_batch(n) for n in range(reader.num_record_batches)] if is_file else list(reader)


def passed(source, folder, text="z"):
    rejects, target = [], folder / "out.arrow"
    broken = None
    with (folder / ".x.part").open("wb") as out:
        try:
            for part in arrow.parts(source, Reading(), Mark()):
                items = [part.fault] if part.fault else list(arrow.entries(source, part, Reading()))
                rejects += [item for item in items if isinstance(item, Reject)]
                entries = [item for item in items if isinstance(item, Entry)]
                out.write(arrow.write([Piece(entry, text) for entry in entries], source, Reading()))
        except InputError as error:
            broken = error
    arrow.finish(folder / ".x.part", target, source)
    return read(target)[1], rejects, broken


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_stays_a_file_and_a_stream_a_stream(tmp_path, kind):
    source = save(pa.table({"text": list("abcdefg")}), tmp_path, kind)
    found, _, _ = passed(source, tmp_path)
    assert read(tmp_path / "out.arrow")[0] == (kind == "file")
    assert [batch.num_rows for batch in found] == [3, 3, 1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("codec", [None, "lz4", "zstd"])
def test_the_codec_is_kept(tmp_path, kind, codec):
    options = pa.ipc.IpcWriteOptions(compression=codec)
    table = pa.table({"text": ["a" * 1000] * 4, "d": pa.array(["x" * 500] * 4).dictionary_encode()})
    source = save(table, tmp_path, kind, options=options)
    found, _, _ = passed(source, tmp_path, "a" * 1000)
    assert pa.Table.from_batches(found) == table
    assert arrow._shape(find([tmp_path / "out.arrow"])[0]).codec == codec


@pytest.mark.parametrize("kind", KINDS)
def test_dictionaries_of_other_columns_are_carried(tmp_path, kind):
    column = pa.array(["x", "y", None, "x", "z"]).dictionary_encode()
    source = save(pa.table({"text": ["a", "b", None, "c", "d"], "d": column}), tmp_path, kind, rows=2)
    found, _, _ = passed(source, tmp_path)
    assert [batch.column(1).to_pylist() for batch in found] == [["x", "y"], [None, "x"], ["z"]]
    assert found[0].schema.field("d").type == column.type


def test_dictionaries_that_change_within_a_stream_are_carried(tmp_path):
    parts = [pa.array(words).dictionary_encode() for words in (["a"], ["a", "b"], ["c"])]
    schema = pa.schema([("text", pa.string()), ("d", parts[0].type)])
    with pa.ipc.new_stream(tmp_path / "a.arrow", schema) as writer:
        for part in parts:
            writer.write_batch(pa.record_batch([pa.array(["t"] * len(part)), part], schema=schema))
    found, _, _ = passed(find([tmp_path / "a.arrow"])[0], tmp_path)
    assert [batch.column(1).to_pylist() for batch in found] == [["a"], ["a", "b"], ["c"]]


def test_what_the_footer_says_is_kept(tmp_path):
    source = save(pa.table({"text": ["a"]}), tmp_path, "file", metadata={"made by": "hand"})
    passed(source, tmp_path)
    assert dict(pa.ipc.open_file(tmp_path / "out.arrow").metadata) == {b"made by": b"hand"}


def test_a_huge_record_batch_is_cut_for_reading_and_whole_again(tmp_path):
    table = pa.table({"text": ["x" * 50_000] * 200, "v": pa.array(["y" * 100] * 200, pa.string_view())})
    source = save(table, tmp_path, "file", rows=200)
    parts = list(arrow.parts(source, Reading(), Mark()))
    assert len(parts) >= 5
    assert max(len(part.payload) for part in parts) < 4_000_000
    for number, part in enumerate(parts, 1):
        assert list(arrow.parts(source, Reading(), part.after)) == parts[number:]
    found, _, _ = passed(source, tmp_path)
    assert sum(batch.num_rows for batch in found) == 200


def test_a_dictionary_larger_than_a_part_is_no_endless_cutting(tmp_path):
    words = pa.array([f"{number:06}" * 1000 for number in range(1000)])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), words)
    source = save(pa.table({"text": ["a"] * 1000, "d": column}), tmp_path, "file", rows=1000)
    assert len(list(arrow.parts(source, Reading(), Mark()))) == 1


class Pipe(io.BufferedReader):
    """Standard input as it comes from another program: it cannot be searched."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation


@pytest.mark.parametrize("kind", KINDS)
def test_standard_input_is_read(tmp_path, kind, monkeypatch):
    save(pa.table({"text": list("abcde")}), tmp_path, kind)

    class Stdin:
        buffer = Pipe(io.FileIO(tmp_path / "a.arrow"))

    monkeypatch.setattr("sys.stdin", Stdin)
    source = Source(STANDARD, "stdin", Format.ARROW, 0)
    (part,) = arrow.parts(source, Reading(), Mark())
    entries = list(arrow.entries(source, part, Reading()))
    assert [entry.document.body for entry in entries] == list("abcde")
    (tmp_path / ".x.part").write_bytes(arrow.write([Piece(entry, "z") for entry in entries], source, Reading()))
    arrow.finish(tmp_path / ".x.part", tmp_path / "out.arrow", source)
    assert sum(batch.num_rows for batch in read(tmp_path / "out.arrow")[1]) == 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("keep", [0, 4, 12, 100])
def test_a_file_cut_off_in_its_head_is_named(tmp_path, kind, keep):
    source = save(pa.table({"text": ["a"]}), tmp_path, kind)
    source.path.write_bytes(source.path.read_bytes()[:keep])
    with pytest.raises(InputError, match=r"a\.arrow: holds no Arrow data that can be read \(.*fetch it again"):
        list(arrow.parts(source, Reading(), Mark()))


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_truncated_file_is_kept_what_came_before(tmp_path, kind):
    source = save(pa.table({"text": ["x" * 1000] * 9}), tmp_path, kind)
    raw = source.path.read_bytes()
    source.path.write_bytes(raw[: len(raw) * 2 // 3 - 500])
    found, rejects, broken = passed(find([source.path])[0], tmp_path)
    assert (sum(batch.num_rows for batch in found), rejects) == (3, [])
    assert "the Arrow data are broken after row 3 (" in broken.reason


def test_of_a_file_without_its_footer_all_rows_are_read(tmp_path):
    source = save(pa.table({"text": list("abcdefg")}), tmp_path, "file")
    source.path.write_bytes(source.path.read_bytes()[:-20])
    found, _, broken = passed(find([source.path])[0], tmp_path)
    assert sum(batch.num_rows for batch in found) == 7
    assert "without a footer" in broken.reason


def spoil(path, old, new):
    raw = path.read_bytes()
    at = raw.index(old)
    path.write_bytes(raw[:at] + new + raw[at + len(new) :])


@pytest.mark.parametrize("kind", KINDS)
def test_offsets_that_lead_out_of_the_data_cost_their_batch_alone(tmp_path, kind):
    source = save(pa.table({"text": ["abc", "defg", "hi", "j", "klm", "n"]}), tmp_path, kind)
    offsets = b"".join(number.to_bytes(4, "little") for number in (0, 1, 4, 5))
    spoil(source.path, offsets, b"".join(number.to_bytes(4, "little") for number in (0, 1 << 30, 4, 5)))
    parts = list(arrow.parts(source, Reading(), Mark()))
    for number, part in enumerate(parts, 1):
        assert list(arrow.parts(source, Reading(), part.after)) == parts[number:]
    found, (reject,), broken = passed(source, tmp_path)
    assert (sum(batch.num_rows for batch in found), broken) == (3, None)
    assert reject.line == 4
    assert reject.reason.startswith("record batch 2 is broken (")


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_compressed_buffer_costs_its_batch_alone(tmp_path, kind):
    chance = random.Random(5)  # noqa: S311 (no secret)
    texts = [chance.randbytes(2000).hex() for _ in range(9)]
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    source = save(pa.table({"text": texts}), tmp_path, kind, options=options)
    raw = bytearray(source.path.read_bytes())
    # Each batch has two buffers that are packed: its offsets and its characters.
    frames = [at for at in range(len(raw)) if raw.startswith(b"\x28\xb5\x2f\xfd", at)]
    raw[frames[len(frames) // 2]] = 0
    source.path.write_bytes(raw)
    found, rejects, broken = passed(source, tmp_path)
    assert sum(batch.num_rows for batch in found) == 6
    assert [reject.reason.split(" (")[0] for reject in rejects] == ["record batch 2 is broken"]
    assert broken is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(30))
def test_random_damage_is_survived(tmp_path, kind, seed):
    chance = random.Random(seed)  # noqa: S311 (no secret)
    table = pa.table(
        {"text": ["abc" * 100] * 30, "n": [[{"k": ["v"]}]] * 30, "d": pa.array(["x"] * 30).dictionary_encode()}
    )
    source = save(table, tmp_path, kind, rows=5)
    raw = bytearray(source.path.read_bytes())
    for _ in range(5):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    source.path.write_bytes(raw)
    try:
        found, rejects, broken = passed(source, tmp_path)
    except InputError:
        return  # the head of the file was hit
    assert sum(batch.num_rows for batch in found) == 30 or rejects or broken


def test_the_first_feather_is_refused(tmp_path):
    (tmp_path / "a.feather").write_bytes(b"FEA1" + bytes(100) + b"FEA1")
    with pytest.raises(InputError, match="Feather of the first version; write it anew"):
        list(arrow.parts(find([tmp_path / "a.feather"])[0], Reading(), Mark()))


def test_a_dictionary_that_stands_for_more_than_memory_holds_is_taken_out_bit_by_bit(tmp_path):
    """A text of a megabyte in every row."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000, pa.int16()), ["words " * 175_000])
    source = save(pa.table({"text": texts}), tmp_path, "file", rows=3_000)
    before = pa.total_allocated_bytes()
    made = arrow.parts(source, Reading(), Mark())
    assert [part.number for part in islice(made, 5)] == [0, 1, 2, 3, 4]
    assert pa.total_allocated_bytes() - before < 100_000_000
