import pytest

from cleaner.features import feature_names
from cleaner.features.meanings import meaning


@pytest.mark.parametrize("kind", ["text", "html"])
def test_every_feature_has_a_meaning_of_its_own(kind):
    meanings = [meaning(name) for name in feature_names(kind)]
    assert all("{" not in text and text.strip() for text in meanings)
    assert len(set(meanings)) == len(meanings)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("score+1", "score of the line 1 below"),
        ("around_20", "mean score 20 lines up and down"),
        ("hit_social", "rules for social that hit it"),
        ("trade_share", "share of words of trade"),
        ("score_3_up", "mean score in the element 3 up"),
    ],
)
def test_numbers_and_names_are_put_where_they_belong(name, text):
    assert meaning(name) == text


def test_what_is_no_feature_has_none():
    with pytest.raises(KeyError):
        meaning("colour_share")
