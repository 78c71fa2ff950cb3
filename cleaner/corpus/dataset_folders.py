"""Folders that Hugging Face `datasets` saves to disk: Arrow streams, and JSON beside them that describes them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import InputError

_STATE, _INFO, _DICT = "state.json", "dataset_info.json", "dataset_dict.json"


def shards(folder: Path) -> tuple[str, ...] | None:
    """Return the names of the Arrow files that make up the dataset in *folder*; None if it holds no dataset.

    Other Arrow files there are caches. Raises `InputError` for a `state.json` that cannot be made sense of.
    """
    if not (folder / _STATE).is_file() or not (folder / _INFO).is_file():
        return None
    state = _read(folder / _STATE)
    try:
        names = [file["filename"] for file in state["_data_files"]]
    except (KeyError, TypeError) as error:
        raise InputError("names no data files, as that of a saved dataset does", path=folder / _STATE) from error
    if state.get("_indices_data_files"):
        reason = "picks rows of its files by an index, as old releases did; save it anew with a later one"
        raise InputError(reason, path=folder / _STATE)
    return tuple(name for name in names if isinstance(name, str) and Path(name).name == name)


def dataset_files(source: Path, results: Path) -> list[tuple[Path, bytes]]:
    """Return what has to be written so that the folder *results* can be loaded as *source* can.

    *results* holds the cleaned shards, under their names. For every dataset in *source*, be it the folder
    itself or the splits of a `DatasetDict`, its `state.json` and `dataset_info.json` are given anew: with the
    shards that are there, the features of their columns, their sizes, and a fingerprint of their bytes. A
    folder without datasets gives nothing. Needs pyarrow where there is one. Raises `InputError` for JSON or
    shards that cannot be read.
    """
    made: list[tuple[Path, bytes]] = []
    found = {folder: _dataset(source / folder, results / folder) for folder in _folders(source, results)}
    datasets = {folder: dataset for folder, dataset in found.items() if dataset is not None}
    splits = {_split_of(source / folder): dataset for folder, dataset in datasets.items()}
    for folder, dataset in datasets.items():
        with _told(source / folder / _STATE):
            made.append((results / folder / _STATE, _written(_state(source / folder, dataset))))
        with _told(source / folder / _INFO):
            made.append((results / folder / _INFO, _written(_info(source / folder, dataset, splits))))
    made += _dicts(source, results, list(datasets))
    return sorted(made)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what comes of JSON that holds something else than it should into an `InputError`."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"is not made as that of a saved dataset is ({error}); save the dataset anew, or move the file away"
        raise InputError(reason, path=path) from error


class _Dataset(NamedTuple):
    """The cleaned shards of one dataset."""

    names: tuple[str, ...]
    schema: Any
    rows: tuple[int, ...]
    """Of each shard."""
    size: int
    """Bytes of its columns, as `datasets` counts them."""
    digest: str


def _folders(source: Path, results: Path) -> Iterator[Path]:
    barred = results.resolve()
    for where, folders, _ in os.walk(source):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (Path(where) / name).resolve() != barred
        )
        if shards(Path(where)) is not None:
            yield Path(where).relative_to(source)


def _dataset(source: Path, results: Path) -> _Dataset | None:
    """Return what became of the dataset in *source*; None where none of its shards came through."""
    names = [name for name in shards(source) or () if (results / name).is_file()]
    if not names:
        return None
    counts = [_measured(results / name) for name in names]
    # A shard without rows may lack the columns that were added to the others.
    full = [number for number, count in enumerate(counts) if sum(count.rows)] or [0]
    digest = hashlib.sha256()
    for number in full:
        digest.update(counts[number].digest.encode())
    return _Dataset(
        tuple(names[number] for number in full),
        counts[full[0]].schema,
        tuple(sum(counts[number].rows) for number in full),
        sum(counts[number].size for number in full),
        digest.hexdigest(),
    )


def _measured(path: Path) -> _Dataset:
    from cleaner.corpus.formats.spool import arrow, flat

    pa = arrow("reading datasets")
    rows = size = 0
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        with pa.memory_map(str(path)) as handle:
            reader = pa.ipc.open_stream(handle)
            for batch in reader:
                rows += batch.num_rows
                size += batch.nbytes
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"is no Arrow stream that can be read ({flat(error)})", path=path) from error
    return _Dataset((path.name,), reader.schema, (rows,), size, digest)


def _state(folder: Path, dataset: _Dataset) -> dict[str, Any]:
    state = _read(folder / _STATE)
    columns = state.get("_format_columns")
    if columns is not None:
        # The column with HTML is called otherwise when it has become text.
        state["_format_columns"] = [name for name in columns if name in dataset.schema.names]
    state["_data_files"] = [{"filename": name} for name in dataset.names]
    state["_fingerprint"] = hashlib.sha256(f"{state.get('_fingerprint')} {dataset.digest}".encode()).hexdigest()[:16]
    return state


def _info(folder: Path, dataset: _Dataset, splits: dict[str, _Dataset]) -> dict[str, Any]:
    from cleaner.corpus.formats.schema import features

    info = _read(folder / _INFO)
    if info.get("features") is not None:
        info["features"] = features(info["features"], dataset.schema)
    if info.get("splits"):
        info["splits"] = {name: _split(told, splits.get(name)) for name, told in info["splits"].items()}
    if info.get("dataset_size") is not None:
        told = (info.get("splits") or {}).values()
        info["dataset_size"] = sum(split.get("num_bytes", 0) for split in told) or dataset.size
        if info.get("size_in_bytes") is not None:
            info["size_in_bytes"] = info["dataset_size"] + (info.get("download_size") or 0)
    return info


def _split(told: dict[str, Any], dataset: _Dataset | None) -> dict[str, Any]:
    if dataset is None:
        return told
    split = {**told, "num_bytes": dataset.size, "num_examples": sum(dataset.rows)}
    if split.get("shard_lengths") is not None:
        split["shard_lengths"] = list(dataset.rows)
    split.pop("original_shard_lengths", None)
    return split


def _split_of(folder: Path) -> str:
    """Return which split a dataset is; nothing if it does not say."""
    return str(_read(folder / _STATE).get("_split") or "")


def _dicts(source: Path, results: Path, datasets: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield the lists of splits around *datasets*, with those that came through."""
    for folder in sorted({path.parent for path in datasets if path != Path()}):
        if (source / folder / _DICT).is_file():
            told = _read(source / folder / _DICT)
            with _told(source / folder / _DICT):
                told["splits"] = [name for name in told.get("splits", []) if folder / name in datasets]
            yield results / folder / _DICT, json.dumps(told).encode("utf-8")


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError.of(error, path=path) from error
    except (ValueError, RecursionError) as error:
        raise InputError("is no JSON, as that of a saved dataset is", path=path) from error
    if not isinstance(told, dict):
        raise InputError("is no JSON object, as that of a saved dataset is", path=path)
    return told


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, indent=2, sort_keys=True).encode("utf-8")
