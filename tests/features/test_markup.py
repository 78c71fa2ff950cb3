"""Features of markup: what shows a line, what lies around it, what the page says of itself."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.features import BITS, feature_names, kins, markup_of, matrix, page_grams, take
from cleaner.features.containers import alike, containers
from cleaner.features.markup import markup
from cleaner.features.told import told
from cleaner.labels import REMOVED
from cleaner.model import Linear
from cleaner.split.markup import split_markup
from cleaner.stack import stack

MADE = json.loads((Path(__file__).parent / "pages.json").read_text("utf-8"))
ARTICLE, PAGES = MADE["article"], (MADE["article"], *MADE["others"])


def texts(pages):
    """Return the lines of pages as texts."""
    return [line.text for page in pages for line in page.lines]


def of_lines(columns, name, pages):
    return dict(zip(texts(pages), np.asarray(columns[name]).tolist(), strict=True))


def test_the_nearest_telling_element_is_counted_in_steps(marked):
    pages, _, tree = marked(ARTICLE)
    columns = markup(tree, pages)
    assert of_lines(columns, "to_article", pages)["The bridge was shut on Monday."] == 2
    assert of_lines(columns, "to_nav", pages)["Home"] == 2
    assert of_lines(columns, "to_nav", pages)["Copyright"] == 24
    assert of_lines(columns, "heading", pages)["Bridge shut"]
    assert of_lines(columns, "linked", pages)["Read more here"] == 100
    assert of_lines(columns, "marked_strong", pages)["Read more here"]


def test_the_core_is_the_innermost_element_with_most_of_the_body(marked):
    pages, laid, tree = marked(ARTICLE)
    prose = ("The bridge was shut on Monday.", "Nobody was hurt when the railing came down.")
    exact = np.array([-500 if text in prose else 500 for text in texts(pages)])
    columns = containers(laid, tree, alike(laid, tree), exact)
    core = of_lines(columns, "core_90", pages)
    assert [core[text] for text in prose] == [0, 0]
    assert core["Read more here"] == 0
    assert core["Bridge shut"] == -1
    assert core["More news"] == 1
    assert of_lines(columns, "mass_1", pages)[prose[0]] == 1.0
    assert of_lines(columns, "mass_1", pages)["Home"] == 0.0


def test_lines_in_elements_of_one_shape_share_their_mean(marked):
    pages, laid, tree = marked(ARTICLE)
    scores = {"Pier to be painted": 300, "Ferry late again": 100}
    columns = containers(laid, tree, alike(laid, tree), np.array([scores.get(text, 0) for text in texts(pages)]))
    assert of_lines(columns, "way_score", pages)["Ferry late again"] == 200
    assert of_lines(columns, "way_lines", pages)["Ferry late again"] == 2


def test_lines_in_elements_of_one_shape_are_kin(marked):
    pages, laid, _ = marked(ARTICLE, ARTICLE)
    page, way, _ = kins(laid, markup_of(pages, laid))
    later, painted = (
        np.flatnonzero(np.array(texts(pages)) == text) for text in ("Ferry late again", "Pier to be painted")
    )
    assert np.array_equal(way.of_line[later], way.of_line[painted])
    assert way.of_line[later[0]] != way.of_line[later[1]], "lines of other pages are no kin"
    assert page.counts.tolist() == [laid.count // 2] * 2


def test_lines_are_held_against_what_the_page_tells_machines(marked):
    pages, laid, _ = marked(ARTICLE, "<p>Bridge shut</p>")
    columns = told(laid, pages)
    title = np.asarray(columns["in_title"]).tolist()
    assert title[texts(pages).index("Bridge shut")] == 1.0
    assert title[-1] == 0.0, "what another page says does not count"
    article = of_lines(columns, "in_article", pages)
    assert article["Nobody was hurt when the railing came down."] > 0.7
    assert article["Pier to be painted"] == 0.0


def test_what_a_page_says_it_is_is_told_of_its_lines_alone(marked):
    pages, laid, _ = marked(ARTICLE, "<meta property='og:type' content='product'><p>A chair</p>")
    columns = told(laid, pages)
    news, product = (np.asarray(columns[name]).tolist() for name in ("says_news", "says_product"))
    assert news == [True] * (laid.count - 1) + [False]
    assert product == [False] * (laid.count - 1) + [True]


def test_runs_of_words_end_with_their_page(marked):
    told_twice = "<meta name=description content='Bridge shut'><p>Bridge shut</p>"
    alone, behind, before = (
        np.asarray(told(laid, pages)["in_description"]).tolist()
        for pages, laid, _ in (marked(told_twice), marked("<p>Ferry", told_twice), marked(told_twice, "<p>Ferry"))
    )
    assert alone == [0.5], "the last word has no one behind it to make a run with"
    assert behind[-1:] == before[:1] == alone


@pytest.mark.parametrize("sources", [PAGES, PAGES[::-1], PAGES[:1]])
def test_features_of_a_page_are_the_same_alone_and_in_a_stack(sources):
    together = measured(sources)
    alone = np.concatenate([measured([source]) for source in sources], axis=1)
    assert np.array_equal(together, alone)
    assert np.isfinite(together).all()
    assert len(together) == len(feature_names("html"))


tags = st.sampled_from(
    ["<p>", "</p>", "<div class='a b'>", "</div>", "<ul><li>", "<a href='/'>", "</a>", "word ", "<br>"]
)


@given(st.lists(st.lists(tags, max_size=25).map("".join), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_markup_is_measured_and_alone_as_in_a_stack(sources):
    together = measured(sources)
    assert np.array_equal(together, np.concatenate([measured([source]) for source in sources], axis=1))


def test_grams_of_a_page_are_the_same_alone_and_in_a_stack():
    together = per_line(PAGES)
    assert together == [line for source in PAGES for line in per_line([source])]


def test_lines_that_share_a_bag_of_grams_can_be_taken_alone():
    pages = [split_markup(source) for source in PAGES]
    laid = stack(pages)
    grams = page_grams(laid, markup_of(pages, laid))
    lines = np.array([laid.count - 1, 2, 2, 0])
    for gram, taken in zip(grams, take(grams, lines), strict=True):
        assert bags(taken) == [bags(gram)[line] for line in lines]
    assert any(gram.bag_of is not None for gram in grams)


def test_lines_that_share_a_bag_of_grams_score_as_if_each_had_its_own():
    pages = [split_markup(source) for source in PAGES]
    laid = stack(pages)
    grams = page_grams(laid, markup_of(pages, laid))
    dice = np.random.default_rng(0)
    linear = Linear(dice.integers(-100, 100, (1 << BITS, 3)).astype(np.int8), np.full(3, 0.1), np.ones(3))
    assert np.array_equal(linear.scores(grams), linear.scores([gram.spread() for gram in grams]))


def measured(sources):
    """Measure pages with scores that depend on the text alone."""
    pages = [split_markup(source) for source in sources]
    laid = stack(pages)
    scores = np.array([sum(map(ord, text)) % 7 - 3.0 for text in texts(pages)])
    of_pages = markup_of(pages, laid)
    hits = np.zeros((laid.count, len(REMOVED) + 1), np.int64)
    return matrix(laid, scores, hits, of_pages)[1]


def per_line(sources):
    pages = [split_markup(source) for source in sources]
    laid = stack(pages)
    of_sorts = [bags(gram) for gram in page_grams(laid, markup_of(pages, laid))]
    return [sorted(of_sort[at]) for at in range(laid.count) for of_sort in of_sorts]


def bags(gram):
    """Return the buckets of each line."""
    buckets, bounds, _ = gram.spread()
    return [buckets[low:high].tolist() for low, high in pairwise(bounds)]
