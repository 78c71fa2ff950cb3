"""A frame of Spark, cleaned by Spark's own workers."""

import json
import pickle

import pytest

from cleaner.adapters.spark import CleanColumns, clean_frame
from cleaner.errors import InputError

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."


def test_it_goes_from_parquet_to_parquet(spark, tmp_path):
    rows = [(number, None if number % 5 == 0 else TEXT, "paper.com") for number in range(60)]
    frame = spark.createDataFrame(rows, "id long, body string, site string").repartition(2)
    frame.write.parquet(str(tmp_path / "raw"))
    raw = spark.read.parquet(str(tmp_path / "raw"))
    clean_frame(raw, "body", id="id").write.parquet(str(tmp_path / "clean"))
    done = spark.read.parquet(str(tmp_path / "clean")).orderBy("id").collect()
    assert [row.body for row in done] == [None if number % 5 == 0 else CLEAN for number in range(60)]
    assert {row.site for row in done} == {"paper.com"}
    assert [json.loads(row.report)["id"] for row in done] == [str(number) for number in range(60)]


def test_missing_texts_are_counted_by_the_engine(spark):
    from pyspark.sql import functions

    frame = clean_frame(spark.createDataFrame([(TEXT,), (None,)], "text string"))
    notes = frame.select(functions.get_json_object("report", "$.note").alias("note"))
    assert notes.where("note like 'missing%'").count() == 1


def test_a_model_is_loaded_once_for_a_worker_and_not_once_for_a_partition(spark):
    def loads(batches):
        import os

        import pyarrow as pa

        from cleaner.model import load_model

        for batch in CleanColumns()(batches):
            pids, misses = [os.getpid()] * len(batch), [load_model.cache_info().misses] * len(batch)
            yield pa.RecordBatch.from_pydict({"pid": pids, "misses": misses})

    frame = spark.createDataFrame([(TEXT,)] * 40, "text string").repartition(8)
    done = frame.mapInArrow(loads, "pid long, misses long").collect()
    assert len({row.pid for row in done}) <= 2
    # One for texts and one for pages.
    assert {row.misses for row in done} == {2}


def test_the_reports_may_be_left_out_and_take_the_place_of_no_column(spark):
    frame = spark.createDataFrame([(7, TEXT)], "report int, text string")
    assert clean_frame(frame, report=None).schema == frame.schema
    with pytest.raises(InputError, match=r"there is a column 'report' already.*report="):
        clean_frame(frame)
    done = clean_frame(frame, report="cleaned")
    assert done.dtypes == [("report", "int"), ("text", "string"), ("cleaned", "string")]
    assert json.loads(done.first().cleaned)["kept_chars"] == len(CLEAN)


def test_a_column_that_holds_no_strings_is_told_before_anything_runs(spark):
    frame = spark.createDataFrame([(7, TEXT)], "id int, body string")
    with pytest.raises(InputError, match="no column of strings is called 'text'; there are id, body"):
        clean_frame(frame)
    with pytest.raises(InputError, match="'id'"):
        clean_frame(frame, "id")


def test_pandas_users_map_in_pandas(spark):
    from cleaner.adapters import pandas

    def clean(frames):
        return (pandas.clean_frame(frame, report=None) for frame in frames)

    frame = spark.createDataFrame([(TEXT,), (None,)], "text string")
    assert [row.text for row in frame.mapInPandas(clean, frame.schema).collect()] == [CLEAN, None]


def test_what_travels_to_the_workers_is_small():
    assert len(pickle.dumps(CleanColumns())) < 500
