import json

import pytest

from bench import corpora, corpus_runs, texts
from cleaner.corpus import Reading, documents, find

pytest.importorskip("psutil")


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "texts.jsonl"
    texts.write(texts.synthesised(30), path)
    return path


@pytest.mark.parametrize("name", ["cleaner, rules alone", "datatrove"])
def test_a_run_leaves_nothing_and_tells_seconds_and_memory(sample, name):
    pytest.importorskip("datatrove")
    pytest.importorskip("orjson")
    found = json.loads(corpora.python("-m", "bench.corpus_runs", name, str(sample), "1"))
    if "missing" in found:
        pytest.skip(found["missing"])
    assert found["seconds"] > 0
    assert found["worker_seconds"] < found["seconds"]
    assert found["peak_mb"] > 10
    assert list(sample.parent.iterdir()) == [sample]


def test_workers_are_watched(sample):
    # Long enough to be seen at work, for memory is looked at now and then.
    texts.write(texts.synthesised(4_000), sample)
    found = corpora._run("cleaner, rules alone", sample, jobs=2)
    assert found["worker_seconds"] > 0
    assert found["worker_peak_mb"] > 10


def test_the_archive_holds_the_pages(sample, tmp_path):
    pytest.importorskip("fastwarc")
    pages = list(corpora._pages(None, sample))
    corpora._write_archive(tmp_path / "pages.warc.gz", pages)
    found = documents(find([tmp_path / "pages.warc.gz"])[0], Reading())
    assert [entry.document.body for entry in found] == pages
    work = corpus_runs.RUNS["cleaner, rules alone"](1)
    work(tmp_path / "pages.warc.gz", tmp_path / "out")
    assert (tmp_path / "out" / "pages.jsonl").read_bytes().count(b"\n") == 30


def test_both_command_lines_write_a_text_a_page(sample, tmp_path):
    pytest.importorskip("trafilatura")
    corpora._write_folder(tmp_path / "pages", corpora._pages(None, sample))
    found = corpora._batch(tmp_path / "pages", repeats=1)
    assert {name: result["written"] for name, result in found.items()} == {"cleaner": 30, "trafilatura": 30}
    assert not (tmp_path / "clean").exists()


def test_rates_and_ratios_are_worked_out_from_the_same_run():
    results = {"cleaner": {"seconds": 2.0, "peak_mb": 100}, "slow": {"seconds": 8.0}, "absent": {"missing": "no"}}
    table = corpora._rates(results, {"documents": 10_000, "megabytes": 30.0})
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert rows == [
        ["cleaner", "5,000", "15.00", "1.00x", "100"],
        ["slow", "1,250", "3.75", "4.00x", ""],
        ["absent", "no", "", "", ""],
    ]


def test_two_workers_are_as_fast_as_the_busiest_process():
    one = {"seconds": 10.0, "wall_seconds": 20.0, "peak_mb": 100}
    two = {"seconds": 1.0, "worker_seconds": 10.0, "wall_seconds": 16.0, "peak_mb": 50, "worker_peak_mb": 90}
    rows = corpora._growth([{"megabytes": 20, "one": one, "two": two}, {"megabytes": 80, "one": one, "two": one | two}])
    assert [cell.strip() for cell in rows.splitlines()[2].strip("|").split("|")] == [
        *("20", "10.0", "1.0", "10.0", "2.00x", "1.25x", "100", "50", "90")
    ]
