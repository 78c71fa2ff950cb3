"""Columns of Arrow that hold text: which one it is, and its values to bytes and back.

Text is taken as bytes, for Arrow does not check that its strings are UTF-8: bytes that are not travel
as lone surrogates, as everywhere here, and go back as the bytes they were.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from cleaner.corpus.decoding import decode_loosely, encode
from cleaner.corpus.parts import Reading
from cleaner.errors import InputError

_LONE = re.compile(r"[\ud800-\udfff]")
_NO_BYTE = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")

_TWINS = {
    "string": "binary",
    "large_string": "large_binary",
    "string_view": "binary_view",
    "binary": "binary",
    "large_binary": "large_binary",
    "binary_view": "binary_view",
    "null": "binary",
}
"""Types of text and those that hold the same bytes without a promise; a column of nulls may be one of texts."""


def field_of(reading: Reading) -> str:
    """Return the name of the column that holds what is to be cleaned."""
    return reading.html_field or reading.text_field


def text_column(schema: Any, reading: Reading) -> int:
    """Return the number of the column that holds what is to be cleaned; -1 if there is not exactly one."""
    return int(schema.get_field_index(field_of(reading)))


def refuse_other_columns(schema: Any, reading: Reading) -> None:
    """Raise `InputError` when there is no column of that name, or it holds no text."""
    field, option = field_of(reading), "--text-field" if reading.html_field is None else "--html-field"
    count = schema.names.count(field)
    if not count:
        known = ", ".join(f'"{name}"' for name in schema.names[:8]) or "none"
        raise InputError(f'has no column "{field}" (columns: {known}); name the right one with {option}')
    if count > 1:
        raise InputError(f'has {count} columns "{field}"; give them different names, or name another with {option}')
    kind = schema.field(field).type
    if not is_text(kind):
        raise InputError(f'holds {kind} in column "{field}", not text; name the right one with {option}')
    into = reading.text_field
    if into != field and into in schema.names:
        raise InputError(f'has a column "{into}" beside "{field}"; name another for clean text with --text-field')


def is_text(kind: Any) -> bool:
    """Tell whether a type holds strings or bytes, be it by a dictionary."""
    return plain_type(kind) is not None


def plain_type(kind: Any) -> Any:
    """Return the type of the texts in a column of that type; None when it holds none."""
    if hasattr(kind, "index_type") and hasattr(kind, "value_type"):
        kind = kind.value_type
    return kind if str(kind) in _TWINS else None


def is_bytes(kind: Any) -> bool:
    """Tell whether a type of texts promises no UTF-8."""
    return _TWINS[str(kind)] == str(kind)


def decoded(batch: Any, number: int) -> Any:
    """Return the batch with column *number* as plain texts, if they were kept in a dictionary.

    A dictionary of whole texts would have to travel with every part, and to be known before the first
    row of an Arrow file is written.
    """
    field = batch.schema.field(number)
    kind = plain_type(field.type)
    if kind == field.type:
        return batch
    return batch.set_column(number, field.with_type(kind), batch.column(number).dictionary_decode())


def decoded_size(column: Any) -> int:
    """Return how many bytes the texts have that the rows of a column take from dictionaries, in lists and structs too.

    0 where it has none.
    """
    pa, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    if hasattr(column, "dictionary"):
        sizes = compute.binary_length(_as_binary(column.dictionary)).cast("int64")
        return compute.sum(compute.take(sizes, column.indices)).as_py() or 0
    if pa.types.is_map(column.type):
        # What nulls hide is counted too.
        return decoded_size(column.keys) + decoded_size(column.items)
    if pa.types.is_struct(column.type):
        return sum(map(decoded_size, column.flatten()))
    return decoded_size(column.flatten()) if pa.types.is_nested(column.type) else 0


def as_bytes(column: Any) -> list[bytes | None]:
    """Return the values of a column of texts."""
    values: list[bytes | None] = _as_binary(column).to_pylist()
    return values


def text_sizes(column: Any) -> list[int | None]:
    """Return how many bytes the texts of a column have."""
    sizes: list[int | None] = import_module("pyarrow.compute").binary_length(_as_binary(column)).to_pylist()
    return sizes


def of_bytes(values: Sequence[bytes | None], kind: Any) -> Any:
    """Return a column of that type of texts with exactly these bytes."""
    pa = import_module("pyarrow")
    if str(kind) == "null":
        return pa.nulls(len(values))
    return retyped(pa.array(values, getattr(pa, _TWINS[str(kind)])()), kind)


def retyped(column: Any, kind: Any) -> Any:
    """Return a column of bytes, not sliced, as that type of texts, without asking whether they are UTF-8."""
    buffers = column.buffers()
    while str(kind).endswith("view") and len(buffers) > 2 and buffers[-1] is None:
        # Of views that are all short. Releases before 24 fall over it.
        buffers.pop()
    return import_module("pyarrow").Array.from_buffers(kind, len(column), buffers)


def raw(text: str) -> bytes:
    """Return the bytes of a text: stray ones as they came in; other lone surrogates become U+FFFD.

    Those cannot have come out of a column, and no column could hold them.
    """
    try:
        return encode(text)
    except UnicodeEncodeError:
        return encode(_NO_BYTE.sub("\ufffd", text))


def holdable(value: Any) -> Any:
    """Return a value with U+FFFD for every lone surrogate in its texts, none of which a list or struct can hold."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [holdable(item) for item in value]
    if isinstance(value, dict):
        return {name: holdable(item) for name, item in value.items()}
    return value


def words(batch: Any, name: str) -> list[str | None]:
    """Return the values of a column of short texts or whole numbers; None where there are none."""
    number = batch.schema.get_field_index(name)
    kind = None if number < 0 else batch.schema.field(number).type
    if is_text(kind):
        found = as_bytes(decoded(batch, number).column(number))
        return [None if value is None else decode_loosely(value).text for value in found]
    if kind is not None and re.fullmatch(r"u?int\d+", str(kind)):
        return [None if value is None else str(value) for value in batch.column(number).to_pylist()]
    return [None] * batch.num_rows


def _as_binary(column: Any) -> Any:
    pa = import_module("pyarrow")
    return column.cast(getattr(pa, _TWINS[str(column.type)])())
