import json

import pytest

from cleaner.document import Facts
from cleaner.split.facts import facts_of
from cleaner.split.markup import split_markup

ARTICLE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Post"},
        {
            "@type": "NewsArticle",
            "headline": "Pier to be &amp; stay",
            "articleBody": "The <b>board</b> voted.\n\nWork begins.",
            "description": "A pier.",
            "inLanguage": "nn",
            "publisher": {"@type": "Organization", "name": "Harbour Post"},
        },
    ],
}


def linked_data(source):
    return f"<script type='application/ld+json'>{source}</script>"


def test_all_that_a_page_says_of_itself_is_gathered():
    page = split_markup(
        "<html lang=nb-NO><head><title>\n Pier | Post </title>"
        "<meta property='og:title' content='Pier &quot;again&quot;'>"
        "<meta name=Description content='What happened'><meta property=og:site_name content=Post></head><p>a"
    )
    assert page.facts == Facts(
        title="Pier | Post", headline='Pier "again"', description="What happened", language="nb-NO", site="Post"
    )


@pytest.mark.parametrize("place", ["<head>{}</head><p>a", "<p>a{}<p>b"])
def test_linked_data_is_read_wherever_it_stands(place):
    facts = split_markup(place.format(linked_data(json.dumps(ARTICLE)))).facts
    assert facts == Facts(
        headline="Pier to be & stay",
        description="A pier.",
        body="The board voted. Work begins.",
        language="nn",
        site="Harbour Post",
        types=("website", "newsarticle", "organization"),
    )


@pytest.mark.parametrize("wrap", ["<!--{}-->", "{};", "\n{}\n"])
def test_usual_faults_of_linked_data_are_forgiven(wrap):
    source = wrap.format('{"headline": "Two\nlines"}')
    assert split_markup(linked_data(source) + "<p>a").facts.headline == "Two lines"


@pytest.mark.parametrize("source", ["", "{", "null", "[1, [2]]", '{"headline": 3}', '{"headline": ["a"]}', "[" * 9_999])
def test_malformed_linked_data_is_ignored(source):
    assert facts_of([("script", {"type": "application/ld+json"}, source)]) == Facts()


def test_long_bodies_are_cut_and_endless_data_are_left_unread():
    body = "word " * 30_000
    assert len(split_markup(linked_data(json.dumps({"articleBody": body})) + "<p>a").facts.body) == 100_000
    assert split_markup(linked_data(json.dumps({"articleBody": body * 10})) + "<p>a").facts.body == ""


def test_the_second_parser_tells_facts_too():
    page = split_markup("<html lang=de><title>Rahmen</title><frameset><frame src=a></frameset>")
    assert (page.facts.title, page.facts.language) == ("Rahmen", "de")


def test_types_come_without_their_vocabulary_each_once():
    types = ["https://schema.org/NewsArticle", "Article", 7]
    source = linked_data(json.dumps([{"@type": types}, {"@type": "article"}, {"@type": None}]))
    page = split_markup(f"<meta property='og:type' content='Product.Group'>{source}<p>a")
    assert page.facts.types == ("product.group", "newsarticle", "article")


def test_of_many_types_the_first_are_told():
    many = linked_data(json.dumps([{"@type": f"Type{number}"} for number in range(60)]))
    assert split_markup(f"{many}<p>a").facts.types == tuple(f"type{number}" for number in range(24))
