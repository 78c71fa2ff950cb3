"""What the features are called when somebody asks."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_NUMBER = re.compile(r"[+-]?\d+")


@cache
def meaning(name: str) -> str:
    """Say what the feature *name* measures.

    >>> meaning("score-2")
    'score of the line 2 above'

    Raises `KeyError` for a name that no feature has.
    """
    table = _table()
    pattern = _NUMBER.sub("#", name, count=1)
    if pattern in table["features"]:
        number = _NUMBER.search(name)
        return table["features"][pattern].format(_told(number.group()) if number else "")
    for beginning, text in table["beginnings"].items():
        if name.startswith(beginning):
            return text.format(name.removeprefix(beginning))
    word_class, _, sort = name.rpartition("_")
    return {"count": "{}", "share": "share of {}"}[sort].format(table["classes"][word_class])


def _told(number: str) -> str:
    """Return a number as it is said: lines above and below have a sign."""
    return {"-": f"{number[1:]} above", "+": f"{number[1:]} below"}.get(number[0], number)


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("meanings.toml").read_text("utf-8"))
