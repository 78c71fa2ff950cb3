from collections import Counter
from datetime import date

import pytest

from cleaner.corpus import Frequent, Sum, Tally
from cleaner.document import Removal
from cleaner.labels import Label
from cleaner.report import Report
from cleaner.view import Overview
from cleaner.view.overview import BINS, periods


def report(name="a", score=0.9, source="model", text="Advertisement", note=""):
    removal = Removal(0, len(text), text, Label.AD, source, score)
    return Report(name, 2 * len(text), 2, (removal,), note=note)


def test_totals_are_those_of_stats():
    overview, tally = Overview(), Tally()
    for number in range(30):
        one = report(
            f"{number}", number / 30, "rule:ad.label" if number % 2 else "model", note="" if number else "look"
        )
        overview.add(one, "", "")
        tally.add(one)
    assert overview.tally.as_dict() == tally.as_dict()
    assert [flag.id for flag in overview.flagged] == ["0"]


def test_scores_and_shares_fall_into_bins():
    overview = Overview()
    for score, source in ((0.0, "rule:x"), (0.999, "model"), (1.0, "repeat"), (0.5, "context")):
        overview.add(report(score=score, source=source), "", "")
    overview.add(Report("empty", 0, 0, ()), "", "")
    assert overview.scores["rules"][0] == 1
    assert overview.scores["model"][BINS - 1] == 1
    assert (overview.scores["others"][BINS - 1], overview.scores["others"][BINS // 2]) == (1, 1)
    assert overview.shares[BINS // 2] == 4
    assert sum(overview.shares) == 4


def test_sites_and_days_add_up():
    overview = Overview()
    for site, when in (("a.example", "2024-05-06T10:00:00Z"), ("a.example", "2024-05-06"), ("", "yesterday")):
        overview.add(report(), site, when)
    assert overview.sites.sums == {"a.example": Sum(2, 52, 26)}
    assert overview.days == {date(2024, 5, 6): Sum(2, 52, 26)}


def test_frequent_lines_are_counted_exactly_while_there_is_room():
    frequent = Frequent(10)
    for text in ["Share", "Advertisement", "Share", "", "Home"]:
        frequent.add(text, Label.AD)
    assert [(line.text, line.times) for line in frequent.top(5)] == [("Share", 2)]
    assert frequent.short == 0


def test_without_room_no_count_is_too_high_or_falls_short_by_more_than_is_said():
    frequent, exact = Frequent(50), Counter()
    for turn in range(5000):
        text = f"line {(turn * turn) % (1 + turn % 211)}"
        frequent.add(text, Label.AD)
        exact[text] += 1
    top = frequent.top(50)
    assert 0 < frequent.short < 100
    assert top
    assert all(exact[line.text] - frequent.short <= line.times <= exact[line.text] for line in top)


@pytest.mark.parametrize(
    ("days", "names"),
    [
        ([date(2024, 5, 6), date(2024, 5, 9)], ["2024-05-06", "2024-05-09"]),
        ([date(2023, 11, day) for day in range(1, 30)] + [date(2024, 2, day) for day in range(1, 25)],
         ["2023-11", "2023-12", "2024-01", "2024-02"]),
        ([date(year, month, 1) for year in range(2010, 2016) for month in range(1, 13)],
         ["2010", "2011", "2012", "2013", "2014", "2015"]),
        ([], []),
    ],
)  # fmt: skip
def test_days_are_gathered_when_there_are_many(days, names):
    found = periods({day: Sum(1, 10, 1) for day in days})
    assert [period.name for period in found] == names
    assert sum(period.sum.documents for period in found) == len(days)
