import pytest

from cleaner.split.markup import split_markup
from cleaner.split.names import MOST, names_of

CASES = [
    ('div class="post-content post_body"', ("post", "content", "body")),
    ('p id="mainArticleBody2"', ("main", "article", "body")),
    ('a class="HTMLWidget iOSApp"', ("html", "widget", "i", "os", "app")),
    ('div itemtype="https://schema.org/NewsArticle" itemprop="articleBody"', ("news", "article", "body")),
    ('nav role="navigation" aria-label="Haupt-Menü"', ("navigation", "haupt", "menü")),
    ('div data-testid="story" data-component="Byline" data-x="no" title="no"', ("story", "byline")),
    ("div", ()),
    ('div class=""', ()),
    ('div class="\n a \n b "', ("a", "b")),
]


@pytest.mark.parametrize(("tag", "names"), CASES)
def test_names_are_taken_apart(tag, names):
    assert names_of([tag])[tag] == names


def test_names_of_many_tags_do_not_mix():
    tags = [tag for tag, _ in CASES]
    assert names_of(tags) == dict(CASES)


def test_names_are_few():
    page = split_markup(f"<p class='{' '.join(f'{chr(97 + n // 26)}{chr(97 + n % 26)}' for n in range(400))}'>x")
    assert len(page.elements[-1].names) == MOST
