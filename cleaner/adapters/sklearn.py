"""For scikit-learn: a transformer that cleans texts, to stand before a vectoriser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.adapters.line_classifier import LineClassifier
from cleaner.adapters.rows import clean_rows
from cleaner.cleaning import Cleaner
from cleaner.errors import InputError, MissingExtra

try:
    from sklearn.base import BaseEstimator, TransformerMixin
except ImportError as error:
    raise MissingExtra("this estimator", "sklearn") from error

__all__ = ["BoilerplateRemover", "LineClassifier"]


class BoilerplateRemover(TransformerMixin, BaseEstimator):
    r"""Strip boilerplate from texts.

    Parameters
    ----------
    mode, keep, drop, threshold, model, rules_only, kind, front, metadata, sites
        The settings of `cleaner.Cleaner`; they are checked by `fit`. With `sites`, a site memory, X is
        a table of two columns: the texts and their addresses (or domains), which say what site they are of.
    reports : bool, default=False
        Keep the removal reports of the last `transform` in `reports_`.

    Attributes
    ----------
    reports_ : list of cleaner.Report
        One a text, in order; with ``reports=True``, after `transform`.

    Examples
    --------
    >>> BoilerplateRemover().fit_transform(["Share this\nThe bridge was closed on Monday."]).tolist()
    ['The bridge was closed on Monday.']
    """

    def __init__(  # noqa: PLR0913 - one parameter a setting
        self,
        mode: str = "balanced",
        *,
        keep: Sequence[str] = (),
        drop: Sequence[str] = (),
        threshold: float | None = None,
        model: str | Path | None = None,
        rules_only: bool = False,
        kind: str | None = None,
        front: str | None = None,
        metadata: bool = False,
        sites: str | Path | None = None,
        reports: bool = False,
    ) -> None:
        self.mode = mode
        self.keep = keep
        self.drop = drop
        self.threshold = threshold
        self.model = model
        self.rules_only = rules_only
        self.kind = kind
        self.front = front
        self.metadata = metadata
        self.sites = sites
        self.reports = reports

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Check settings and texts; there is nothing to learn.

        Raises `SettingError` for a setting that makes no sense, `ModelError` for a model or a site
        memory that cannot be loaded, `InputError` for what is no column of texts.
        """
        cleaner = self._cleaner()
        cleaner.line_model()
        cleaner.site_memory()
        self._columns(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **fit_params: Any) -> NDArray[np.object_]:  # noqa: N803
        """Check and clean; texts that can be read only once, as from a generator, are read once."""
        cleaned: NDArray[np.object_] = super().fit_transform(list(X) if isinstance(X, Iterator) else X, y, **fit_params)
        return cleaned

    def transform(self, X: Any) -> NDArray[np.object_]:  # noqa: N803 - scikit-learn's name
        """Return the clean texts as an array of strings; missing ones (None, NaN) become None."""
        texts, urls = self._columns(X)
        rows = list(clean_rows(self._cleaner(), texts, urls=urls))
        if self.reports:
            self.reports_ = [row.report for row in rows]
        return np.array([row.text for row in rows], dtype=object)

    def _columns(self, X: Any) -> tuple[list[Any], list[Any] | None]:  # noqa: N803
        """Return the texts, and their addresses where there is a site memory."""
        if self.sites is None:
            return _texts(X), None
        return _with_addresses(X)

    def _cleaner(self) -> Cleaner:
        return Cleaner(**{name: value for name, value in self.get_params(deep=False).items() if name != "reports"})

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.no_validation = True
        tags.input_tags.string = True
        tags.input_tags.two_d_array = self.sites is not None
        tags.input_tags.one_d_array = self.sites is None
        tags.input_tags.allow_nan = True
        return tags


def _texts(X: Any) -> list[Any]:  # noqa: N803
    """Return the values of a column; raises `InputError` for one text, a table or a sparse matrix."""
    if isinstance(X, str | bytes) or hasattr(X, "toarray") or getattr(X, "ndim", 1) != 1:
        raise InputError(f"a column of texts is meant, not {type(X).__name__}; name one column, or make a list")
    return list(X)


def _with_addresses(X: Any) -> tuple[list[Any], list[Any]]:  # noqa: N803
    """Return the two columns of a table; raises `InputError` for anything else."""
    table = np.asarray(X, dtype=object)
    if table.ndim != 2 or table.shape[1] != 2:
        raise InputError("with a site memory a table of two columns is meant: the texts and their addresses")
    return table[:, 0].tolist(), table[:, 1].tolist()
