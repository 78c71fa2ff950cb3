"""What counts as a word where texts are compared; one character where a language writes no spaces."""

from __future__ import annotations

import re

_SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d"  # Japanese kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"  # Chinese characters
)
"""Scripts of languages that put no space between words. Korean does, so Hangul is not among them."""
_CHARACTER = re.compile(f"[{_SPACELESS}]")
_WORD = re.compile(r"\w+")
_WORD_OR_CHARACTER = re.compile(rf"(?=\w)[{_SPACELESS}]|[^\W{_SPACELESS}]+")


def is_spaceless(text: str) -> bool:
    """Tell whether most word characters of a text belong to scripts without spaces.

    >>> is_spaceless("春眠不觉晓 (poem)"), is_spaceless("The word 春"), is_spaceless("")
    (True, False, False)
    """
    found = len(_CHARACTER.findall(text))
    return found > 0 and 2 * found > sum(map(len, _WORD.findall(text)))


def words(text: str, *, by_character: bool = False) -> list[str]:
    r"""Return the runs of `\w`; *by_character* parts those of scripts without spaces.

    >>> words("It's 5%"), words("ab春眠", by_character=True)
    (['It', 's', '5'], ['ab', '春', '眠'])
    """
    return (_WORD_OR_CHARACTER if by_character else _WORD).findall(text)
