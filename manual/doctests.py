"""Doctests in docstrings become blocks of code; as Markdown their prompts would be quotations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from griffe import Extension, Object


class Doctests(Extension):
    """What griffe calls for each object it has read."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Fence the doctests of one docstring; sections of numpydoc are the parser's."""
        if obj.docstring and "----" not in obj.docstring.value:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """Return *text* with its doctests between fences."""
    return "\n\n".join(chain.from_iterable(map(_fenced, text.split("\n\n"))))


def _fenced(paragraph: str) -> Iterator[str]:
    yield f"```pycon\n{paragraph}\n```" if paragraph.startswith(">>> ") else paragraph
