"""Series and frames of pandas."""

import json

import pytest

from cleaner.errors import InputError

pytest.importorskip("pandas")

import pandas as pd

from cleaner.adapters.pandas import clean_frame, clean_series

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."


@pytest.mark.parametrize("dtype", [object, "string", "str", "string[pyarrow]"])
def test_a_series_keeps_name_index_and_kind_of_strings(dtype):
    cleaned = clean_series(pd.Series([TEXT, None], index=["a", "b"], dtype=dtype, name="body"))
    assert cleaned["a"] == CLEAN
    assert cleaned.isna().tolist() == [False, True]
    assert cleaned.name == "body"
    assert cleaned.dtype == pd.Series([TEXT], dtype=dtype).dtype


def test_categories_become_strings_and_a_column_of_nothing_stays_one():
    assert clean_series(pd.Series([TEXT, TEXT, None], dtype="category"))[:2].tolist() == [CLEAN] * 2
    assert clean_series(pd.Series([float("nan")] * 2)).isna().all()
    assert clean_series(pd.Series([], dtype="str")).empty


def test_a_series_of_numbers_is_refused():
    with pytest.raises(InputError, match="row 0: the text is int"):
        clean_series(pd.Series([1]))


def test_a_frame_keeps_its_index_and_other_columns_and_gets_reports():
    frame = pd.DataFrame({"id": [1, 2], "body": [TEXT, None]}, index=[7, 7])
    done = clean_frame(frame, "body", id="id")
    assert done.columns.tolist() == ["id", "body", "report"]
    assert done.index.tolist() == [7, 7]
    assert done["body"].iloc[0] == CLEAN
    assert [json.loads(line)["note"] for line in done["report"]] == ["", "missing: no text was given"]
    assert frame["body"].iloc[0] == TEXT


def test_reports_take_the_place_of_no_column():
    frame = pd.DataFrame({"text": [TEXT], "report": ["mine"]})
    with pytest.raises(InputError, match=r"there is a column 'report' already.*report="):
        clean_frame(frame)
    assert clean_frame(frame, report="cleaned").columns.tolist() == ["text", "report", "cleaned"]
    assert clean_frame(frame, report=None)["report"].tolist() == ["mine"]


def test_a_name_that_two_columns_have_is_refused():
    with pytest.raises(InputError, match="several columns are called 'text'"):
        clean_frame(pd.DataFrame([[TEXT, TEXT]] * 2, columns=["text", "text"]))


def test_one_text_is_no_series():
    with pytest.raises(InputError, match="one text is given where many are meant"):
        pd.Series([TEXT]).map(clean_series)
