from dataclasses import replace

import pytest

from cleaner import Cleaner, clean, clean_many
from cleaner.document import Document
from cleaner.errors import ModelError, SettingError
from cleaner.sites import learn
from tests.sites.papers import SLOGAN, article


def slogans(number):
    return article(number, footer=SLOGAN)


@pytest.fixture
def path(taught, tmp_path):
    taught(slogans(number) for number in range(60))
    return tmp_path / "0.sites"


def removed(cleaned):
    return [(removal.text.strip(), removal.source) for removal in cleaned.report.removed]


@pytest.mark.parametrize("settings", [{}, {"rules_only": True}], ids=["model", "rules"])
def test_what_the_site_repeats_goes_and_says_why(path, settings):
    document = slogans(99)
    (alone,) = Cleaner(**settings).clean_many([document])
    (cleaned,) = Cleaner(sites=path, **settings).clean_many([document])
    assert (SLOGAN, "site") not in removed(alone)
    assert (SLOGAN, "site") in removed(cleaned)
    assert cleaned.report.replay(document.body) == cleaned.text
    assert cleaned.report.restore(cleaned.text) == document.body
    (removal,) = [removal for removal in cleaned.report.removed if removal.source == "site"]
    assert 0 < removal.score <= 1


def test_other_sites_are_cleaned_as_before(path):
    document = Document("a", slogans(99).body, url="https://other.example/1")
    assert Cleaner(sites=path).clean_many([document]).__next__() == Cleaner().clean_many([document]).__next__()


@pytest.mark.parametrize("url", [None, "", "not an address", "/news/1", 5])
def test_documents_without_a_site_are_cleaned_as_before_and_say_so(path, url):
    document = Document("a", slogans(99).body, url=url)
    (alone,), (cleaned,) = Cleaner().clean_many([document]), Cleaner(sites=path).clean_many([document])
    assert cleaned.report.note.startswith("no-site: ")
    assert replace(cleaned.report, note="") == alone.report
    assert cleaned.text == alone.text


def test_documents_with_a_site_have_no_note_of_it(path):
    named = Document("a", slogans(99).body, meta={"site": "harbour.example"})
    assert [cleaned.report.note for cleaned in Cleaner(sites=path).clean_many([slogans(99), named])] == ["", ""]


def test_a_note_of_more_weight_comes_first(path):
    notes = [cleaned.report.note for cleaned in Cleaner(sites=path).clean_many([Document("a", ""), Document("b", " ")])]
    assert notes == [cleaned.report.note for cleaned in Cleaner().clean_many([Document("a", ""), Document("b", " ")])]


@pytest.mark.parametrize("told", [{"url": "https://www.harbour.example/99"}, {"site": "Harbour.example"}])
def test_a_bare_text_is_of_the_site_that_is_named_beside_it(path, told):
    text = slogans(99).body
    assert (SLOGAN, "site") in removed(clean(text, sites=path, **told))
    assert (SLOGAN, "site") in removed(Cleaner(sites=path).clean(text, **told))


def test_a_bare_text_of_no_site_is_refused_with_the_remedy(path):
    text = slogans(99).body
    for refused in (
        lambda: clean(text, sites=path),
        lambda: clean(text, sites=path, url="", site=None),
        lambda: Cleaner(sites=path).clean(text),
        lambda: list(clean_many([text], sites=path)),
    ):
        with pytest.raises(SettingError, match=r"give its address \(url=\) or the name of its site \(site=\)"):
            refused()


def test_an_address_without_a_memory_changes_no_text():
    text = slogans(99).body
    assert clean(text, url="https://harbour.example/", site="x") == clean(text)


def test_a_batch_gives_what_each_alone_gives(path):
    documents = [slogans(number) for number in range(90, 100)] + [article(1, "b.example")]
    engine = Cleaner(sites=path)
    together = list(engine.clean_many(documents))
    assert together == [next(engine.clean_many([document])) for document in documents]


def test_labels_that_are_kept_stay(path):
    (cleaned,) = Cleaner(sites=path, rules_only=True, keep=("navigation",)).clean_many([slogans(99)])
    assert SLOGAN in cleaned.text


def test_a_missing_memory_is_told_before_the_first_document(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        next(Cleaner(sites=tmp_path / "none").clean_many([]))


def test_a_page_is_cleaned_with_what_its_site_repeats(taught, tmp_path):
    def page(number):
        body = "".join(f"<p>{line}</p>" for line in slogans(number).body.split("\n\n"))
        return Document("a", f"<html><body>{body}</body></html>", "html", "https://harbour.example/")

    taught(map(page, range(40)))
    engine = Cleaner(sites=tmp_path / "0.sites", rules_only=True)
    (cleaned,) = engine.clean_many([page(99)])
    assert (SLOGAN, "site") in removed(cleaned)


def test_two_passes_over_one_corpus(tmp_path):
    documents = [slogans(number) for number in range(30)]
    with (tmp_path / "first").open("xb") as file:
        learned = learn(documents, file.write)
    assert (learned.documents, learned.lines) == (30, 1)
    engine = Cleaner(sites=tmp_path / "first", rules_only=True)
    assert all(SLOGAN not in cleaned.text for cleaned in engine.clean_many(documents))
