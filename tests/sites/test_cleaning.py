import pytest

from cleaner import Cleaner
from cleaner.document import Document
from cleaner.errors import ModelError
from cleaner.sites import first_pass
from tests.sites.papers import article

SLOGAN = "Harbour Post, the paper of the pier"


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


def test_documents_without_a_site_are_cleaned_as_before(path):
    text = slogans(99).body
    assert Cleaner(sites=path).clean(text) == Cleaner().clean(text)


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
    learned = first_pass(documents, tmp_path / "first")
    assert (learned.documents, learned.lines) == (30, 1)
    engine = Cleaner(sites=tmp_path / "first", rules_only=True)
    assert all(SLOGAN not in cleaned.text for cleaned in engine.clean_many(documents))
