import pytest

from bench.page_curve import curve_tables, page_curve, scorer
from cleaner.errors import SettingError
from cleaner.lab.pages import gold_page

HTML = "<nav>Home and news</nav><p>The council met on Monday.<p>It voted.<footer>Imprint of the whole house</footer>"
GOLD = "The council met on Monday.\nIt voted."


def test_every_threshold_is_measured_and_the_gold_chooses_best():
    name, lines_of = scorer("ours=tests.bench.fronts:scored_blocks")
    silent = gold_page({"id": "b", "html": HTML, "snippets_with": ["a"]}, "s")
    found = page_curve([gold_page({"id": "a", "html": HTML, "text_gold": GOLD}, "s"), silent], lines_of)
    # Below 0.95 everything is kept; below 0.5 what is long: 5 words of the gold and 5 of the footer.
    assert found.at[0.95] == pytest.approx((7 / 15, 1, 14 / 22))
    assert found.at[0.5] == pytest.approx((5 / 10, 5 / 7, 10 / 17))
    assert found.at[0.1] == (0, 0, 0)
    assert found.perfect == (1, 1, 1)
    assert found.points.is_cruft.tolist() == [True, False, False, True]
    assert found.points.chars.tolist() == [11, 22, 8, 22]
    table = curve_tables(name, found)
    assert table.startswith("| ours: lines kept ")
    assert "| chosen by the gold | 1.000 | 1.000 |   1.000 |" in table
    assert "foreign lines removed %" in table


def test_a_scorer_that_cannot_be_imported_is_an_error():
    with pytest.raises(SettingError, match="cannot be imported"):
        scorer("ours=tests.bench.fronts:nothing")
