"""Blocks put one below the other, inside the lists and quotes around them."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.markdown.kept import Around


class Writer:
    """Blocks put one below the other, each behind the marks of the lists and quotes around it."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self._around: tuple[Around, ...] = ()
        self._widths: dict[int, int] = {}
        """How wide the mark of each list item is."""
        self._items: dict[tuple[int, int], int] = {}
        """How many items each list has, by list and item around: broken markup has items right in items."""

    def add(self, around: tuple[Around, ...], rows: Sequence[str]) -> None:
        """Write one block."""
        shared = 0
        while shared < min(len(around), len(self._around)) and around[shared] == self._around[shared]:
            shared += 1
        if self.rows and not self._is_next_item(around, shared):
            self.rows.append(self._inside(around[:shared]).rstrip())
        head = self._inside(around[:shared])
        for at in range(shared, len(around)):
            head += self._opened(around[at], around[at - 1].element if at else -1)
        rest = self._inside(around)
        self.rows += [(head + rows[0]).rstrip(), *((rest + row).rstrip() for row in rows[1:])]
        self._around = around

    def _is_next_item(self, around: Sequence[Around], shared: int) -> bool:
        """Tell whether a list goes on with this block, or one begins inside an item: no blank row then."""
        if shared == len(around) or around[shared].sort == "blockquote":
            return False
        if shared < len(self._around):
            return around[shared].among == self._around[shared].among
        if not shared or self._around[-1].sort == "blockquote":
            return False
        # Right below a paragraph only a list that begins with 1 is one.
        return around[shared].sort == "ul" or (around[shared].among, around[shared - 1].element) not in self._items

    def _inside(self, around: Sequence[Around]) -> str:
        return "".join(["> " if each.sort == "blockquote" else " " * self._widths[each.element] for each in around])

    def _opened(self, each: Around, outer: int) -> str:
        if each.sort == "blockquote":
            return "> "
        number = self._items[each.among, outer] = self._items.get((each.among, outer), 0) + 1
        mark = f"{number}. " if each.sort == "ol" else "- "
        self._widths[each.element] = len(mark)
        return mark
