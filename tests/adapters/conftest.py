"""Documents that are cleaned through every front."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cleaner import Cleaner, Document
from cleaner.split import kind_of

HERE = Path(__file__).parents[1]
SEEDS = sorted((HERE.parent / "seeds").glob("*.txt"))
PAGE = "<html><head><title>Bridge</title></head><body><nav><a href='/'>Home</a></nav><p>{}</p></body></html>"
ODD = [
    "",
    None,
    " \n\t ",
    "\ufeffThe tide was high at nine.\r\nShare this\r\n",
    "Advertisement",
    "Der Rat stimmte am Montag für die Brücke.\nTeilen Sie diesen Artikel\nWeiterlesen: Zehn Häfen",
    "市議会は月曜日に橋の閉鎖を決めた。\n広告\n関連記事",
    "أغلق المجلس الجسر يوم الإثنين.\nإعلان",
    "The ferry 🚢 left e\u0301arly.\nFollow us on Twitter",
    "line\u2028separated\u2029text\x0bwith\x0cfeeds",
    "nul\x00byte and a <b>tag</b>",
    "<p>High water at nine.</p><p>Low water at three.</p><p>Share this</p>",
    '{"text": "json\\nin a text"}',
    "-" * 3000,
    "word " * 3000,
]
"""Nothing, hardly anything, scripts of the world, odd line ends, HTML and what only looks like it."""


def thousand():
    """Make the documents: the odd ones, the seeds, and texts and pages written out of prose and cruft."""
    mixed = json.loads((HERE / "mixed.json").read_text("utf-8"))
    prose, cruft = mixed["prose"], mixed["cruft"]
    dice = np.random.default_rng(6)
    texts = [*ODD, *(seed.read_text("utf-8") for seed in SEEDS)]
    while len(texts) < 1_000:
        lines = [str(dice.choice(cruft if dice.random() < 0.2 else prose)) for _ in range(dice.integers(1, 7))]
        kind = dice.random()
        if kind < 0.03:
            texts.append(None)
        else:
            texts.append(PAGE.format("</p><p>".join(lines)) if kind < 0.15 else "\n".join(lines))
    return texts


@pytest.fixture(scope="session")
def texts():
    return thousand()


@pytest.fixture(scope="session")
def ids(texts):
    return [f"doc-{number}" for number in range(len(texts))]


@pytest.fixture(scope="session")
def wanted(texts, ids):
    """The clean text and the report of each document, as `clean_many` gives them."""
    documents = [Document(name, text, kind_of(text)) for name, text in zip(ids, texts, strict=True) if text is not None]
    cleaned = {done.report.id: done for done in Cleaner().clean_many(documents)}
    missing = {"chars": 0, "lines": 0, "kept_chars": 0, "removed": [], "model": None, "mode": "balanced"}
    return [
        (cleaned[name].text, cleaned[name].report.as_dict())
        if name in cleaned
        else (None, {"id": name, **missing, "note": "missing: no text was given"})
        for name in ids
    ]


@pytest.fixture(scope="session")
def spark():
    """A Spark of two cores on this machine, whose workers run this Python."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture
def clean_on_ray(tmp_path):
    """Clean a table on a local Ray, from Parquet to Parquet; the rows come in the order of their ids."""
    pytest.importorskip("ray.data")
    import pyarrow.parquet as pq

    def clean(table, files=3, **names):
        raw, done = tmp_path / "raw", tmp_path / "clean"
        raw.mkdir()
        size = -(-len(table) // files)
        for number in range(files):
            pq.write_table(table.slice(number * size, size), raw / f"{number}.parquet")
        script = Path(__file__).with_name("on_ray.py")
        told = json.dumps({"id": "id", **names})
        subprocess.run([sys.executable, script, raw, done, told], check=True, capture_output=True, timeout=600)
        order = {name: at for at, name in enumerate(table.column("id").to_pylist())}
        return sorted(pq.read_table(done).to_pylist(), key=lambda row: order[row["id"]])

    return clean
