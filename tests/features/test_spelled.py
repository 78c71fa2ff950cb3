import numpy as np
import pytest

from cleaner.features import grams, markup_of, page_grams
from cleaner.features.ngrams import buckets
from cleaner.features.outline import name_hash
from cleaner.features.spelled import spell
from cleaner.split import split
from cleaner.stack import stack

TEXT = "Harbour closed\nShare this with your friends\nThe board of Tolna met on Monday. \u6e2f\u53e3\n!\n\nThe end"
HTML = (
    "<html><body><nav class='menu top'><a href=/>Home</a></nav><main id=story>"
    "<h1 class=title>Harbour closed</h1>"
    "<p>The board <b>met</b>.</p><p><strong class=promo>Share this</strong></p></main>"
)


def check(page, laid, hashed, markup):
    for number in range(len(page.lines)):
        spelled = spell(page, number, laid, number, markup=markup)
        assert [len(sort) for sort in spelled] == [
            int(gram.bounds[number + 1] - gram.bounds[number]) for gram in hashed
        ]


def test_every_gram_of_a_text_is_spelled_out():
    page = split(TEXT)
    laid = stack([page])
    check(page, laid, grams(laid), markup=False)


def test_every_gram_of_a_page_is_spelled_out(marked):
    (page,), laid, _ = marked(HTML)
    check(page, laid, [gram.spread() for gram in page_grams(laid, markup_of([page], laid))], markup=True)


def test_words_stand_in_the_order_of_their_hashes():
    page = split(TEXT)
    laid = stack([page])
    words = grams(laid)[0]
    for number in range(len(page.lines)):
        spelled = spell(page, number, laid, number, markup=False)[0]
        alone = [stack([split(word.text)]) for word in spelled]
        expected = [int(buckets(one.word_hashes, 1)[0]) for one in alone]
        assert words.buckets[words.bounds[number] : words.bounds[number + 1]].tolist() == expected


@pytest.mark.parametrize("sort", [0, 1, 2, 3])
def test_names_stand_in_the_order_of_their_hashes(marked, sort):
    (page,), laid, _ = marked(HTML)
    hashed = [gram.spread() for gram in page_grams(laid, markup_of([page], laid))]
    plain = len(grams(laid))
    gram = hashed[plain + sort]
    named = [spell(page, number, laid, number, markup=True)[plain + sort] for number in range(len(page.lines))]
    assert any(named)
    for number, names in enumerate(named):
        expected = buckets(np.array([name_hash(name.text) for name in names], np.uint64), 40 + sort)
        assert gram.buckets[gram.bounds[number] : gram.bounds[number + 1]].tolist() == expected.tolist()
