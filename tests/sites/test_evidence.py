import numpy as np
import pytest

from cleaner.document import Document
from cleaner.sites import lifts
from cleaner.split import split
from cleaner.stack import stack
from tests.sites.papers import FOOTER, article

SITE = "harbour.example"
NEW = "Nothing of the sort has ever been written down before, said the pilot."


def lifted(memory, *lines, site=SITE):
    return lifts(memory, stack([split("\n".join(lines))]), [site]).tolist()


@pytest.fixture
def known(taught):
    return taught(article(number) for number in range(60))


def test_a_repeated_line_is_raised_and_new_ones_are_not(known):
    first, second, last = lifted(known, NEW, NEW + " Indeed.", FOOTER)
    assert last > 1
    assert first <= 0 >= second


def test_more_documents_say_more(taught, known):
    few = taught(article(number, footer=FOOTER if number < 4 else "") for number in range(60))
    assert 0 < lifted(few, NEW, FOOTER)[1] < lifted(known, NEW, FOOTER)[1]


def test_a_document_does_not_speak_for_itself(taught):
    """Of two documents with the line one is the document at hand, and one other is no repetition."""
    two = taught(article(number, footer=FOOTER if number < 2 else "") for number in range(60))
    assert lifted(two, NEW, FOOTER)[1] <= 0


def test_what_one_site_repeats_says_nothing_of_another(taught):
    documents = [article(number, site) for site in ("a.example", "b.example") for number in range(30)]
    documents += [article(number, "c.example", footer="") for number in range(30)]
    assert lifted(taught(documents), NEW, FOOTER, site="c.example")[1] <= 0


@pytest.mark.parametrize("site", ["", "never.seen.example"])
def test_without_knowledge_of_the_site_other_sites_stand_in(taught, site):
    documents = [article(number, f"paper{paper}.example") for paper in range(12) for number in range(2)]
    new, footer = lifted(taught(documents), NEW, FOOTER, site=site)
    assert new == 0 < footer


def test_a_heading_of_one_word_among_new_lines_stays(taught):
    def with_heading(number):
        lines = article(number, footer="").body.split("\n\n")
        return Document("a", "\n".join([*lines[:3], "Background", *lines[3:]]), url=f"http://{SITE}")

    memory = taught(map(with_heading, range(60)))
    assert lifted(memory, NEW, "Background", NEW + " Indeed.")[1] <= 0


def test_a_line_that_stands_among_new_lines_is_raised_less(known):
    inside = lifted(known, NEW, FOOTER, NEW + " Indeed.")[1]
    assert inside < lifted(known, NEW, FOOTER)[1]


@pytest.mark.parametrize("mark", ["* * *", "2020", "---"])
def test_breaks_between_sections_are_never_raised(taught, mark):
    memory = taught(article(number, footer=mark) for number in range(60))
    assert lifted(memory, NEW, mark)[1] <= 0


def test_a_copy_of_an_article_is_left_alone(taught):
    """An article that a site shows under many addresses is no boilerplate."""
    memory = taught([*[article(0)] * 20, *(article(number) for number in range(1, 40))])
    assert set(lifted(memory, *article(0).body.split("\n\n"))) == {0.0}


def test_the_same_alone_and_in_a_batch(known):
    pages = [split(article(number).body) for number in range(5)]
    together = lifts(known, stack(pages), [SITE] * 5)
    alone = [lifts(known, stack([page]), [SITE]) for page in pages]
    assert np.array_equal(together, np.concatenate(alone))


def test_an_empty_memory_says_nothing(taught):
    assert lifted(taught([]), NEW, FOOTER) == [0.0, 0.0]
    assert lifted(taught([article(1)]), NEW, FOOTER) == [0.0, 0.0]


def test_no_lines_no_lifts(known):
    assert lifted(known, "") == []


def test_a_sentence_that_is_never_quite_the_same_is_raised_less(taught):
    """ "The study was published on May 18 in ..." is told by every article of its kind."""
    towns = ["Oslo", "Rome", "Bergen", "Turin", "Lyon", "Ghent"] * 10
    told = taught(article(at, footer=f"The study was published online in {town}.") for at, town in enumerate(towns))
    same = taught(article(at, footer="The study was published online in Oslo.") for at in range(60))
    line = "The study was published online in Oslo."
    assert lifted(told, NEW, line)[1] < lifted(same, NEW, line)[1]
