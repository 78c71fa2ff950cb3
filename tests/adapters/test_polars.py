"""Series and frames of Polars."""

import json

import pytest

from cleaner.errors import InputError

pytest.importorskip("polars")

import polars as pl

from cleaner.adapters.polars import clean_frame, clean_series

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."


@pytest.fixture
def frame():
    return pl.DataFrame({"id": [1, 2, 3], "body": [TEXT, None, "Advertisement"]})


def test_a_series_keeps_its_name_and_its_nulls():
    cleaned = clean_series(pl.Series("body", [TEXT, None]))
    assert cleaned.to_list() == [CLEAN, None]
    assert (cleaned.name, cleaned.dtype) == ("body", pl.String)
    assert clean_series(pl.Series("body", [TEXT], pl.Categorical)).to_list() == [CLEAN]
    assert clean_series(pl.Series("body", [None, None])).dtype == pl.String
    assert clean_series(pl.Series([TEXT]), keep=("social",)).to_list() == [TEXT]


def test_a_series_of_numbers_is_refused():
    with pytest.raises(InputError, match="row 0: the text is int"):
        clean_series(pl.Series([1]))


def test_a_frame_keeps_its_other_columns_and_gets_reports(frame):
    done = clean_frame(frame, "body", id="id")
    assert done.columns == ["id", "body", "report"]
    assert done["id"].to_list() == [1, 2, 3]
    assert done["body"].to_list() == [CLEAN, None, ""]
    assert [json.loads(line)["id"] for line in done["report"]] == ["1", "2", "3"]
    assert clean_frame(frame, "body", report=None).columns == ["id", "body"]


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_lazy_frame_stays_lazy_and_gives_the_same(frame, engine, tmp_path):
    frame.write_parquet(tmp_path / "raw.parquet")
    lazy = clean_frame(pl.scan_parquet(tmp_path / "raw.parquet"), "body", id="id")
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect_schema()["report"] == pl.String
    assert lazy.collect(engine=engine).equals(clean_frame(frame, "body", id="id"))
    assert lazy.select("body").collect(engine=engine)["body"].to_list() == [CLEAN, None, ""]


def test_an_expression_takes_a_series_cleaner(frame):
    body = pl.col("body").map_batches(clean_series, return_dtype=pl.String, is_elementwise=True)
    assert frame.select(body)["body"].to_list() == [CLEAN, None, ""]


@pytest.mark.parametrize("sort", [pl.DataFrame, pl.LazyFrame])
def test_reports_take_the_place_of_no_column(sort):
    frame = sort({"text": [TEXT], "report": ["mine"]})
    with pytest.raises(InputError, match=r"there is a column 'report' already.*report="):
        clean_frame(frame)
    assert clean_frame(frame, report="cleaned").lazy().collect().columns == ["text", "report", "cleaned"]
    assert clean_frame(frame, report=None).lazy().collect()["report"].to_list() == ["mine"]
