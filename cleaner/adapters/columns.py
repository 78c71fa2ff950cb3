"""Which columns of a table hold what, and how their text is cleaned: settings that travel to workers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from cleaner.adapters.rows import clean_rows
from cleaner.cleaning import Cleaner
from cleaner.errors import SettingError
from cleaner.split import KINDS


class Columns:
    """A column of text to be cleaned in place, and one that the reports go to.

    *id* names a column of ids for the reports, which name nothing without it. *report* names the
    column for the reports, one JSON text a row; None for none. *settings* are those of `Cleaner`.

    Raises `SettingError` for a setting that makes no sense, `ModelError` for a model that cannot be loaded.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        id: str | None = None,  # noqa: A002 - the record field is called id
        report: str | None = "report",
        **settings: Any,
    ) -> None:
        self.text, self.id, self.report = text, id, report
        if report in self.read:
            raise SettingError(f"the reports would take the place of the column {report!r}; name another with report=")
        self.cleaner = Cleaner(**settings)
        models = (self.cleaner.line_model(kind) for kind in KINDS)
        # What a result depends on beside the settings: engines that cache results digest these values.
        self.made_by = (version("cleaner"), *(model and model.name for model in models))

    @property
    def read(self) -> list[str]:
        """The columns to be read."""
        return [self.text] if self.id is None else [self.text, self.id]

    def clean(self, columns: Iterable[Iterable[Any]]) -> dict[str, list[str | None]]:
        """Return the new columns by name; *columns* are the values of those in `read`."""
        rows = list(clean_rows(self.cleaner, *columns))
        new: dict[str, list[str | None]] = {self.text: [row.text for row in rows]}
        if self.report is not None:
            new[self.report] = [row.line for row in rows]
        return new
