"""How many words a line has, whether or not its script puts blanks between them."""

from __future__ import annotations

import re

# Han and kana: a word has about two characters. Thai, Lao, Burmese, Khmer: about four, vowel signs counted.
_TWO_A_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_FOUR_A_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")

CLOSERS = ".!?\"'\u201d\u3002\uff01\uff1f\u300d\u300f\u061f\u0964"
"""What a sentence ends on, in whatever script."""


def words_in(text: str) -> int:
    """Count the words of a line: its blanks and one more, and what stands for words in scripts without blanks.

    Bounds on words are there to tell short lines from paragraphs. By blanks alone every Chinese
    paragraph is a line of one word.

    >>> words_in("The council met."), words_in("\u6865\u5c06\u4e8e\u56db\u6708\u5173\u95ed\u7ef4\u4fee")
    (3, 5)
    """
    words = text.count(" ") + 1
    if text.isascii():
        return words
    return words + len(_TWO_A_WORD.findall(text)) // 2 + len(_FOUR_A_WORD.findall(text)) // 4
