"""Batches of Ray Data, cleaned by Ray's own actors."""

import json

import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa

from cleaner.adapters.ray import CleanColumns
from cleaner.errors import SettingError

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."


def test_actors_clean_from_parquet_to_parquet(clean_on_ray):
    texts = [None if number % 5 == 0 else TEXT for number in range(60)]
    done = clean_on_ray(pa.table({"id": range(60), "body": texts, "site": ["paper.com"] * 60}), text="body")
    assert [row["body"] for row in done] == [None if text is None else CLEAN for text in texts]
    assert {row["site"] for row in done} == {"paper.com"}
    assert [json.loads(row["report"])["id"] for row in done] == [str(number) for number in range(60)]


def test_wrong_settings_are_told_before_anything_runs():
    with pytest.raises(SettingError, match="no mode"):
        CleanColumns(mode="bold")
