"""For Polars: a series or a column of a frame, eager or lazy."""

from __future__ import annotations

from typing import Any, TypeVar

from cleaner.adapters.columns import Columns
from cleaner.adapters.rows import clean_rows
from cleaner.cleaning import Cleaner
from cleaner.errors import MissingExtra

try:
    import polars as pl
except ImportError as error:
    raise MissingExtra("this helper", "polars") from error

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def clean_series(series: pl.Series, **settings: Any) -> pl.Series:
    r"""Return the clean texts; nulls stay nulls.

    *settings* are those of `Cleaner`; a site memory needs a frame, which says where a text is from.

    >>> clean_series(pl.Series(["Share this\nThe bridge was closed on Monday.", None])).to_list()
    ['The bridge was closed on Monday.', None]

    Raises `InputError` for a series of anything but text.
    """
    return pl.Series(series.name, [row.text for row in clean_rows(Cleaner(**settings), series)], pl.String)


def clean_frame(frame: Frame, text: str = "text", **names: Any) -> Frame:
    """Return the frame with its column *text* cleaned, and the reports in a column beside it.

    *names* are `id`, `url`, `site`, `report` and the settings of `Columns`. A lazy frame stays lazy, and
    is cleaned batch by batch where its engine streams.

    Raises `InputError` for a column of anything but text, and where the reports would take the place of a column.
    """
    columns = Columns(text, **names)
    before = frame.collect_schema()
    columns.refuse_taken(before)

    def clean(part: pl.DataFrame) -> pl.DataFrame:
        new = columns.clean(part[name] for name in columns.read)
        return part.with_columns(pl.Series(name, values, pl.String) for name, values in new.items())

    if isinstance(frame, pl.DataFrame):
        return clean(frame)
    schema: dict[str, Any] = {**before, text: pl.String, columns.report or text: pl.String}
    return frame.map_batches(clean, schema=schema, streamable=True)
