import pytest

from cleaner.lab.words import is_spaceless, words


@pytest.mark.parametrize(
    ("text", "by_character", "expected"),
    [
        ("It's 5%, naïve_x", False, ["It", "s", "5", "naïve_x"]),
        ("ab春眠 cd", True, ["ab", "春", "眠", "cd"]),
        ("ab春眠 cd", False, ["ab春眠", "cd"]),
        ("東京タワーへ", True, ["東", "京", "タ", "ワ", "ー", "へ"]),
        ("서울 타워", True, ["서울", "타워"]),
        ("กขค", True, ["ก", "ข", "ค"]),
        ("\U00020000\U00020001", True, ["\U00020000", "\U00020001"]),
        ("", True, []),
        ("— · …", False, []),
    ],
)
def test_words_are_runs_of_letters_and_digits_or_single_characters(text, by_character, expected):
    assert words(text, by_character=by_character) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("春眠不觉晓", True),
        ("春眠 is Chinese", False),
        ("한국어 문장", False),
        ("", False),
        ("ภาษาไทย", True),
        ("...", False),
    ],
)
def test_most_characters_say_whether_a_text_is_written_without_spaces(text, expected):
    assert is_spaceless(text) is expected
