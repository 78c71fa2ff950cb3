import sys

from cleaner.lab.characters import is_solid


def test_white_and_widthless_characters_are_not_solid():
    assert is_solid(" a\n\u200b\ufeff\u3000\U0001f600\ud800\u3001").tolist() == [
        False, True, False, False, False, False, True, True, True,
    ]  # fmt: skip


def test_the_table_agrees_with_str_isspace_everywhere():
    text = "".join(map(chr, range(sys.maxunicode + 1)))
    solid = is_solid(text)
    odd = {char for char, is_one in zip(text, solid.tolist(), strict=True) if is_one == char.isspace()}
    assert odd == set("\ufeff\u200b\u200e\u200f\u2060")


def test_an_empty_text_has_no_characters():
    assert len(is_solid("")) == 0
