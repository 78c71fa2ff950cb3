import pytest

from cleaner import Cleaner, Document
from cleaner import cleaning as cleaning_module
from cleaner.model import find_model

STORY = "".join(f"<p>The council of Halden met on day {day} and voted to close the bridge.</p>" for day in range(5))
PAGES = [
    Document("a", f"<nav><a href='/'>Home</a></nav><article><h1>Bridge closed</h1>{STORY}</article>", "html"),
    Document("b", "Advertisement\nThe council met on Monday."),
    Document("c", f"<ul><li>One<li>Two</ul><table><tr><td>3<td>4</table>{STORY}", "html"),
    Document("d", "", "html"),
    Document("e", ""),
]


@pytest.fixture
def engine(page_folder, monkeypatch):
    """An engine beside whose model of lines stands one of pages."""
    folders = {"text": find_model("text"), "html": page_folder}
    monkeypatch.setattr(cleaning_module, "find_model", folders.__getitem__)
    return Cleaner()


def test_each_kind_is_judged_by_its_own_model(engine):
    names = [cleaned.report.model.partition("@")[0] for cleaned in engine.clean_many(PAGES)]
    assert names == ["pages-by-chance", "lines", "pages-by-chance", "pages-by-chance", "lines"]


def test_mixed_batches_give_what_each_document_gives_alone(engine):
    alone = [next(engine.clean_many([document])) for document in PAGES]
    assert list(engine.clean_many(PAGES)) == alone
    assert list(engine.clean_many(PAGES[::-1])) == alone[::-1]


def test_a_given_model_of_pages_leaves_text_to_the_shipped_one(page_folder):
    names = [cleaned.report.model.partition("@")[0] for cleaned in Cleaner(model=page_folder).clean_many(PAGES[:2])]
    assert names == ["pages-by-chance", "lines"]
