"""Pages that we wrote, cleaned with the shipped page model: what must stay and what must go."""

import tomllib
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.cleaning import HTML

PAGES = Path(__file__).parent / "whole_pages"
CASES = tomllib.loads((PAGES / "cases.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_the_article_stays_and_the_rest_goes(name):
    cleaned = Cleaner(kind=HTML).clean((PAGES / f"{name}.html").read_text("utf-8"))
    assert cleaned.report.model.startswith("pages@")
    assert [text for text in CASES[name]["kept"] if text not in cleaned.text] == []
    assert [text for text in CASES[name]["gone"] if text in cleaned.text] == []
    assert cleaned.report.restore(cleaned.text) == cleaned.page_text
