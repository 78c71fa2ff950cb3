"""What all fronts share."""

import json
from itertools import count, islice

import numpy as np
import pytest

from cleaner import Cleaner, Report
from cleaner.adapters.columns import Columns
from cleaner.adapters.rows import MISSING, clean_rows, is_missing
from cleaner.errors import InputError, ModelError, SettingError

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."


def test_rows_come_one_for_each_value_and_in_order(texts, ids, wanted):
    rows = list(clean_rows(Cleaner(), texts, ids))
    assert [(row.text, row.report.as_dict()) for row in rows] == wanted
    assert [json.loads(row.line) for row in rows] == [record for _, record in wanted]


def test_a_line_is_read_back_as_the_report_it_was():
    (row,) = clean_rows(Cleaner(), [TEXT], ["a"])
    report = Report.from_dict(json.loads(row.line))
    assert report.id == "a"
    assert report.restore(row.text) == TEXT


def test_what_is_missing_stays_so_and_is_told():
    pandas = pytest.importorskip("pandas")
    values = [None, float("nan"), np.float32("nan").item(), pandas.NA]
    assert all(map(is_missing, values))
    assert not any(map(is_missing, ["", "nan", 0, 1.5, b""]))
    rows = list(clean_rows(Cleaner(), [*values, TEXT, None]))
    assert [row.text is None for row in rows] == [True] * 4 + [False, True]
    assert {row.report.note for row in rows} == {MISSING, ""}


def test_a_page_that_is_refused_becomes_missing_and_says_why():
    bomb = "<html><body>" + "<b>" * 3_000_000 + "</body></html>"
    rows = list(clean_rows(Cleaner(), [bomb, TEXT], ["bomb", None]))
    assert rows[0].text is None
    assert rows[0].report.note.startswith("refused: ")
    assert rows[0].report.id == "bomb"
    assert rows[1].text == "The council met on Monday and voted to close the bridge."
    assert rows[1].report.id == ""


def test_what_is_no_text_is_named_by_its_row():
    rows = clean_rows(Cleaner(), [None, b"bytes"])
    with pytest.raises(InputError, match="row 1: the text is bytes, not str"):
        list(rows)


def test_rows_are_lazy():
    endless = (TEXT if number % 3 else None for number in count())
    assert len(list(islice(clean_rows(Cleaner(), endless), 50))) == 50


def test_a_lone_surrogate_does_not_keep_a_report_from_being_written():
    text = "Share this \ud800\nThe council met on Monday and voted to close the bridge."
    (row,) = clean_rows(Cleaner(drop=("body",)), [text])
    assert row.line.encode("utf-8")
    assert Report.from_dict(json.loads(row.line)) == row.report


def test_columns_know_what_a_result_depends_on():
    shipped, rules = Columns(), Columns(rules_only=True)
    assert shipped.made_by[1].startswith("lines@")
    assert shipped.made_by[2].startswith("pages@")
    assert rules.made_by[1:] == (None, None, None)


def test_wrong_columns_are_told_where_they_are_named(tmp_path):
    with pytest.raises(SettingError, match="no mode"):
        Columns(mode="bold")
    with pytest.raises(ModelError, match="no model here"):
        Columns(model=tmp_path)


@pytest.mark.parametrize("names", [{"text": "report"}, {"id": "report"}, {"text": "body", "report": "body"}])
def test_reports_do_not_take_the_place_of_the_text(names):
    with pytest.raises(SettingError, match="would take the place of the column"):
        Columns(**names)
    Columns(**{**names, "report": "removed"})
