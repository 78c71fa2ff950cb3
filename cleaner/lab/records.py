"""JSON lines from disk, plain or packed with zstandard, with faults that name file and line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from cleaner.errors import InputError, MissingExtra


def read_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place (`line 3`) and the object of every line of a `.jsonl` or `.jsonl.zst` file.

    Raises `InputError` for a file that cannot be read and for a line that is no JSON object.
    """
    number = 0
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"line {number}", _record(line, path, number)
    except OSError as error:
        raise InputError.of(error, path=path) from error
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8: {error}", path=path, place=f"after line {number}") from error


def _open(path: Path) -> TextIO:
    if path.suffix != ".zst":
        return path.open(encoding="utf-8")
    try:
        from zstandard import ZstdDecompressor, ZstdError
    except ImportError as error:
        raise MissingExtra("reading .zst", "train") from error
    try:
        with path.open("rb") as packed, ZstdDecompressor().stream_reader(packed, read_across_frames=True) as stream:
            return io.StringIO(stream.read().decode("utf-8"))
    except ZstdError as error:
        raise InputError(f"damaged zstandard data: {error}", path=path) from error


def _record(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", path=path, place=f"line {number}") from error
    if not isinstance(record, dict):
        raise InputError("not a JSON object", path=path, place=f"line {number}")
    return record


class _Unpacked:
    """Takes the place of a packer where nothing is to be packed."""

    def compress(self, data: bytes) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def packer(out: Path) -> Any:
    """Return what packs bytes for *out*, with `compress` and `flush`: zstandard if it ends in `.zst`."""
    if out.suffix != ".zst":
        return _Unpacked()
    try:
        from zstandard import ZstdCompressor
    except ImportError as error:
        raise MissingExtra("writing .zst", "train") from error
    return ZstdCompressor(level=10).compressobj()
