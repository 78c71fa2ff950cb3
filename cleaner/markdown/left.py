"""What is left of a text when some stretches are gone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from cleaner.document import Removal


class Left:
    """What is left of a text when some stretches are gone."""

    def __init__(self, text: str, removed: Sequence[Removal]) -> None:
        self._text = text
        self._removed = removed
        self._ends = [removal.end for removal in removed]
        self._gone = [0, *accumulate([removal.end - removal.start for removal in removed])]

    def between(self, start: int, end: int) -> str:
        """Return what is left of the text from *start* to *end*."""
        pieces: list[str] = []
        for number in range(bisect_right(self._ends, start), len(self._removed)):
            removal = self._removed[number]
            if removal.start >= end:
                break
            pieces.append(self._text[start : max(start, removal.start)])
            start = removal.end
        return "".join([*pieces, self._text[start:end]])

    def before(self, at: int) -> int:
        """Count the characters left in front of a place."""
        number = bisect_right(self._ends, at)
        within = self._removed[number].start if number < len(self._removed) else at
        return min(at, within) - self._gone[number]

    def source(self, start: int, end: int, blanks: Iterable[tuple[int, int]]) -> str:
        """Return what is left of preformatted lines as it stands: line breaks, indentation and all.

        *blanks* tells where between them, by the place of the ink behind, the page had how many more blank lines.
        """
        indent = self._text.rfind("\n", 0, start) + 1
        at = indent if self._text[indent:start].isspace() else start
        pieces: list[str] = []
        for place, count in blanks:
            row = self._text.rfind("\n", at, place) + 1
            if self.between(place, place + 1) and self.between(max(at, row - 2), row) == "\n\n":
                pieces += (self.between(at, row), "\n" * count)
                at = row
        return "".join([*pieces, self.between(at, end)])
