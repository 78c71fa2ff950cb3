import numpy as np

from cleaner.lab import stretches
from cleaner.lab.stretches import covered, number_words, shared_grams, shared_lines


def places(shared):
    return sorted(zip(*(column.tolist() for column in shared), strict=True))


def test_equal_words_have_equal_numbers_whatever_their_form():
    (left, right) = number_words(["**“Don’t”** ＡＢＣ_x — 春眠", "", "..."], ['don\'t "abc" X 春 眠'])
    assert left.words.tolist() == right.words.tolist() == [0, 1, 2, 3, 4, 5]
    assert left.bounds.tolist() == [0, 6, 6, 6]
    assert left.lengths.tolist() == [6, 0, 0]


def test_a_run_of_four_words_is_found_and_lengthened():
    left, right = number_words(["x a b c d e y", "a b c"], ["a b c", "d e z"])
    assert places(shared_grams(left, right)) == [(1, 6, 0, 5, 5)]


def test_a_run_does_not_cross_lines_on_the_left():
    left, right = number_words(["a b", "c d"], ["a b c d"])
    assert places(shared_grams(left, right)) == []


def test_a_few_words_may_differ_inside_a_run_and_do_not_count():
    left, right = number_words(["a b c d X e f g h"], ["a b c d Y e f g h"])
    assert places(shared_grams(left, right)) == [(0, 9, 0, 9, 8)]
    left, right = number_words(["a b c d 1 2 3 4 e f g h"], ["a b c d 5 6 7 8 e f g h"])
    assert places(shared_grams(left, right)) == [(0, 4, 0, 4, 4), (8, 12, 8, 12, 4)]


def test_short_lines_are_found_as_a_whole_wherever_they_stand():
    left, right = number_words(["a b", "a", "b c d"], ["a b c", "a b"])
    assert places(shared_lines(left, right, 2)) == [(0, 2, 0, 2, 2), (0, 2, 3, 5, 2)]
    assert places(shared_lines(left, right, 1)) == [(2, 3, 0, 1, 1), (2, 3, 3, 4, 1)]
    assert places(shared_lines(left, right, 3)) == []


def test_nothing_is_shared_with_nothing():
    empty, text = number_words([], ["a b c d"])
    for left, right in ((empty, text), (text, empty), (empty, empty)):
        assert places(shared_grams(left, right)) == places(shared_lines(left, right, 1)) == []


def test_of_the_commonest_only_the_first_places_are_looked_at_where_there_are_too_many(monkeypatch):
    monkeypatch.setattr(stretches, "_PAIRS", 10)
    left, right = number_words(["a", "b", *["x"] * 9], ["a b", *["x"] * 9])
    found = places(shared_lines(left, right, 1))
    assert found[:4] == [(0, 1, 0, 1, 1), (1, 2, 1, 2, 1), (2, 3, 2, 3, 1), (2, 3, 3, 4, 1)]
    # Eleven n-grams and ten more: two places for each of the nine.
    assert len(found) == 2 + 9 * 2
    # One pair for each n-gram is always looked at.
    left, right = number_words([" ".join(map(str, range(50)))], [" ".join(map(str, range(50)))])
    assert places(shared_grams(left, right)) == [(0, 50, 0, 50, 50)]


def test_words_inside_any_stretch_are_covered():
    (text,) = number_words(["a b c d e f"])
    assert covered(text, np.array([0, 1, 4]), np.array([2, 3, 5])).tolist() == [True, True, True, False, True, False]
    assert not covered(text, np.array([], int), np.array([], int)).any()
