"""For pandas: a series or a column of a frame."""

from __future__ import annotations

from typing import Any

from cleaner.adapters.columns import Columns
from cleaner.adapters.rows import clean_rows
from cleaner.cleaning import Cleaner
from cleaner.errors import InputError, MissingExtra

try:
    import pandas as pd
except ImportError as error:
    raise MissingExtra("this helper", "pandas") from error


def clean_series(series: pd.Series, **settings: Any) -> pd.Series:
    r"""Return the clean texts, index and kind of strings kept; missing ones stay missing.

    *settings* are those of `Cleaner`; a site memory needs a frame, which says where a text is from.

    >>> clean_series(pd.Series(["Share this\nThe bridge was closed on Monday.", None])).tolist()
    ['The bridge was closed on Monday.', nan]

    Raises `InputError` for a value that is neither a string nor missing.
    """
    values = [row.text for row in clean_rows(Cleaner(**settings), series)]
    # A category may have no place for a clean text, and a column of NaN alone is one of numbers.
    dtype = series.dtype if pd.api.types.is_string_dtype(series.dtype) else None
    return pd.Series(values, series.index, dtype, series.name)


def clean_frame(frame: pd.DataFrame, text: str = "text", **names: Any) -> pd.DataFrame:
    """Return the frame with its column *text* cleaned, and the reports in a column beside it.

    *names* are `id`, `url`, `site`, `report` and the settings of `Columns`.

    Raises `InputError` for a value that is neither a string nor missing, where the reports would take the
    place of a column, and for a name that several columns have.
    """
    columns = Columns(text, **names)
    columns.refuse_taken(frame.columns)
    if twice := [name for name in columns.read if frame[name].ndim > 1]:
        raise InputError(f"several columns are called {twice[0]!r}; rename all but the one that is meant")
    new = columns.clean(frame[name] for name in columns.read)
    return frame.assign(**{name: pd.Series(values, frame.index) for name, values in new.items()})
