"""Which columns of a table hold what, and how their text is cleaned: settings that travel to workers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cleaner.adapters.rows import clean_rows
from cleaner.cleaning import Cleaner
from cleaner.errors import SettingError
from cleaner.sites import digest_of
from cleaner.split import KINDS


class Columns:
    """A column of text to be cleaned in place, and one that the reports go to.

    *id* names a column of ids for the reports, which name nothing without it. *report* names the
    column for the reports, one JSON text a row; None for none. *url* names a column of addresses, *site*
    one of names of sites: by these the setting `sites` knows a document's site. *settings* are those of
    `Cleaner`.

    Raises `SettingError` for a setting that makes no sense, `ModelError` for a model or a site memory that
    cannot be loaded.
    """

    def __init__(
        self,
        text: str = "text",
        *,
        id: str | None = None,  # noqa: A002 - the record field is called id
        report: str | None = "report",
        url: str | None = None,
        site: str | None = None,
        **settings: Any,
    ) -> None:
        self.text, self.id, self.report = text, id, report
        self._beside = {role: name for role, name in (("ids", id), ("urls", url), ("sites", site)) if name is not None}
        self.cleaner = Cleaner(**settings)
        memory = self.cleaner.sites
        if memory is not None and url is None and site is None:
            raise SettingError("sites are known by a column: name that of the addresses (url) or of the sites (site)")
        models = (self.cleaner.line_model(kind) for kind in KINDS)
        # What a result depends on beside the settings: engines that cache results digest these values.
        self.made_by = (version("cleaner"), *(model and model.name for model in models))
        if memory is not None:
            self.made_by += (digest_of(Path(memory)),)

    @property
    def read(self) -> list[str]:
        """The columns to be read."""
        return [self.text, *self._beside.values()]

    def clean(self, columns: Iterable[Iterable[Any]]) -> dict[str, list[str | None]]:
        """Return the new columns by name; *columns* are the values of those in `read`."""
        texts, *beside = columns
        rows = list(clean_rows(self.cleaner, texts, **dict(zip(self._beside, beside, strict=True))))
        new: dict[str, list[str | None]] = {self.text: [row.text for row in rows]}
        if self.report is not None:
            new[self.report] = [row.line for row in rows]
        return new
