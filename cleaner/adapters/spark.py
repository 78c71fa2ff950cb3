"""For Spark: a frame of pyspark, cleaned on its workers in Arrow batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.adapters.arrow import clean_arrow
from cleaner.adapters.columns import Columns
from cleaner.adapters.site_learning import MEMORY, PIECE, SiteColumns
from cleaner.errors import InputError, MissingExtra
from cleaner.sites import Memory

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


class CleanColumns(Columns):
    """The function of `frame.mapInArrow(function, function.schema(frame.schema))`; it pickles to its settings."""

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches of a partition, cleaned; the model stays with the worker."""
        return (clean_arrow(self, batch) for batch in batches)

    def schema(self, before: StructType) -> StructType:
        """Return the schema of the cleaned frame: that of *before* and the reports.

        Raises `InputError` where the text is no column of strings, another column that is to be read is
        not there, or the reports would take the place of one, `MissingExtra` without pyspark.
        """
        try:
            from pyspark.sql.types import StringType, StructField, StructType
        except ImportError as error:
            raise MissingExtra("cleaning on Spark", "spark") from error

        if self.text not in before.names or not isinstance(before[self.text].dataType, StringType):
            raise InputError(f"no column of strings is called {self.text!r}; there are {', '.join(before.names)}")
        if absent := [name for name in self.read if name not in before.names]:
            raise InputError(f"no column is called {absent[0]!r}; there are {', '.join(before.names)}")
        self.refuse_taken(before.names)
        fields = [StructField(field.name, StringType()) if field.name == self.text else field for field in before]
        if self.report is not None:
            fields.append(StructField(self.report, StringType()))
        return StructType(fields)


def clean_frame(frame: DataFrame, text: str = "text", **names: Any) -> DataFrame:
    """Return the frame with its column *text* cleaned, and the reports in a column beside it; nothing runs yet.

    *names* are `id`, `url`, `site`, `report` and the settings of `Columns`.

    Raises `InputError` for columns that are not there, and where the reports would take the place of one.
    """
    columns = CleanColumns(text, **names)
    return frame.mapInArrow(columns, columns.schema(frame.schema))


def learn_sites(frame: DataFrame, out: str | Path, text: str = "text", **names: Any) -> Memory:
    """Learn what the sites in *frame* repeat into the file *out* on the driver, as `cleaner sites learn` does.

    It runs at once, and gives the same bytes however the frame is partitioned. *names* are `url`, `site`
    and what else `SiteColumns` takes; `clean_frame` uses the file as its setting `sites`.

    Raises `SettingError` without a column that tells sites, `InputError` where no document does.
    """
    columns = SiteColumns(text, **names)
    pieces = frame.select(*columns.read).mapInArrow(columns.learn, f"{PIECE} int, {MEMORY} binary")
    merged = pieces.repartition(columns.pieces, PIECE).mapInArrow(columns.merge, f"{MEMORY} binary")
    return columns.finish((bytes(row[MEMORY]) for row in merged.collect()), out)
