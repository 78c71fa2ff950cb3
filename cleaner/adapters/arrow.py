"""Arrow tables and record batches, as Ray and Spark hand them over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner.adapters.columns import Columns
from cleaner.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


def clean_arrow(columns: Columns, batch: pa.RecordBatch | pa.Table) -> pa.RecordBatch | pa.Table:
    """Return a batch or table with the text cleaned, and the reports in their column, the last one if it is new.

    Raises `InputError` for a value that is neither a string nor null, for what is no batch of Arrow, and where
    the reports would take the place of a column.
    """
    import pyarrow as pa

    if not isinstance(batch, pa.RecordBatch | pa.Table):
        ask = 'in Ray call map_batches(…, batch_format="pyarrow"), in Spark mapInArrow'
        raise InputError(f"{type(batch).__name__} is given where a batch of Arrow is meant; {ask}")
    columns.refuse_taken(batch.schema.names)
    new = columns.clean(batch.column(name).to_pylist() for name in columns.read)
    for name, values in new.items():
        at = batch.schema.get_field_index(name)
        array = pa.array(values, pa.string() if at < 0 else _texts(batch.schema.field(at).type))
        batch = batch.append_column(name, array) if at < 0 else batch.set_column(at, name, array)
    return batch


def _texts(kind: Any) -> Any:
    """Return *kind* if it is one of the types for text; an encoded column or one of nulls becomes one of strings."""
    import pyarrow as pa

    return kind if kind in (pa.string(), pa.large_string(), pa.string_view()) else pa.string()
