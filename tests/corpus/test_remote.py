import gzip
import json

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.corpus import remote
from cleaner.corpus.plan import plan_run
from cleaner.corpus.remote import listed, upload
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.corpus.sources import find
from cleaner.errors import CleanerError, InputError

ENGINE = Cleaner(rules_only=True)


@pytest.fixture
def bucket(dirty):
    """A store in memory with packed records, a table and what is none of ours."""
    store = fsspec.filesystem("memory")
    lines = "".join(json.dumps({"id": f"d{number}", "text": dirty}) + "\n" for number in range(3))
    store.pipe("/bucket/raw/a.jsonl.gz", gzip.compress(lines.encode()))
    store.pipe("/bucket/raw/sub/b.txt", dirty.encode())
    store.pipe("/bucket/raw/c.png", b"x")
    yield store
    store.rm("/bucket", recursive=True)


@pytest.mark.usefixtures("bucket")
def test_what_lies_elsewhere_is_read_and_keeps_its_tree(tmp_path):
    outcome = clean_corpus(ENGINE, plan_run(["memory://bucket/raw"], str(tmp_path / "out")), Settings())
    assert (outcome.total.documents, outcome.rejected) == (4, 0)
    assert b"Advertisement" not in (tmp_path / "out" / "sub" / "b.txt").read_bytes()
    assert len(gzip.decompress((tmp_path / "out" / "a.jsonl.gz").read_bytes()).splitlines()) == 3
    files = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["files"]
    assert [file["url"] for file in files] == ["memory:///bucket/raw/a.jsonl.gz", "memory:///bucket/raw/sub/b.txt"]


@pytest.mark.usefixtures("bucket")
def test_one_file_elsewhere_goes_to_one_file(tmp_path):
    plan = plan_run(["memory://bucket/raw/a.jsonl.gz"], str(tmp_path / "clean.jsonl"))
    clean_corpus(ENGINE, plan, Settings())
    assert len((tmp_path / "clean.jsonl").read_bytes().splitlines()) == 3


def parquet(text):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"text": [text]}), sink)
    return sink.getvalue().to_pybytes()


def arrow(text):
    sink = pa.BufferOutputStream()
    table = pa.table({"text": [text]})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("name", "made", "read"),
    [("a.parquet", parquet, pq.read_table), ("a.arrow", arrow, lambda path: pa.ipc.open_file(path).read_all())],
)
def test_a_file_elsewhere_is_not_taken_for_one_here_that_is_called_so(bucket, tmp_path, monkeypatch, name, made, read):
    bucket.pipe(f"/bucket/{name}", made("what lies elsewhere"))
    (tmp_path / name).write_bytes(made("what lies here"))
    monkeypatch.chdir(tmp_path)
    clean_corpus(ENGINE, plan_run([f"memory://bucket/{name}"], f"clean-{name}"), Settings())
    assert read(f"clean-{name}")["text"].to_pylist() == ["what lies elsewhere"]


def lines(text):
    return json.dumps({"text": text}).encode() + b"\n"


def table(text):
    return f'text\n"{text}"\n'.encode()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.jsonl", "a.jsonl.gz", "a.csv", "a.txt"])
def test_files_elsewhere_are_closed(tmp_path, monkeypatch, name, whole):
    """Sound ones and broken ones."""
    makers = {"a.parquet": parquet, "a.arrow": arrow, "a.jsonl": lines, "a.csv": table, "a.txt": str.encode}
    raw = gzip.compress(lines("words")) if name.endswith(".gz") else makers[name]("words")
    (tmp_path / name).write_bytes(raw if whole else raw[: len(raw) // 2])
    handles = []
    opened = remote.opened

    def kept(url):
        handles.append(opened(url))
        return handles[-1]

    monkeypatch.setattr(remote, "opened", kept)
    (tmp_path / "out").mkdir()
    clean_corpus(ENGINE, plan_run([f"file://{tmp_path / name}"], str(tmp_path / "out")), Settings())
    assert handles
    assert all(handle.closed for handle in handles)


@pytest.mark.usefixtures("bucket")
def test_a_folder_elsewhere_with_one_file_goes_to_a_folder(tmp_path):
    clean_corpus(ENGINE, plan_run(["memory://bucket/raw/sub/"], str(tmp_path / "out")), Settings())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.txt", "manifest.json", "report.jsonl"]


def test_a_folder_elsewhere_with_nothing_to_read_is_refused(bucket, tmp_path):
    bucket.pipe("/bucket/pictures/c.png", b"x")
    with pytest.raises(InputError, match="memory://bucket/pictures: has no readable files; in a folder these are read"):
        plan_run(["memory://bucket/pictures"], str(tmp_path / "out"))


def test_rejects_name_the_address(bucket, tmp_path):
    bucket.pipe("/bucket/raw/bad.jsonl", b"broken\n")
    clean_corpus(ENGINE, plan_run(["memory://bucket/raw"], str(tmp_path / "out")), Settings())
    (reject,) = (tmp_path / "out" / "rejects.jsonl").read_bytes().splitlines()
    assert json.loads(reject)["file"] == "memory:///bucket/raw/bad.jsonl"


@pytest.mark.parametrize("name", ["../../up.jsonl", "sub/../../up.txt"])
def test_names_that_lead_out_of_the_folder_are_refused(bucket, tmp_path, name):
    """A store of objects may call them anything."""
    bucket.pipe("/bucket/raw/up.jsonl", b"{}")
    bucket.store[f"/bucket/raw/{name}"] = bucket.store["/bucket/raw/up.jsonl"]
    try:
        with pytest.raises(InputError, match=f"is called '{name}', which leads out of the folder"):
            plan_run(["memory://bucket/raw"], str(tmp_path / "a" / "b"))
    finally:
        del bucket.store[f"/bucket/raw/{name}"]


def test_results_are_sent_but_for_parts_and_journals(bucket, tmp_path):
    """A result may be called with a dot before its name, as the file that was named."""
    clean_corpus(ENGINE, plan_run(["memory://bucket/raw"], str(tmp_path / "out")), Settings())
    for name in (".a.jsonl.gz.part", ".a.jsonl.gz.cleaner/done.json", ".named.txt"):
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_bytes(b"")
    assert upload(tmp_path / "out", "memory://bucket/clean") == 6
    names = [path.removeprefix("/bucket/clean/") for path in sorted(bucket.find("/bucket/clean"))]
    assert names == [
        ".named.txt",
        "a.jsonl.gz",
        "a.jsonl.gz.report.jsonl",
        "manifest.json",
        "report.jsonl",
        "sub/b.txt",
    ]


def test_hidden_files_elsewhere_are_read_only_where_they_are_named(bucket, dirty):
    for name in ("/bucket/raw/.d.txt", "/bucket/raw/.cache/e.txt"):
        bucket.pipe(name, dirty.encode())
    assert [source.name for source in find(["memory://bucket/raw"])] == ["a.jsonl.gz", "sub/b.txt"]
    assert [source.name for source in find(["memory://bucket/raw/.d.txt"])] == [".d.txt"]


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("memory://nowhere", InputError, "memory://nowhere: does not exist, or has no files in it"),
        ("nosuch://x", CleanerError, "nosuch://x: "),
    ],
)
def test_addresses_that_lead_nowhere_are_named(url, error, message):
    with pytest.raises(error, match=message):
        list(listed(url))


def test_a_changed_file_has_another_version(bucket):
    before = find(["memory://bucket/raw/sub/b.txt"])
    bucket.pipe("/bucket/raw/sub/b.txt", b"changed")
    assert find(["memory://bucket/raw/sub/b.txt"])[0].version != before[0].version
