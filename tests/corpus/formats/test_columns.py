import datetime as dt
import decimal
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.corpus.formats import Piece, batches, container, parquet_rows
from cleaner.corpus.parts import Entry, Mark, Reading, Reject
from cleaner.corpus.sources import find
from cleaner.errors import InputError, MissingExtra

KINDS = ("parquet", "file", "stream")
FILES = {"parquet": "a.parquet", "file": "a.feather", "stream": "a.arrow"}


def save(table, folder, kind, rows=3, **settings):
    path = folder / FILES[kind]
    if kind == "parquet":
        pq.write_table(table, path, row_group_size=rows, **settings)
    else:
        new = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
        with new(path, table.schema, **settings) as writer:
            for batch in table.to_batches(max_chunksize=rows):
                writer.write_batch(batch)
    return find([path])[0]


def load(path):
    if path.suffix == ".parquet":
        return pq.read_table(path)
    with path.open("rb") as stream:
        is_file = stream.read(6) == b"ARROW1"
    return (pa.ipc.open_file(path) if is_file else pa.ipc.open_stream(path)).read_all()


READING, BEGINNING = Reading(), Mark()
PAGES, NO_PAGE = Reading(kind="html"), "%PDF-1.7"
"""How texts are read so that a row with this one is rejected."""


def found(source, reading=READING, start=BEGINNING):
    form = container(source.format)
    for part in form.parts(source, reading, start):
        yield part, [part.fault] if part.fault else list(form.entries(source, part, reading))


def piece(entry, change, added):
    if entry.document is None:
        return Piece(entry, "", changed=False, added=dict.fromkeys(added))
    text = change(entry.document.body)
    changed = not entry.missing and text != entry.document.body
    return Piece(entry, text, changed, {name: make(entry) for name, make in added.items()})


def passed(source, folder, change=str.upper, reading=READING, **added):
    """Take a file through all that is done to it; return the result and what was rejected."""
    form = container(source.format)
    spool, target = folder / ".spool.part", folder / "out" / source.name
    target.parent.mkdir(exist_ok=True)
    rejects = []
    with spool.open("wb") as out:
        for _, items in found(source, reading):
            rejects += [item for item in items if isinstance(item, Reject)]
            pieces = [piece(entry, change, added) for entry in items if isinstance(entry, Entry)]
            out.write(form.write(pieces, source, reading))
    form.finish(spool, target, source)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    return target, rejects


SIMPLE = [
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint32(), st.integers(0, 2**32 - 1)),
    (pa.float64(), st.floats(allow_nan=False)),
    (pa.bool_(), st.booleans()),
    (pa.string(), st.text(max_size=5)),
    (pa.large_string(), st.text(max_size=5)),
    (pa.binary(), st.binary(max_size=5)),
    (pa.binary(3), st.binary(min_size=3, max_size=3)),
    (pa.date32(), st.dates()),
    (pa.timestamp("us", "UTC"), st.datetimes(timezones=st.just(dt.UTC))),
    (pa.decimal128(12, 2), st.integers(-(10**9), 10**9).map(lambda n: decimal.Decimal(n).scaleb(-2))),
]
# Within others these are no types that the library writes to Parquet, or reads as such again.
FLAT = [
    (pa.string_view(), st.text(max_size=20)),
    (pa.dictionary(pa.int8(), pa.string()), st.sampled_from(["a", "b", "ä"])),
]


def nested(inner):
    def of_list(pair):
        return pa.list_(pair[0]), st.lists(st.none() | pair[1], max_size=3)

    def of_struct(pairs):
        kind = pa.struct([(f"f{number}", pair[0]) for number, pair in enumerate(pairs)])
        return kind, st.fixed_dictionaries({f"f{number}": st.none() | pair[1] for number, pair in enumerate(pairs)})

    def of_map(pair):
        return pa.map_(pa.string(), pair[0]), st.lists(st.tuples(st.text(max_size=3), st.none() | pair[1]), max_size=2)

    return inner.map(of_list) | st.lists(inner, min_size=1, max_size=3).map(of_struct) | inner.map(of_map)


TYPES = st.recursive(st.sampled_from(SIMPLE), nested, max_leaves=4) | st.sampled_from(FLAT)
TEXT_TYPES = [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary()]


@st.composite
def tables(draw):
    count = draw(st.integers(0, 12))
    kinds = draw(st.lists(TYPES, max_size=4))
    columns = {
        f"c{number}": pa.array(draw(st.lists(st.none() | values, min_size=count, max_size=count)), kind)
        for number, (kind, values) in enumerate(kinds)
    }
    bodies = draw(st.lists(st.none() | st.text(max_size=300), min_size=count, max_size=count))
    kind = draw(st.sampled_from(TEXT_TYPES))
    raw = [body.encode() if body is not None and "binary" in str(kind) else body for body in bodies]
    at = draw(st.integers(0, len(columns)))
    items = list(columns.items())
    return pa.table(dict([*items[:at], ("text", pa.array(raw, kind)), *items[at:]])), bodies


@pytest.mark.parametrize("kind", KINDS)
@given(made=tables(), rows=st.integers(1, 5), part=st.sampled_from([50, 1 << 20]))
def test_other_columns_come_through_as_they_were(tmp_path_factory, kind, made, rows, part):
    table, bodies = made
    folder = tmp_path_factory.mktemp("columns")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "PART", part)
        patch.setattr(parquet_rows, "PART", part)
        source = save(table, folder, kind, rows)
        before = load(source.path)
        target, rejects = passed(source, folder, lambda text: f"{text[:2]}ß")
    after = load(target)
    assert after.schema.equals(before.schema, check_metadata=True)
    assert not rejects
    expected = [None if body is None else f"{body[:2]}ß" for body in bodies]
    got = after["text"].to_pylist()
    assert [text.decode() if isinstance(text, bytes) else text for text in got] == expected
    for name in set(after.schema.names) - {"text"}:
        assert after[name].to_pylist() == before[name].to_pylist()


@pytest.mark.parametrize("kind", KINDS)
@given(sizes=st.lists(st.integers(0, 4000), max_size=40), rows=st.integers(1, 50))
def test_reading_goes_on_from_any_mark_with_the_same_parts(tmp_path_factory, kind, sizes, rows):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "PART", 2000)
        patch.setattr(parquet_rows, "PART", 2000)
        folder = tmp_path_factory.mktemp("marks")
        source = save(pa.table({"text": pa.array(["x" * size for size in sizes], pa.string())}), folder, kind, rows)
        form = container(source.format)
        parts = list(form.parts(source, Reading(), Mark()))
        assert (parts[-1].after.records if parts else 0) == len(sizes)
        for number, part in enumerate(parts, 1):
            # A part of columns alone is made again.
            assert list(form.parts(source, Reading(), part.after)) == parts[0 if part.after == Mark() else number :]


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_file_and_its_copy_are_the_same_bytes(tmp_path, kind):
    table = pa.table({"text": ["a", "b", "c", "d"], "n": [1, None, 3, 4]})
    source = save(table, tmp_path, kind)
    once, _ = passed(source, tmp_path, str)
    first = once.read_bytes()
    again, _ = passed(source, tmp_path, str)
    assert again.read_bytes() == first
    assert load(again).equals(table)


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_dictionary_becomes_plain(tmp_path, kind):
    text = pa.array(["x", None, "y", "x"]).dictionary_encode()
    source = save(pa.table({"text": text, "n": [1, 2, 3, 4]}), tmp_path, kind)
    target, rejects = passed(source, tmp_path)
    assert load(target).to_pydict() == {"text": ["X", None, "Y", "X"], "n": [1, 2, 3, 4]}
    assert load(target).schema.field("text").type == pa.string()
    assert not rejects


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("type_", [pa.binary(), pa.string(), pa.large_string(), pa.string_view()])
def test_bytes_that_are_no_utf8_come_back_as_they_were(tmp_path, kind, type_):
    values = [b"a caf\xe9", None, "é".encode(), b"\xff" * 30]
    twin = pa.array(values, pa.binary_view() if type_ == pa.string_view() else
                    pa.large_binary() if type_ == pa.large_string() else pa.binary())  # fmt: skip
    column = pa.Array.from_buffers(type_, len(values), twin.buffers())
    source = save(pa.table({"text": column}), tmp_path, kind)
    entries = [item for _, items in found(source) for item in items if isinstance(item, Entry)]
    assert [entry.stray for entry in entries] == [1, 0, 0, 30]
    assert entries[0].document.body == "a caf\udce9"
    target, _ = passed(source, tmp_path, lambda text: text[2:] if len(text) > 2 else text)
    after = load(target)
    assert after.schema.field("text").type == type_
    assert after["text"].combine_chunks().cast(twin.type).to_pylist() == [b"caf\xe9", None, "é".encode(), b"\xff" * 28]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lone_surrogate_that_is_no_byte_becomes_a_replacement_character(tmp_path, kind):
    source = save(pa.table({"text": ["a"]}), tmp_path, kind)
    target, _ = passed(source, tmp_path, lambda _: "\ud83d and \udc41", labels=lambda _: ["x\ud800"])
    assert load(target).to_pylist() == [{"text": "\ufffd and \ufffd", "labels": ["x\ufffd"]}]


@pytest.mark.parametrize("kind", KINDS)
def test_ids_urls_and_lines_are_told(tmp_path, kind):
    table = pa.table({"id": ["a", "", None], "url": ["http://a.example/", None, ""], "text": ["x", "<p>y", "z"]})
    source = save(table, tmp_path, kind, rows=2)
    entries = [item for _, items in found(source) for item in items]
    ids = [(entry.document.id, entry.document.url, entry.line) for entry in entries]
    name = FILES[kind]
    assert ids == [("a", "http://a.example/", 1), (f"{name}:2", None, 2), (f"{name}:3", None, 3)]


@pytest.mark.parametrize("kind", KINDS)
def test_whole_numbers_are_ids(tmp_path, kind):
    source = save(pa.table({"id": pa.array([7, None], pa.uint16()), "text": ["x", "y"]}), tmp_path, kind)
    assert [item.document.id for _, items in found(source) for item in items] == ["7", f"{FILES[kind]}:2"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("table", "reading", "message"),
    [
        ({"body": ["x"]}, Reading(), r'has no column "text" \(columns: "body"\); .* --text-field'),
        ({"text": [1]}, Reading(), r'holds int64 in column "text", not text; .* --text-field'),
        ({"text": [["x"]]}, Reading(), r'holds list<.*> in column "text", not text'),
        ({"text": ["x"]}, Reading(html_field="html"), r'has no column "html" .* --html-field'),
        ({"text": ["x"], "html": ["y"]}, Reading(html_field="html"), r'has a column "text" beside "html"'),
    ],
)
def test_a_file_without_a_column_of_text_says_so(tmp_path, kind, table, reading, message):
    source = save(pa.table(table), tmp_path, kind)
    with pytest.raises(InputError, match=message):
        list(found(source, reading))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_rows_keeps_its_schema(tmp_path, kind):
    table = pa.table({"body": pa.array([], pa.int64()), "n": pa.array([], pa.list_(pa.string()))})
    source = save(table.replace_schema_metadata({"made by": "hand"}), tmp_path, kind)
    target, rejects = passed(source, tmp_path)
    assert load(target).schema.equals(load(source.path).schema, check_metadata=True)
    assert load(target).num_rows == len(rejects) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_whose_rows_were_all_rejected_keeps_its_schema(tmp_path, kind):
    source = save(pa.table({"text": [NO_PAGE, NO_PAGE], "n": [1, 2]}), tmp_path, kind)
    target, rejects = passed(source, tmp_path, reading=PAGES)
    assert (load(target).num_rows, len(rejects)) == (0, 2)
    assert load(target).schema == pa.schema([("text", pa.string()), ("n", pa.int64())])


NONE = {
    "no rows": ([], READING),
    "rows that are rejected": ([NO_PAGE, NO_PAGE], PAGES),
    "one over the limit": (["y" * 3_000_000], Reading(max_bytes=1000)),
    "one over the limit, then one that is rejected": (["y" * 3_000_000, NO_PAGE], Reading(kind="html", max_bytes=1000)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("texts", "reading"), NONE.values(), ids=NONE)
@pytest.mark.parametrize("type_", [pa.large_string(), pa.dictionary(pa.int32(), pa.large_string())])
def test_a_file_without_a_row_that_can_be_read_gets_the_columns_of_the_others(tmp_path, kind, texts, reading, type_):
    added = {
        "metadata": lambda _: {"title": "t"},
        "text_original": lambda entry: entry.document.body,
        "s": lambda _: [[0, 1, 0.5]],
    }
    made = []
    for name, rows in (("none", texts), ("some", ["<p>a</p>"])):
        numbers = pa.array(range(len(rows)), pa.int64())
        table = pa.table({"text": pa.array(rows, pa.large_string()).cast(type_), "n": numbers})
        (folder := tmp_path / name).mkdir()
        made.append(passed(save(table, folder, kind, rows=1), folder, reading=reading, **added))
    (none, rejects), (some, _) = made
    assert load(some).schema.names == ["text", "n", "metadata", "text_original", "s"]
    assert load(none).schema.equals(load(some).schema)
    assert (load(none).num_rows, len(rejects)) == (0, len(texts))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_begins_with_what_cannot_be_read_has_one_type_for_each_column(tmp_path, kind):
    source = save(pa.table({"text": ["y" * 3_000_000, "a"]}), tmp_path, kind, rows=1)
    target, rejects = passed(source, tmp_path, reading=Reading(max_bytes=1000), kept=lambda entry: entry.document.body)
    assert load(target).to_pydict() == {"text": ["A"], "kept": ["a"]}
    assert len(rejects) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["y" * 3_000_000, "y" * 1100])
def test_a_row_over_the_limit_is_refused_and_the_others_are_read(tmp_path, kind, text):
    source = save(pa.table({"text": ["a", text, "b"], "n": [1, 2, 3]}), tmp_path, kind)
    target, rejects = passed(source, tmp_path, reading=Reading(max_bytes=1000))
    assert [(reject.line, reject.raw) for reject in rejects] == [(2, None)]
    assert "over the limit" in rejects[0].reason
    assert load(target).to_pydict() == {"text": ["A", "B"], "n": [1, 3]}


@pytest.mark.parametrize("kind", KINDS)
def test_added_columns_stand_behind_the_others(tmp_path, kind):
    table = pa.table({"text": ["a", "b", "c", "d"], "labels": [1, 2, 3, 4]})
    source = save(table, tmp_path, kind)
    added = {
        "text_original": lambda entry: entry.document.body,
        "labels": lambda _: ["never written: there is a column of that name"],
        "line_scores": lambda entry: [[0, 1, 0.5]] if entry.line > 1 else [],
        "metadata": lambda entry: {"title": "t"} if entry.line == 4 else None,
        "seen": lambda entry: entry.line,
    }
    target, _ = passed(source, tmp_path, **added)
    after = load(target)
    assert after.schema.names == ["text", "labels", "text_original", "line_scores", "metadata", "seen"]
    assert after["text_original"].to_pylist() == ["a", "b", "c", "d"]
    assert after["labels"].to_pylist() == [1, 2, 3, 4]
    assert after["line_scores"].to_pylist() == [[], [[0, 1, 0.5]], [[0, 1, 0.5]], [[0, 1, 0.5]]]
    assert after["metadata"].to_pylist()[3]["title"] == "t"
    assert after["metadata"].to_pylist()[:3] == [None] * 3
    assert after["seen"].to_pylist() == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_that_only_some_parts_have_is_null_in_the_others(tmp_path, kind, monkeypatch):
    monkeypatch.setattr(batches, "PART", 1)
    source = save(pa.table({"text": list("abcd")}), tmp_path, kind, rows=1)
    form = container(source.format)
    spool, target = tmp_path / ".x.part", tmp_path / f"out-{source.name}"
    with spool.open("wb") as out:
        for number, (_, (entry,)) in enumerate(found(source)):
            added = [{}, {"score": 1}, {"other": "x", "score": 0.5}, {"note": None}][number]
            out.write(form.write([Piece(entry, "z", added=added)], source, Reading()))
    form.finish(spool, target, source)
    after = load(target)
    assert after.schema.names == ["text", "score", "other", "note"]
    assert after["score"].to_pylist() == [None, 1.0, 0.5, None]
    assert after["other"].to_pylist() == [None, None, "x", None]


@pytest.mark.parametrize("kind", KINDS)
def test_html_makes_room_for_its_text(tmp_path, kind):
    page = "<html><head><meta charset=latin-1></head><body><p>Café am Fluß</p></body></html>".encode("latin-1")
    source = save(pa.table({"n": [1, 2], "html": [page, b"\0" * 9], "z": ["a", "b"]}), tmp_path, kind)
    reading = Reading(html_field="html", text_field="body")
    entries = [item for _, items in found(source, reading) for item in items if isinstance(item, Entry)]
    assert "Café am Fluß" in entries[0].document.body
    assert entries[0].document.kind == "html"
    target, _ = passed(source, tmp_path, lambda _: "Café", reading=reading)
    assert load(target).slice(0, 1).to_pydict() == {"n": [1], "body": ["Café"], "z": ["a"]}
    assert load(target).schema.field("body").type == pa.string()


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_told_for_json(tmp_path, kind):
    table = pa.table({"n": [decimal.Decimal("1.50")], "text": [b"a\xff"], "l": [[{"k": b"\xfe"}]]})
    ((_, (entry,)),) = found(save(table, tmp_path, kind))
    told = container(find([tmp_path / FILES[kind]])[0].format).fields(entry, "body")
    assert told == {"n": decimal.Decimal("1.50"), "body": "a\udcff", "l": [{"k": "\udcfe"}]}
    assert list(told) == ["n", "body", "l"]


@pytest.mark.parametrize("kind", KINDS)
def test_nested_strings_that_are_no_utf8_come_through(tmp_path, kind):
    bad = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a\xff", b"ok"]).buffers())
    column = pa.StructArray.from_arrays([bad, pa.array([1, 2])], ["s", "n"])
    source = save(pa.table({"text": ["x", NO_PAGE], "c": column}), tmp_path, kind)
    target, rejects = passed(source, tmp_path, reading=PAGES)
    assert json.loads(rejects[0].raw) == {"text": NO_PAGE, "c": {"s": "ok", "n": 2}}
    got = load(target)["c"].combine_chunks().field("s").cast(pa.binary())
    assert got.to_pylist() == [b"a\xff"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_python_cannot_read_is_rejected_all_the_same(tmp_path, kind):
    far = pa.array([10**15], pa.timestamp("ms"))
    source = save(pa.table({"text": [NO_PAGE], "t": far, "n": [1]}), tmp_path, kind)
    _, (reject,) = passed(source, tmp_path, reading=PAGES)
    assert json.loads(reject.raw)["n"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_added_column_has_one_type_though_rows_were_rejected(tmp_path, kind):
    source = save(pa.table({"text": ["a", NO_PAGE, "b", NO_PAGE, "c"]}), tmp_path, kind, rows=5)
    values = {1: None, 3: 1, 5: 0.5}
    target, _ = passed(source, tmp_path, reading=PAGES, share=lambda entry: values[entry.line])
    assert load(target)["share"].to_pylist() == [None, 1.0, 0.5]


@pytest.mark.parametrize("kind", KINDS)
def test_without_pyarrow_the_extra_is_named(tmp_path, kind, monkeypatch):
    source = save(pa.table({"text": ["a"]}), tmp_path, kind)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'cleaner\[corpora\]'"):
        list(found(source))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_added_is_left_out_again(tmp_path, kind):
    table = pa.table({"n": [1, 2], "text": [b"a\xff", b"b"], "z": [[1], None]})
    source = save(table, tmp_path, kind)
    cleaned, _ = passed(source, tmp_path, original=lambda entry: entry.document.body, labels=lambda _: ["x"])
    assert load(cleaned).schema.field("original").type == pa.binary()
    assert load(cleaned)["original"].to_pylist() == [b"a\xff", b"b"]
    again = find([cleaned])[0]
    form = container(again.format)
    ((_, entries),) = found(again)
    assert [list(entry.names) for entry in entries] == [["n", "text", "z", "original", "labels"]] * 2
    pieces = [
        Piece(entry, entry.document.body.lower(), leave_out=leave_out)
        for entry, leave_out in zip(entries, [["original", "labels"], ["original", "text"]], strict=True)
    ]
    (tmp_path / ".b.part").write_bytes(form.write(pieces, again, READING))
    form.finish(tmp_path / ".b.part", tmp_path / f"back-{again.name}", again)
    assert load(tmp_path / f"back-{again.name}").equals(table)
