"""Reports as Parquet: a row a document, in the columns that a record of JSON has as keys.

What JSON holds and a column cannot, such as a lone surrogate in an id or a key nobody knows, is kept too:
the whole record stands as JSON in the column `exact` then, and the other columns hold what they can.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from cleaner.corpus.formats.spool import arrow, finished, flat
from cleaner.corpus.formats.textual import holdable
from cleaner.errors import InputError

ROWS = 10_000
"""Documents in a row group at most."""
LINES = 1 << 23
"""Bytes of JSON in a row group, about."""

_ALWAYS = ("id", "chars", "lines", "kept_chars", "removed", "model", "mode", "note")
"""Keys that every record has, be they null; the others are there when they say something."""
_METADATA = ("title", "author", "date", "site", "language")
_JUDGED = ("start", "end", "label", "keep", "source", "score")
"""What a record of JSON tells of an annotated line, in a list."""


def schema() -> Any:
    """Return the schema of a report."""
    pa = arrow("reports as Parquet")
    removal = [("start", pa.int64()), ("end", pa.int64()), ("label", pa.string()), ("source", pa.string())]
    removal += [("score", pa.float64()), ("text", pa.string())]
    fields = [("id", pa.string()), ("chars", pa.int64()), ("lines", pa.int64()), ("kept_chars", pa.int64())]
    fields += [("removed", pa.list_(pa.struct(removal)))]
    fields += [(name, pa.string()) for name in ("model", "mode", "note", "kind", "front")]
    fields += [("metadata", pa.struct([(name, pa.string()) for name in _METADATA]))]
    fields += [("expected_f1", pa.float64())]
    fields += [("place", pa.string()), ("joined", pa.list_(pa.int64()))]
    fields += [(name, pa.string()) for name in ("style", "literal")]
    fields += [("added", pa.list_(pa.string())), ("url", pa.string())]
    judged = [("start", pa.int64()), ("end", pa.int64()), ("label", pa.string()), ("keep", pa.bool_())]
    fields += [("judged", pa.list_(pa.struct([*judged, ("source", pa.string()), ("score", pa.float64())])))]
    fields += [(name, pa.string()) for name in ("clean", "to", "visible", "exact")]
    return pa.schema(fields)


def to_parquet(spool: Path, target: Path) -> None:
    """Make the Parquet file *target* of a report in JSON lines, which goes then; the same lines give the same bytes.

    Raises `InputError` for a line that is no JSON, `OutputError` when it cannot be written, `MissingExtra`
    without pyarrow.
    """
    columns = schema()

    def fill(draft: Path) -> None:
        with import_module("pyarrow.parquet").ParquetWriter(draft, columns, compression="zstd") as writer:
            for group in _groups(spool):
                writer.write_batch(_batch(group, columns), row_group_size=len(group))

    finished(spool, target, fill)


def _groups(spool: Path) -> Iterator[list[dict[str, Any]]]:
    with spool.open("rb") as stream:
        numbered = enumerate(stream, 1)
        while group := list(islice(_records(numbered, spool), ROWS)):
            yield group


def _records(numbered: Iterator[tuple[int, bytes]], spool: Path) -> Iterator[dict[str, Any]]:
    size = 0
    for number, line in numbered:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError("is no JSON record of a report", path=spool, place=f"line {number}") from error
        if not isinstance(record, dict):
            raise InputError("is no JSON record of a report", path=spool, place=f"line {number}")
        yield record
        size += len(line)
        if size >= LINES:
            return


def _batch(group: Sequence[dict[str, Any]], columns: Any) -> Any:
    """Return records as a batch, with those that the columns cannot hold as JSON beside what they can."""
    batch = _held(group, columns)
    if batch is not None and _given_all(batch) == group:
        return batch
    rows = []
    for record in group:
        held = _held([record], columns)
        if held is not None and _given_all(held) == [record]:
            rows += held.to_pylist()
        else:
            held = _held([holdable(record)], columns)
            row = dict.fromkeys(columns.names) if held is None else held.to_pylist()[0]
            rows.append(row | {"exact": json.dumps(record)})
    return arrow("reports as Parquet").RecordBatch.from_pylist(rows, columns)


def _held(records: Sequence[dict[str, Any]], columns: Any) -> Any:
    """Return what the columns hold of *records*; None where something has another type than in a report."""
    pa = arrow("reports as Parquet")
    try:
        rows = [_told(record) for record in records]
        return pa.RecordBatch.from_pylist(rows, columns)
    except (pa.ArrowException, TypeError, ValueError, OverflowError, AttributeError):
        return None


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its lists of mixed values as structs."""
    told = {name: value for name, value in record.items() if name != "exact"}
    if told.get("judged") is not None:
        told["judged"] = [dict(zip(_JUDGED, line, strict=True)) for line in told["judged"]]
    return told


def _given_all(batch: Any) -> list[dict[str, Any]]:
    return [_given(row) for row in batch.to_pylist()]


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record that a row without `exact` was made of."""
    record = {name: value for name, value in row.items() if name in _ALWAYS or value is not None}
    if "judged" in record:
        record["judged"] = [[line[name] for name in _JUDGED] for line in record["judged"]]
    return record


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a report in Parquet; raises `InputError` when it cannot be read, or is none."""
    pa = arrow("reports as Parquet")
    number = 0
    if path.is_dir():
        raise InputError("is a folder; name a report file", path=path)
    try:
        with import_module("pyarrow.parquet").ParquetFile(path, buffer_size=LINES, pre_buffer=False) as file:
            _refuse_others(file.schema_arrow, path)
            for batch in file.iter_batches(1000, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield _given(row)
    except (pa.ArrowException, OSError, ValueError) as error:
        where = f"after row {number}" if number else ""
        raise InputError(f"cannot be read as Parquet: {flat(error)}", path=path, place=where) from error


def _given(row: dict[str, Any]) -> dict[str, Any]:
    exact = row.pop("exact", None)
    if exact is not None:
        told: dict[str, Any] = json.loads(exact)
        return told
    return _record(row)


def _refuse_others(found: Any, path: Path) -> None:
    missing: Sequence[str] = [name for name in _ALWAYS if name not in found.names]
    if missing:
        raise InputError(f"is no report: it has no column {', '.join(missing)}", path=path)
