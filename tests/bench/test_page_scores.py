import pytest

from bench.extracting import Output
from bench.page_scores import best_choice, result, tables
from cleaner.lab.pages import gold_page

GOLD = "The council met on Monday. It voted to close the bridge."


def page(number, **changes):
    return gold_page({"id": str(number), "html": "", "text_gold": GOLD, "page_type": "article", **changes}, "s")


def cells(table, name):
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith(f"| {name}")
    ]


def test_gold_pages_are_measured_in_words_and_shingles_by_type():
    pages = [page(1), page(2), page(3, page_type="forum")]
    found = result(pages, [Output(GOLD, ""), Output("", "timeout"), Output(f"{GOLD} {GOLD}", "")])
    assert (found.pages, found.empty, found.crashed, found.late, found.halved) == (3, 1, 0, 1, 1)
    assert found.words == pytest.approx((0.5, 2 / 3, (1 + 0 + 2 / 3) / 3))
    assert found.types["article"] == pytest.approx((0.5, 0.5, 0.5))
    assert found.types["forum"].precision == 0.5
    # Two pages have output: 8 of 8 shingles, and 8 of 19.
    assert found.shingles[:2] == pytest.approx(((1 + 8 / 19) / 2, 2 / 3))
    assert found.deviation.f1 > 0
    assert found.snippets is None
    assert found.perfect is None


def test_pages_with_snippets_are_counted():
    asked = page(1, text_gold=None, snippets_with=["met on"], snippets_without=["Share", "Login"])
    found = result([asked, asked], [Output(f"{GOLD} Share", ""), Output(" ", "crash")])
    assert found.snippets == (1, 2, 1, 4)
    assert (found.words, found.shingles, found.halved, found.empty, found.crashed) == (None, None, 0, 1, 1)


def test_the_best_choice_of_lines_takes_those_that_are_half_gold():
    text = (
        f"Menu\n{GOLD}\nShare this with your friends\nIt voted to close the bridge. By John Smith of the Halden Herald"
    )
    assert best_choice(text, GOLD) == (1, 1, 1)
    assert best_choice("", GOLD) == (0, 0, 0)
    perfect = result([page(1)], [Output(text, "")], perfect=True)
    assert perfect.perfect == (1, 1, 1)
    assert perfect.words.f1 < 1


def test_tables_hold_what_was_measured():
    pages = [page(1), page(2, page_type="forum")]
    both = {
        "one": result(pages, [Output(GOLD, ""), Output("", "crash")], perfect=True),
        "two": result(pages, [Output(GOLD, "")] * 2, perfect=True),
    }
    table = tables(both)
    words, types = cells(table, "one")
    assert words[:5] == ["one", "0.500", "0.500", "0.500", "1"]
    assert words[-4:] == ["1", "1", "0", "0.500"]
    assert types == ["one", "1.000", "0.000"]
    assert cells(table, "two")[0][-4:] == ["0", "0", "0", "1.000"]
    assert "snippet" not in table
    assert "wanted" not in table


def test_snippets_and_pages_without_types_have_one_table_each():
    asked = page(1, text_gold=None, snippets_with=["met on", "vote"], snippets_without=["Share", "Login"])
    table = tables({"one": result([asked], [Output(f"{GOLD} Share", "")])})
    assert cells(table, "one") == [["one", "0.800", "100.0", "50.0", "0", "0", "0"]]
    table = tables({"one": result([page(1)], [Output(GOLD, "")])})
    assert len(cells(table, "one")) == 1
    assert "perfect" not in table


def test_a_result_is_a_json_object():
    found = result([page(1)], [Output(GOLD, "")]).as_dict()
    assert found["words"] == found["types"]["article"] == {"precision": 1, "recall": 1, "f1": 1}
    assert (found["snippets"], found["perfect"], found["deviation"]["f1"]) == (None, None, 0)
