"""Whether the columns of a stored memory fit together: its digest tells of accidents, not of what was meant ill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.sites.rows import ANYWHERE, NUMBERS, Counts
from cleaner.sites.shelf import StoredRows

_BLOCK = 1 << 16
"""Rows that are looked at together."""
_PAIRS = ("above", "below", "variant")


def fault_in_rows(rows: StoredRows, of: Counts, chars: int) -> str:
    """Name the first place where rows make no sense; else nothing.

    *of* are the documents of their sites, *chars* the bytes of their texts.
    """
    for first in range(0, rows.rows, _BLOCK):
        begin = max(first - 1, 0)  # the row before is read again, for rows are compared with it
        block = {name: rows.column(name, begin, first + _BLOCK) for name in (*NUMBERS, "text_end")}
        for column, wrong, what in _checks(block, of, chars):
            if wrong.any():
                return f"column {column}, row {begin + int(np.argmax(wrong)) + 1:,}: {what}"
    last = int(rows.column("text_end", rows.rows - 1, rows.rows)[0]) if rows.rows else 0
    return "" if last == chars else f"column text: has {chars:,} bytes where its rows have {last:,}"


def fault_in_names(names: list[str]) -> str:
    """Name the first site whose name cannot stand where it does; else nothing."""
    for number, (before, name) in enumerate(zip(["", *names], names, strict=False), 1):
        if name <= before:
            return f"column names, site {number:,}: is empty, there twice or out of order"
    return ""


def _checks(block: Mapping[str, NDArray[Any]], of: Counts, chars: int) -> Iterator[tuple[str, NDArray[np.bool_], str]]:
    """Yield for each check its column, the rows that fail, and what is wrong with them."""
    key, site, documents, end = block["key"], block["site"], block["documents"], block["text_end"]
    away = site != ANYWHERE
    yield "site", away & (site >= len(of)), "is of no site that is there"
    disorder = (key[1:] < key[:-1]) | ((key[1:] == key[:-1]) & (site[1:] <= site[:-1]))
    yield "key", np.append(False, disorder), "is out of order"
    yield "documents", documents == 0, "stands in no document"
    most = np.full(len(site), ANYWHERE)
    most[away] = of[site[away]]
    # What was cut in pieces has the documents of its sites in the first of them alone.
    yield "documents", (documents > most) & (most > 0), "stands in more documents than its site has"
    for name in ("top", "end"):
        yield name, block[name] > documents, "stands there in more documents than it stands in"
    for name in _PAIRS:
        yield f"{name}_least", block[f"{name}_least"] > block[f"{name}_most"], f"is above {name}_most"
    yield "text_end", np.append(False, end[1:] < end[:-1]) | (end > chars), "ends outside of the text"
