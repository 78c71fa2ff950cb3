"""Which columns of a table hold what, and how their text is cleaned: settings that travel to workers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cleaner.adapters.rows import clean_rows, refuse_nowhere
from cleaner.cleaning import Cleaner
from cleaner.errors import InputError, SettingError
from cleaner.sites import digest_of
from cleaner.split import KINDS


class Columns:
    """A column of text to be cleaned in place, and one that the reports go to.

    *id* names a column of ids for the reports, which name nothing without it. *url* names a column of
    addresses and *site* one of the sites' names, from which a site memory knows the site of a row: its
    name, or else the domain of its address. *report* names the column for the reports, one JSON text a
    row; None for none. *settings* are those of `Cleaner`.

    Raises `SettingError` for a setting that makes no sense, such as `sites` without *url* and *site*,
    `ModelError` for a model or a site memory that cannot be loaded.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        id: str | None = None,  # noqa: A002 - the record field is called id
        url: str | None = None,
        site: str | None = None,
        report: str | None = "report",
        **settings: Any,
    ) -> None:
        self.text, self.report = text, report
        named = {"texts": text, "ids": id, "urls": url, "sites": site}
        self._parts = {part: name for part, name in named.items() if name is not None}
        if report in self.read:
            raise SettingError(f"the reports would take the place of the column {report!r}; name another with report=")
        self.cleaner = Cleaner(**settings)
        refuse_nowhere(self.cleaner, url, site)
        models = (self.cleaner.line_model(kind) for kind in KINDS)
        # What a result depends on beside the settings: engines that cache results digest these values.
        memory = None if self.cleaner.sites is None else digest_of(Path(self.cleaner.sites))
        self.made_by = (version("cleaner"), *(model and model.name for model in models), memory)

    @property
    def read(self) -> list[str]:
        """The columns to be read."""
        return list(self._parts.values())

    def refuse_taken(self, names: Iterable[str]) -> None:
        """Raise `InputError` where a column of the reports' name is among *names*, those of the columns there are."""
        if self.report is not None and self.report in names:
            raise InputError(
                f"there is a column {self.report!r} already, and the reports would take its place; "
                "name another with report=, or None for no reports"
            )

    def clean(self, columns: Iterable[Iterable[Any]]) -> dict[str, list[str | None]]:
        """Return the new columns by name; *columns* are the values of those in `read`.

        Raises `InputError` for a text that is neither a string nor missing.
        """
        rows = list(clean_rows(self.cleaner, **dict(zip(self._parts, columns, strict=True))))
        new: dict[str, list[str | None]] = {self.text: [row.text for row in rows]}
        if self.report is not None:
            new[self.report] = [row.line for row in rows]
        return new
