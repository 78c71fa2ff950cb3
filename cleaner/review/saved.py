"""The file of labels: a record is on disk before it counts as saved, and no sudden end breaks the file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

from cleaner.corpus import WholeFile, json_line, locked
from cleaner.errors import InputError, OutputError
from cleaner.lab.gold import gold_document

_BEGIN = b'{"id": '
"""How every record of ours begins."""


class SavedLabels:
    """Labelled records by key, in the order in which they were saved; drafts beside them in a file of their own.

    A new record is added at the end of the file. What changes or takes away a record writes the
    file anew under another name and puts it in its place. A last line without end, left by a
    machine that stopped in the middle of it, is taken off.

    Raises `InputError` for a file that holds something else, `OutputError` when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._drafts_path = path.with_name(f"{path.name}.drafts.json")
        self.records, self.cut = _read(path)
        self.drafts: dict[str, Any] = _drafts(self._drafts_path) if self._drafts_path.exists() else {}

    def save(self, key: str, record: Mapping[str, Any]) -> None:
        """Put a record on disk, in place of an earlier one of the same document, and forget its draft."""
        gold_document(record)
        records = {known: value for known, value in self.records.items() if known != key}
        if key in self.records:
            self._write({**records, key: dict(record)})
        else:
            self._append(json_line(record))
        self.records = {**records, key: dict(record)}
        self.keep_draft(key, None)

    def take_back(self, key: str) -> dict[str, Any]:
        """Take a record out of the file and return it."""
        record = self.records[key]
        records = {known: value for known, value in self.records.items() if known != key}
        self._write(records)
        self.records = records
        return record

    def keep_draft(self, key: str, draft: Any) -> None:
        """Hold on to corrections of a document that is not finished; None forgets them."""
        if draft is None and key not in self.drafts:
            return
        drafts = {known: value for known, value in self.drafts.items() if known != key}
        if draft is not None:
            drafts[key] = draft
        if drafts:
            with WholeFile(self._drafts_path) as file:
                file.write(json_line(drafts))
        else:
            self._drafts_path.unlink(missing_ok=True)
        self.drafts = drafts

    def _append(self, line: bytes) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab", buffering=0) as file:
                _append(file, line)
        except OSError as error:
            raise OutputError.of(error, path=self.path) from error

    def _write(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        with WholeFile(self.path) as file:
            for record in records.values():
                file.write(json_line(record))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other reviews from a file of labels, which would each put their own in the place of the others'.

    Raises `OutputError` while another review has it, or where nothing can be written beside it.
    """
    lock = path.with_name(f".{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("wb")
    except OSError as error:
        raise OutputError.of(error, path=lock) from error
    with file:
        if not locked(file, lock):
            raise OutputError("is being written by another review; end it, or name another file with -o", path=path)
        try:
            yield
        finally:
            with suppress(OSError):  # some systems keep a file as long as it is open
                lock.unlink()


def _append(file: FileIO, line: bytes) -> None:
    """Add a line to a file and have it on disk; a part of it is taken off again."""
    size = file.seek(0, os.SEEK_END)
    try:
        left = memoryview(line)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(size)
        raise


def _read(path: Path) -> tuple[dict[str, dict[str, Any]], int]:
    """Read the records of a file, and take off a last line that was never whole; return its bytes too.

    Nothing is touched before all else in the file is known to be labels.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}, 0
    except OSError as error:
        raise InputError.of(error, path=path) from error
    whole = raw.rfind(b"\n") + 1
    end = raw[whole:]
    records = [_record(line, path, number) for number, line in enumerate(raw[:whole].splitlines(), start=1)]
    cut = bool(end) and not _is_json(end)
    if end and not cut:
        records.append(_record(end, path, len(records) + 1))
    if cut and not records and not end.startswith(_BEGIN):
        raise InputError(
            "ends in the middle of a line that is no record of labels; name another file with -o", path=path
        )
    if cut:
        os.truncate(path, whole)
    elif end:
        with path.open("ab") as file:
            file.write(b"\n")
    return {_key(record, number): record for number, record in enumerate(records)}, len(end) if cut else 0


def _key(record: Mapping[str, Any], number: int) -> str:
    """Return what tells a record from all others; those of other makers may share their ids."""
    return f"{record['id']} {record.get('digest') or f'in place {number}'}"


def _record(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
        gold_document(record)
    except (ValueError, AttributeError, RecursionError, InputError) as fault:
        reason = f"holds something other than labels ({fault}); name another file with -o"
        raise InputError(reason, path=path, place=f"line {number}") from fault
    return record


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    except RecursionError:
        return True  # what is nested so deeply is no beginning of a record of ours
    return True


def _drafts(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}; move it away", path=path) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON: {error}; move it away", path=path) from error
    if not isinstance(found, dict):
        raise InputError("holds no drafts; move it away", path=path)
    return found
