"""Documents of papers that do not exist."""

import random

from cleaner.document import Document

FOOTER = "Follow the Harbour Post on every channel you like"
SLOGAN = "The Harbour Post is printed on the pier, as it was in 1911"
"""A line of which the model alone is not sure enough."""
_SUBJECTS = ("ferry", "bridge", "harbour", "council", "school", "market", "railway", "museum", "library", "tunnel")


def article(number, site="harbour.example", *, footer=FOOTER, length=6):
    """Write a document of lines that no other number has, with a footer that all of a site have."""
    dice = random.Random(f"{site} {number}")  # noqa: S311 - the same text each time is what is wanted
    body = [
        f"The {dice.choice(_SUBJECTS)} of ward {_word(dice)} closes because {_word(dice)} {_word(dice)} said so."
        for _ in range(length)
    ]
    return Document(
        f"{site}/{number}", "\n\n".join([*body, footer] if footer else body), url=f"https://www.{site}/a/{number}"
    )


def _word(dice):
    return "".join(dice.choice("abcdefghijklmnoprstuvw") for _ in range(8))
