"""A step of datatrove, run by datatrove's own executor between its own readers and writers."""

import gzip
import json
import pickle

import pytest

from cleaner import Report
from cleaner.errors import InputError, SettingError

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

from cleaner.adapters.datatrove import CleanDocuments

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."
TEXTS = [TEXT, "Advertisement", "The tide was high at nine.", TEXT]


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for part in range(2):
        rows = [{"id": f"{part}-{n}", "text": text, "site": "paper.com"} for n, text in enumerate(TEXTS)]
        (folder / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(folder)


def rows_of(folder):
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def test_it_runs_from_a_reader_to_a_writer_and_keeps_apart_what_it_empties(raw, tmp_path):
    step = CleanDocuments(JsonlWriter(str(tmp_path / "emptied")))
    pipeline = [JsonlReader(raw), step, JsonlWriter(str(tmp_path / "clean"))]
    stats = LocalPipelineExecutor(pipeline, tasks=2, logging_dir=str(tmp_path / "logs")).run()
    rows = list(rows_of(tmp_path / "clean"))
    assert [row["text"] for row in rows] == [CLEAN, "The tide was high at nine.", CLEAN] * 2
    assert rows[0]["metadata"]["site"] == "paper.com"
    report = Report.from_dict(json.loads(rows[0]["metadata"]["cleaner"]))
    assert (report.id, report.restore(rows[0]["text"])) == ("0-0", TEXT)
    emptied = list(rows_of(tmp_path / "emptied"))
    assert [row["text"] for row in emptied] == ["Advertisement"] * 2
    assert {row["metadata"]["filter_reason"] for row in emptied} == {"emptied"}
    counted = {name: stat.total for name, stat in stats.stats[1].stats.items()}
    assert counted["line-total"] == counted["line-kept"] + counted["line-filter-social"] + counted["line-filter-ad"]
    wanted = {"total": 8, "forwarded": 6, "dropped": 2, "dropped_emptied": 2, "line-filter-social": 4}
    assert wanted.items() <= counted.items()
    assert counted["note-low-yield"] == 2


def test_without_a_place_for_the_emptied_they_are_dropped_and_counted():
    step = CleanDocuments(batch_size=2)
    done = list(step.run([Document(text, str(number)) for number, text in enumerate([*TEXTS, ""])]))
    assert [document.text for document in done] == [CLEAN, "The tide was high at nine.", CLEAN]
    assert step.stats["dropped_emptied"].total == step.stats["dropped_empty"].total == 1


def test_what_was_empty_before_is_not_called_emptied(tmp_path):
    step = CleanDocuments(JsonlWriter(str(tmp_path)))
    texts = {"a": "", "b": " \n", "c": None, "d": "Advertisement"}
    assert not list(step.run([Document(text, name) for name, text in texts.items()]))
    reasons = {row["id"]: row["metadata"]["filter_reason"] for row in rows_of(tmp_path)}
    assert reasons == {"a": "empty", "b": "empty", "c": "missing", "d": "emptied"}


def test_stretches_inside_kept_lines_are_counted_apart():
    step = CleanDocuments()
    text = "() Mexican President Claudia Sheinbaum should rethink her opposition, a federal official said on Monday."
    assert list(step.run([Document(text, "a")]))
    assert step.stats["span-filter-artifact"].total == 1
    assert step.stats["line-kept"].total == step.stats["line-total"].total == 1


def test_it_goes_into_parquet_whatever_was_removed_from_the_first_document(raw, tmp_path):
    pipeline = [JsonlReader(raw), CleanDocuments(), ParquetWriter(str(tmp_path / "clean"), batch_size=1)]
    LocalPipelineExecutor(pipeline, logging_dir=str(tmp_path / "logs")).run()
    read = ParquetReader(str(tmp_path / "clean"))
    assert [document.text for document in read()] == [CLEAN, "The tide was high at nine.", CLEAN] * 2


def test_it_pickles_small_and_tells_wrong_settings_where_they_are_given():
    assert len(pickle.dumps(CleanDocuments())) < 2_000
    with pytest.raises(SettingError, match="no mode"):
        CleanDocuments(mode="bold")


def test_the_report_takes_the_place_of_no_metadata():
    document = Document(TEXT, "a", metadata={"cleaner": "mine"})
    with pytest.raises(InputError, match=r"document a: there is 'cleaner' in the metadata already.*report="):
        list(CleanDocuments().run([document]))
    (done,) = CleanDocuments(report="again").run([document])
    assert done.metadata["cleaner"] == "mine"
    assert json.loads(done.metadata["again"])["id"] == "a"
