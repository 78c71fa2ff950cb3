"""Sites learned and used on many workers: the file and the clean texts are those of one machine."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner import Cleaner, Document
from cleaner.adapters.columns import Columns
from cleaner.adapters.site_learning import MEMORY, PIECE, SiteColumns
from cleaner.cli import main
from cleaner.errors import InputError, SettingError
from cleaner.sites import load_memory
from cleaner.split import kind_of
from tests.sites.papers import SLOGAN, article


def documents():
    """Return rows of several sites: texts and pages, and some without a text, an address or a name."""
    rows = []
    for number in range(240):
        paper = f"paper{number % 5}.example" if number % 40 else f"once{number}.example"
        text = article(number, paper, footer=SLOGAN if number % 3 else f"Sign up for our {paper} letter today").body
        if number % 12 == 5:
            text = "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\n\n")) + "</body></html>"
        url = None if number % 31 == 3 else f"https://www.{paper}/{number}"
        site = None if number % 29 == 4 else f"The {paper}"
        rows.append({"id": str(number), "text": None if number % 37 == 6 else text, "url": url, "site": site})
    return rows


@pytest.fixture(scope="module")
def table():
    return pa.Table.from_pylist(documents())


@pytest.fixture(scope="module", params=["url", "site"])
def by(request):
    """The column that tells sites."""
    return request.param


@pytest.fixture(scope="module")
def alone(table, by, tmp_path_factory):
    """The memory that the command line learns from the same documents, and what is cleaned with it."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()), "utf-8")
    words = ["sites", "learn", folder / "in.jsonl", "-o", folder / "known.sites"]
    words += ["--site-field", "site"] if by == "site" else []
    CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)
    taken = [
        Document(
            row["id"], row["text"], kind_of(row["text"]), row["url"], {"site": row["site"]} if by == "site" else {}
        )
        for row in table.to_pylist()
        if row["text"] is not None
    ]
    engine = Cleaner(sites=folder / "known.sites")
    cleaned = {done.report.id: (done.text, done.report.as_dict()) for done in engine.clean_many(taken)}
    assert sum(removal["source"] == "site" for _, report in cleaned.values() for removal in report["removed"]) > 50
    return folder / "known.sites", cleaned


def cleaned_rows(rows):
    return {row["id"]: (row["text"], json.loads(row["report"])) for row in rows if row["text"] is not None}


def learned(columns, out, deal):
    """Learn as an engine would that deals rows and pieces as *deal* says."""
    pieces = [piece for part in deal for piece in columns.learn(part)]
    # Two numbers at a time come to one worker.
    met = {number: [] for number in range(columns.pieces)}
    for piece in pieces:
        met[piece.column(PIECE)[0].as_py() // 2].append(piece)
    memories = [memory.column(MEMORY)[0].as_py() for pair in met.values() for memory in columns.merge(pair)]
    return columns.finish(reversed(memories), out)


@pytest.mark.parametrize("pieces", [1, 3, 64])
@pytest.mark.parametrize("parts", [1, 7, 240])
def test_it_does_not_matter_how_rows_and_lines_are_dealt(table, by, alone, tmp_path, parts, pieces):
    order = list(range(len(table)))
    random.Random(parts).shuffle(order)  # noqa: S311 - the same deal each time
    mixed = table.take(order)
    deal = [
        [mixed.slice(at * len(mixed) // parts, (at + 1) * len(mixed) // parts - at * len(mixed) // parts)]
        for at in range(parts)
    ]
    learned(SiteColumns(**{by: by}, pieces=pieces), tmp_path / "known.sites", deal)
    assert (tmp_path / "known.sites").read_bytes() == alone[0].read_bytes()


def test_whole_memories_are_those_of_one_machine_too(table, tmp_path):
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()), "utf-8")
    words = ["sites", "learn", tmp_path / "in.jsonl", "-o", tmp_path / "alone.sites", "--whole"]
    CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)
    learned(SiteColumns(url="url", whole=True), tmp_path / "known.sites", [[table.slice(0, 99)], [table.slice(99)]])
    assert (tmp_path / "known.sites").read_bytes() == (tmp_path / "alone.sites").read_bytes()


@pytest.mark.parametrize("partitions", [1, 5])
def test_on_spark(spark, table, by, alone, tmp_path, partitions):
    from cleaner.adapters.spark import clean_frame, learn_sites

    pq.write_table(table, tmp_path / "raw.parquet")
    frame = spark.read.parquet(str(tmp_path / "raw.parquet")).repartition(partitions)
    memory = learn_sites(frame, tmp_path / "known.sites", **{by: by}, pieces=5)
    assert (tmp_path / "known.sites").read_bytes() == alone[0].read_bytes()
    assert memory.documents.tolist() == load_memory(alone[0]).documents.tolist()
    done = clean_frame(frame, id="id", sites=tmp_path / "known.sites", **{by: by}).collect()
    assert cleaned_rows(row.asDict() for row in done) == alone[1]


@pytest.mark.parametrize("blocks", [1, 4])
def test_on_ray(table, by, alone, tmp_path, blocks):
    pytest.importorskip("ray.data")
    (tmp_path / "raw").mkdir()
    for number in range(3):
        pq.write_table(table.slice(number * 80, 80), tmp_path / "raw" / f"{number}.parquet")
    script = Path(__file__).with_name("sites_on_ray.py")
    words = [tmp_path / "raw", tmp_path / "known.sites", tmp_path / "clean", str(blocks), by]
    done = subprocess.run([sys.executable, script, *words], check=False, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "known.sites").read_bytes() == alone[0].read_bytes()
    assert cleaned_rows(pq.read_table(tmp_path / "clean").to_pylist()) == alone[1]


def test_where_no_document_tells_its_site_nothing_is_written(table, tmp_path):
    with pytest.raises(InputError, match="no document has a text and tells its site in 'id'"):
        learned(SiteColumns(url="id"), tmp_path / "known.sites", [[table]])
    assert not (tmp_path / "known.sites").exists()


def test_a_column_that_tells_sites_is_asked_for(alone):
    with pytest.raises(SettingError, match="by a column"):
        SiteColumns()
    with pytest.raises(SettingError, match="at least one piece"):
        SiteColumns(url="url", pieces=0)
    with pytest.raises(SettingError, match=r"\(url"):
        Columns(sites=alone[0])


def test_a_kind_that_there_is_not_is_told():
    with pytest.raises(SettingError, match="no kind 'pdf'; there are text, html"):
        SiteColumns(url="url", kind="pdf")


def test_a_number_that_is_none_names_no_site(tmp_path):
    columns = SiteColumns(url="url", site="site")
    sites, urls = [float("nan"), 7.0], ["http://a.example/1"] * 2
    table = pa.table({"text": ["The tide rose by two metres."] * 2, "site": sites, "url": urls})
    learned = [batch.column(MEMORY)[0].as_py() for batch in columns.learn([table])]
    assert list(columns.finish(learned, tmp_path / "known.sites").sites) == ["7.0", "a.example"]


def test_caches_tell_one_memory_from_another(alone):
    assert Columns(url="url", sites=alone[0]).made_by != Columns(url="url").made_by
