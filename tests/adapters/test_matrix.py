"""The same thousand documents through every front: the clean texts and the reports are those of `clean_many`."""

import gzip
import json
import os
import subprocess
import sys

import pytest

from cleaner import Report


def by_sklearn(texts, ids, request):
    pytest.importorskip("sklearn")
    from cleaner.adapters.sklearn import BoilerplateRemover

    remover = BoilerplateRemover(reports=True)
    done = remover.fit_transform(texts).tolist()
    records = [report.as_dict() | {"id": name} for report, name in zip(remover.reports_, ids, strict=True)]
    return list(zip(done, records, strict=True))


def by_datasets(texts, ids, request, **how):
    datasets = pytest.importorskip("datasets")
    from cleaner.adapters.datasets import CleanColumns

    rows = datasets.Dataset.from_dict({"id": ids, "text": texts})
    return read(rows.map(CleanColumns(id="id"), batched=True, batch_size=100, **how).to_list())


def by_datasets_in_two_processes(texts, ids, request):
    return by_datasets(texts, ids, request, num_proc=2)


def by_datasets_streaming(texts, ids, request):
    datasets = pytest.importorskip("datasets")
    from cleaner.adapters.datasets import CleanColumns

    rows = datasets.Dataset.from_dict({"id": ids, "text": texts}).to_iterable_dataset(num_shards=3)
    return read(list(rows.map(CleanColumns(id="id"), batched=True, batch_size=70)))


def by_polars(texts, ids, request):
    pl = pytest.importorskip("polars")
    from cleaner.adapters.polars import clean_frame

    return read(clean_frame(pl.DataFrame({"id": ids, "text": texts}), id="id").to_dicts())


def by_polars_lazily(texts, ids, request):
    pl = pytest.importorskip("polars")
    from cleaner.adapters.polars import clean_frame

    lazy = clean_frame(pl.LazyFrame({"id": ids, "text": texts}), id="id")
    return read(lazy.collect(engine="streaming").to_dicts())


def by_pandas(texts, ids, request):
    pd = pytest.importorskip("pandas")
    from cleaner.adapters.pandas import clean_frame

    return read(clean_frame(pd.DataFrame({"id": ids, "text": texts}), id="id").to_dict("records"))


def by_datatrove(texts, ids, request):
    """Those that are dropped keep the text that came in, on which the report is replayed."""
    pytest.importorskip("datatrove")
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.adapters.datatrove import CleanDocuments

    folder = request.getfixturevalue("tmp_path")
    pipeline = [
        [Document(text, name) for text, name in zip(texts, ids, strict=True)],
        CleanDocuments(JsonlWriter(str(folder / "dropped"))),
        JsonlWriter(str(folder / "clean")),
    ]
    LocalPipelineExecutor(pipeline, logging_dir=str(folder / "logs")).run()
    found = {}
    for path in folder.glob("*/*.jsonl.gz"):
        for row in map(json.loads, gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]):
            record, text = json.loads(row["metadata"]["cleaner"]), row.get("text", "")
            if path.parent.name == "dropped":
                text = None if record["note"].startswith("missing") else what_stays(text, record)
            found[row["id"]] = (text, record)
    return [found[name] for name in ids]


def what_stays(text, record):
    """Replay a report on the text that came in; of pages that are dropped here, nothing stays."""
    return "" if record.get("kind") == "html" else Report.from_dict(record).replay(text)


def by_ray(texts, ids, request):
    clean = request.getfixturevalue("clean_on_ray")
    import pyarrow as pa

    return read(clean(pa.table({"id": ids, "text": texts})))


def by_spark(texts, ids, request):
    spark = request.getfixturevalue("spark")
    from cleaner.adapters.spark import clean_frame

    rows = spark.createDataFrame(list(zip(ids, texts, strict=True)), "id string, text string").repartition(4)
    done = [row.asDict() for row in clean_frame(rows, id="id").collect()]
    return read(sorted(done, key=lambda row: ids.index(row["id"])))


def by_command_line(texts, ids, request):
    folder = request.getfixturevalue("tmp_path")
    lines = [json.dumps({"id": name, "text": text}) for name, text in zip(ids, texts, strict=True)]
    (folder / "raw.jsonl").write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "cleaner", "clean", "raw.jsonl", "-o", "clean.jsonl"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ})
    clean, reports = (
        [json.loads(line) for line in (folder / name).read_text("utf-8").split("\n") if line]
        for name in ("clean.jsonl", "clean.jsonl.report.jsonl")
    )
    # Its reports also say where a record stood and how it was written, which only it knows.
    return [(row["text"], Report.from_dict(record).as_dict()) for row, record in zip(clean, reports, strict=True)]


def by_service(texts, ids, request):
    """In batches; null is no text to it and its request is refused, so a client leaves such texts out."""
    service = request.getfixturevalue("service")
    items = [{"id": name, "text": text} for text, name in zip(texts, ids, strict=True) if text is not None]
    done = []
    for first in range(0, len(items), 100):
        answer = service.post("/clean-many", {"documents": items[first : first + 100]})
        done += [(one["text"], one["report"]) for one in answer.json()["documents"]]
    return done


def by_service_one_by_one(texts, ids, request):
    service = request.getfixturevalue("service")
    items = [{"id": name, "text": text} for text, name in zip(texts, ids, strict=True) if text is not None]
    answers = (service.post("/clean", item).json() for item in items)
    return [(one["text"], one["report"]) for one in answers]


@pytest.fixture(scope="module")
def service():
    """`cleaner serve` in a process of its own, on loopback."""
    for package in ("fastapi", "uvicorn", "httpx"):
        pytest.importorskip(package)
    from tests.service.process import running

    with running() as started:
        yield started


FRONTS = {
    "scikit-learn": by_sklearn,
    "datasets": by_datasets,
    "datasets, two processes": by_datasets_in_two_processes,
    "datasets, streaming": by_datasets_streaming,
    "polars": by_polars,
    "polars, lazy": by_polars_lazily,
    "pandas": by_pandas,
    "datatrove": by_datatrove,
    "ray": by_ray,
    "spark": by_spark,
    "command line": by_command_line,
}
WITHOUT_NULLS = {
    "service, batches": by_service,
    "service, one document a request": by_service_one_by_one,
}
"""These are given requests, and one in which a text is null is refused."""


def read(rows):
    """Return the text and the report of each row; a missing text is None, whatever the engine puts in its place."""
    return [(row["text"] if isinstance(row["text"], str) else None, json.loads(row["report"])) for row in rows]


@pytest.mark.parametrize("front", FRONTS)
def test_every_front_gives_the_texts_and_the_reports_of_clean_many(front, texts, ids, wanted, request):
    assert FRONTS[front](texts, ids, request) == wanted


@pytest.mark.parametrize("front", WITHOUT_NULLS)
def test_fronts_without_nulls_give_them_of_every_text(front, texts, ids, wanted, request):
    assert WITHOUT_NULLS[front](texts, ids, request) == [pair for pair in wanted if pair[0] is not None]


def test_the_service_refuses_null_and_says_where_it_stands(service):
    answer = service.post("/clean-many", {"documents": [{"text": "High water at nine."}, {"text": None}]})
    assert answer.status_code == 422
    assert answer.json()["error"]["place"] == "documents.1.text"


def test_the_documents_are_worth_the_comparison(texts, wanted):
    assert len(texts) == 1_000
    assert sum(text is None for text in texts) > 20
    assert sum(record.get("kind") == "html" for _, record in wanted) > 80
    assert len({removal["label"] for _, record in wanted for removal in record["removed"]}) >= 8
    assert sum(text == "" for text, _ in wanted) > 3
