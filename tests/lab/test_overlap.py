"""The measures against plain restatements of the three benchmarks' definitions, and known answers."""

import re
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lab.overlap import (
    Matched,
    Share,
    Snippets,
    mean_share,
    shingle_deviation,
    shingle_score,
    shingle_shares,
    snippet_counts,
    total_snippets,
    word_score,
)

# Few letters, so that texts have words in common.
TEXTS = st.text(alphabet="abAB 1.\n_é", max_size=60)


def plain_word_score(output, gold):
    given_words, wanted = (re.findall(r"\w+", text.lower()) for text in (output, gold))
    if not wanted:
        return (0.0, 0.0, 0.0) if given_words else (1.0, 1.0, 1.0)
    if not given_words:
        return (0.0, 0.0, 0.0)
    left, shared = list(wanted), 0
    for word in given_words:
        if word in left:
            left.remove(word)
            shared += 1
    precision, recall = shared / len(given_words), shared / len(wanted)
    return precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0


def plain_shingle_shares(output, gold):
    def shingles(text):
        of_text = re.findall(r"\w+", text)
        runs = [tuple(of_text[at : at + 4]) for at in range(max(1, len(of_text) - 3))]
        return [run for run in runs if run]

    given_runs, wanted = shingles(output), shingles(gold)
    counts = [0.0, 0.0, 0.0]
    for run in {*given_runs, *wanted}:
        ours, theirs = given_runs.count(run), wanted.count(run)
        counts[0] += min(ours, theirs)
        counts[1] += max(0, ours - theirs)
        counts[2] += max(0, theirs - ours)
    whole = sum(counts)
    return tuple(count / whole for count in counts) if whole else (0.0, 0.0, 0.0)


def plain_shingle_score(documents):
    precision = statistics.mean([both / (both + alone) for both, alone, _ in documents if both + alone > 0])
    recall = statistics.mean([both / (both + alone) for both, _, alone in documents if both + alone > 0])
    return precision, recall, 2 * precision * recall / (precision + recall)


@given(TEXTS, TEXTS)
def test_the_word_score_is_that_of_wcxb(output, gold):
    assert word_score(output, gold) == pytest.approx(plain_word_score(output, gold))


@given(TEXTS, TEXTS)
def test_shingles_are_shared_as_in_the_scrapinghub_benchmark(output, gold):
    assert shingle_shares(output, gold) == pytest.approx(plain_shingle_shares(output, gold))


@given(st.lists(st.tuples(TEXTS, st.just("a b a b a")), min_size=1, max_size=6))
def test_the_shingle_score_is_that_of_the_scrapinghub_benchmark(pairs):
    documents = [shingle_shares(output, gold) for output, gold in [*pairs, ("a b a b", "a b a b a")]]
    assert shingle_score(documents) == pytest.approx(plain_shingle_score(documents))


@pytest.mark.parametrize(
    ("output", "gold", "expected"),
    [
        ("a b c d", "a b c d", (1, 1, 1)),
        ("", "a", (0, 0, 0)),
        ("a", "", (0, 0, 0)),
        ("", " ... ", (1, 1, 1)),
        ("A a a", "a b", (1 / 3, 1 / 2, 0.4)),
        ("c", "a", (0, 0, 0)),
        # By the character: by the word nothing would be shared.
        ("春眠不觉", "春眠不觉晓", (1, 0.8, 8 / 9)),
    ],
)
def test_word_scores_of_known_cases(output, gold, expected):
    assert word_score(output, gold) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("output", "gold", "expected"),
    [
        ("a b c d e", "a b c d e", (1, 0, 0)),
        ("a b c d", "a b c d e", (0.5, 0, 0.5)),
        ("x a b c d", "a b c d e", (1 / 3, 1 / 3, 1 / 3)),
        # Shorter than a shingle: the whole text is one. Case counts.
        ("a b", "a b", (1, 0, 0)),
        ("A b", "a b", (0, 0.5, 0.5)),
        ("", "a b c d", (0, 0, 1)),
        ("", "", (0, 0, 0)),
        ("春眠不觉", "春眠不觉晓", (0.5, 0, 0.5)),
    ],
)
def test_shares_of_known_cases(output, gold, expected):
    assert shingle_shares(output, gold) == pytest.approx(expected)


def test_a_document_without_output_lowers_the_recall_and_leaves_the_precision():
    full, nothing = Matched(1.0, 0.0, 0.0), Matched(0.0, 0.0, 1.0)
    assert shingle_score([full, nothing]) == pytest.approx((1, 0.5, 2 / 3))
    assert shingle_score([nothing]) == (0, 0, 0)
    assert shingle_score([]) == (0, 0, 0)


def test_pages_count_alike_and_the_f1_is_the_mean_of_theirs():
    assert mean_share([Share(1, 0.5, 2 / 3), Share(0, 0, 0)]) == pytest.approx((0.5, 0.25, 1 / 3))


def test_the_deviation_is_that_of_resampled_documents():
    sure, torn = [Matched(1.0, 0.0, 0.0)] * 20, [Matched(1.0, 0.0, 0.0), Matched(0.0, 0.5, 0.5)] * 50
    assert shingle_deviation(sure, rounds=20) == (0, 0, 0)
    # The mean of a hundred throws of a coin deviates by 0.05.
    assert shingle_deviation(torn, rounds=400).recall == pytest.approx(0.05, abs=0.01)
    assert shingle_deviation(torn, rounds=20) == shingle_deviation(torn, rounds=20)
    assert shingle_deviation(torn[:1]) == (0, 0, 0)


def test_snippets_are_found_whatever_the_white_space():
    counts = snippet_counts("The  bridge\nis shut. Share", ["bridge is\tshut", "the bridge"], ["Share", "Login"])
    assert counts == Snippets(1, 2, 1, 2)
    assert counts.f1 == pytest.approx(2 * 1 / (2 * 1 + 1 + 1))
    assert snippet_counts("", ["a"], ["b"]) == Snippets(0, 1, 0, 1)


def test_snippet_counts_are_summed_over_pages():
    assert total_snippets([Snippets(1, 2, 0, 3), Snippets(2, 2, 1, 1)]) == Snippets(3, 4, 1, 4)
    assert total_snippets([]).f1 == 0
