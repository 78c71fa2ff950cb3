"""Plain-text and Markdown tables with aligned columns."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Render a table: the first column to the left, the others to the right.

    >>> print(aligned(("kind", "lines"), [("page", "7"), ("oneline", "12")]))
    kind     lines
    page         7
    oneline     12
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(_row(cells, widths, "  ") for cells in (head, *rows))


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Render a Markdown table: the first column to the left, the others to the right."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [_row(row, widths, " | ", trim=False) for row in (cells[0], rule, *cells[1:])]
    return "\n".join(f"| {line} |" for line in lines)


def percent(part: int, whole: int, digits: int = 1) -> str:
    """Return a share in percent, or a dash where there is nothing to have a share of.

    >>> percent(1, 8), percent(0, 0)
    ('12.5', '-')
    """
    return f"{100 * part / whole:.{digits}f}" if whole else "-"


def _row(cells: Sequence[str], widths: Sequence[int], gap: str, *, trim: bool = True) -> str:
    first = cells[0].ljust(widths[0])
    line = gap.join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))])
    return line.rstrip() if trim else line
