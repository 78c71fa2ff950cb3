"""Schemas of Arrow: types of columns that are added, and what pandas and Hugging Face write about columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

_PANDAS, _HUGGING_FACE = b"pandas", b"huggingface"
_STRUCT = ("title", "author", "date", "site", "language")


def added_type(name: str) -> Any:
    """Return the type of an added column that is known by name; None to tell by its values.

    A column must not change its type from shard to shard with what happens to be in it.
    """
    pa = import_module("pyarrow")
    if name == "labels":
        return pa.list_(pa.string())
    if name.endswith("scores"):
        # Start, end and score of each line, as JSON has them.
        return pa.list_(pa.list_(pa.float64()))
    if name == "metadata":
        return pa.struct([(field, pa.string()) for field in _STRUCT])
    return None


def unified(schemas: Sequence[Any]) -> Any:
    """Return one schema for the batches of all *schemas*, which may differ in added columns alone."""
    first = schemas[0]
    if len(schemas) == 1:
        return first
    pa = import_module("pyarrow")
    fields = {(number, field.name): field for number, field in enumerate(first)}
    names = set(first.names)
    for schema in schemas[1:]:
        for number, field in enumerate(schema):
            key = (number, field.name) if (number, field.name) in fields else None
            if key is None and field.name in names:
                key = next(key for key in fields if key[1] == field.name)
            if key is None:
                names.add(field.name)
                fields[len(fields), field.name] = field
            else:
                fields[key] = _either(fields[key], field)
    return pa.schema(list(fields.values()), first.metadata)


def settled(schema: Any, before: Any) -> Any:
    """Return the schema with a type for columns that were added to those *before* and of which no row told one.

    Only of scores the name does not always tell. The original of a column of nulls is one of nulls.
    """
    names = schema.names if before is None else before.names
    for number, field in enumerate(schema):
        if field.name not in names and str(field.type) == "null" and not field.name.endswith("_original"):
            schema = schema.set(number, field.with_type(added_type("scores")))
    return schema


def _either(one: Any, other: Any) -> Any:
    if one.equals(other):
        return one
    pa = import_module("pyarrow")
    return pa.unify_schemas([pa.schema([one]), pa.schema([other])], promote_options="permissive").field(0)


def described(schema: Any) -> Any:
    """Return the schema with its pandas and Hugging Face metadata, if it has any, told of every column."""
    metadata = dict(schema.metadata or {})
    if _PANDAS in metadata:
        metadata[_PANDAS] = _rewritten(metadata[_PANDAS], lambda told: _for_pandas(told, schema))
    if _HUGGING_FACE in metadata:
        metadata[_HUGGING_FACE] = _rewritten(metadata[_HUGGING_FACE], lambda told: _for_datasets(told, schema))
    return schema.with_metadata(metadata or None)


def _rewritten(raw: bytes, change: Any) -> bytes:
    """Return JSON changed; what is no such JSON stays as it is."""
    try:
        told = json.loads(raw)
        new = change(told)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return raw
    return raw if new == told else json.dumps(new).encode("ascii")


def _for_pandas(told: dict[str, Any], schema: Any) -> dict[str, Any]:
    kept = [column for column in told["columns"] if _field_name(column) in schema.names]
    known = {_field_name(column): column for column in kept}
    kept = [_plain(column, schema) for column in kept]
    new = [_pandas_column(field) for field in schema if field.name not in known]
    # Columns of the index come last.
    index = [name for name in told.get("index_columns", []) if isinstance(name, str)]
    first = next((number for number, column in enumerate(kept) if _field_name(column) in index), len(kept))
    return {**told, "columns": kept[:first] + new + kept[first:]}


def _field_name(column: Mapping[str, Any]) -> Any:
    return column.get("field_name", column["name"])


def _plain(column: dict[str, Any], schema: Any) -> dict[str, Any]:
    """Return what is said of a column whose dictionary is gone."""
    fields = schema.get_all_field_indices(_field_name(column))
    if column.get("pandas_type") != "categorical" or hasattr(schema.field(fields[0]).type, "index_type"):
        return column
    return {**column, **_pandas_types(schema.field(fields[0]).type), "metadata": None}


def _pandas_column(field: Any) -> dict[str, Any]:
    return {"name": field.name, "field_name": field.name, **_pandas_types(field.type), "metadata": None}


def _pandas_types(kind: Any) -> dict[str, str]:
    word = str(kind)
    if word.endswith(("string", "string_view")):
        return {"pandas_type": "unicode", "numpy_type": "object"}
    if word.endswith(("binary", "binary_view")):
        return {"pandas_type": "bytes", "numpy_type": "object"}
    if word in ("int64", "bool"):
        return {"pandas_type": word, "numpy_type": word}
    if word == "double":
        return {"pandas_type": "float64", "numpy_type": "float64"}
    return {"pandas_type": "object", "numpy_type": "object"}


def _for_datasets(told: dict[str, Any], schema: Any) -> dict[str, Any]:
    info = dict(told["info"])
    if info.get("features") is not None:
        info["features"] = features(info["features"], schema)
    # The fingerprint is that of the rows that came in.
    return {name: value for name, value in told.items() if name != "fingerprint"} | {"info": info}


def features(known: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    """Return what Hugging Face calls features: those *known* for the columns of *schema*, and made for the others."""
    return {field.name: known[field.name] if field.name in known else _feature(field.type) for field in schema}


def _feature(kind: Any) -> Any:
    if hasattr(kind, "value_type"):
        inner = kind.value_type
        # Releases before 4 know `Sequence` alone, which turns lists of structs inside out.
        return {"feature": _feature(inner), "_type": "List" if _is_struct(inner) else "Sequence"}
    if _is_struct(kind):
        return {kind.field(number).name: _feature(kind.field(number).type) for number in range(kind.num_fields)}
    return {"dtype": {"double": "float64", "float": "float32"}.get(str(kind), str(kind)), "_type": "Value"}


def _is_struct(kind: Any) -> bool:
    return str(kind).startswith("struct<")


def promising_nothing(kind: Any) -> Any:
    """Return the type with binary instead of string everywhere in it: of the same buffers, without UTF-8 promised."""
    pa = import_module("pyarrow")
    twins = {"string": pa.binary(), "large_string": pa.large_binary(), "string_view": pa.binary_view()}
    if str(kind) in twins:
        return twins[str(kind)]
    if pa.types.is_map(kind):
        return pa.map_(promising_nothing(kind.key_type), promising_nothing(kind.item_type), kind.keys_sorted)
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(promising_nothing(kind.value_type)), kind.list_size)
    for is_list, make in ((pa.types.is_list, pa.list_), (pa.types.is_large_list, pa.large_list)):
        if is_list(kind):
            return make(kind.value_field.with_type(promising_nothing(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(promising_nothing(field.type)) for field in kind])
    return kind
