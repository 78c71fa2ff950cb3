"""For Hugging Face datasets: a function for `dataset.map(…, batched=True)`, of any number of processes, and streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleaner.adapters.columns import Columns
from cleaner.errors import InputError


class CleanColumns(Columns):
    r"""Cleans batches: `dataset.map(CleanColumns(), batched=True)`.

    It pickles to its settings, the version and the digests of models and site memory. From these datasets makes the
    fingerprint of the result, so a second run finds it in the cache, and one with another model does not.

    >>> CleanColumns(report=None)({"text": ["Share this\nThe bridge was closed on Monday.", None]})
    {'text': ['The bridge was closed on Monday.', None]}
    """

    def __call__(self, batch: Mapping[str, Iterable[Any]]) -> dict[str, list[str | None]]:
        """Return the new columns of a batch.

        Raises `InputError` for a value that is neither a string nor missing, for one row in the place of a
        batch, and where the reports would take the place of a column.
        """
        texts = batch[self.text]
        if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
            raise InputError("one row is given where a batch is meant; call dataset.map(…, batched=True)")
        self.refuse_taken(batch)
        return self.clean(batch[name] for name in self.read)
