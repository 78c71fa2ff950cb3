"""The way back: clean files and their reports become the original files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from cleaner.corpus.endings import Format, format_of
from cleaner.corpus.plan import refuse_overwriting
from cleaner.corpus.rejected import Rejected, rejected, roots
from cleaner.corpus.reports import Row, reports_in, rows
from cleaner.corpus.sources import walk
from cleaner.corpus.undoing import pieces_back, write_back
from cleaner.errors import CleanerError, InputError, OutputError, ReportError


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, which clean files no report knows, and what could not be put back and why."""

    files: int
    documents: int
    unknown: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    rejected: Rejected = field(default_factory=Rejected)
    """What is missing, because it could not be read when the originals were cleaned."""


def restore_files(clean: Path, reports: Sequence[Path], original: Path, *, text_field: str = "text") -> Restored:
    """Rebuild the originals of the file or folder *clean* in *original*, from *reports* or folders of them.

    Text files come out to the byte; of JSONL files every record that was not rejected, to the
    byte too; what was packed is packed anew, and a text that was written as a record is a text again.
    Other records come back with the same values. Of HTML its visible text comes back; the markup
    cannot. Raises `ReportError` when the texts of a single file and its report do not belong
    together; in a folder that is told and the others go on. Raises `InputError` for what is not there.
    """
    if not clean.exists():
        raise InputError("does not exist; check the spelling", path=clean)
    named, reports = reports, reports_in(reports)
    if clean.is_dir():
        restored = _restore_folder(clean, reports, original, text_field)
        missing = rejected(reports, [clean, *(path for path in named if path.is_dir())], None)
        return replace(restored, rejected=missing)
    if original.is_dir():
        original = original / clean.name
    refuse_overwriting([original], [clean, *reports])
    name, came = _names_in_reports(clean, reports, text_field)
    found = (row for row in _all_rows(reports) if row.clean_name == name)
    missing = rejected(reports, roots(clean, name, reports), {came}) if came else rejected(reports, (), None)
    return Restored(1, _restore_file(clean, original, found, text_field), rejected=missing)


def _all_rows(reports: Iterable[Path]) -> Iterator[Row]:
    for path in reports:
        yield from rows(path)


def _restore_folder(clean: Path, reports: Sequence[Path], original: Path, text_field: str) -> Restored:
    if original.exists() and not original.is_dir():
        raise OutputError("is a file; the files of a folder need a folder to go to", path=original)
    names: set[str] = set()
    failed: list[str] = []
    documents = 0
    for (name, back), group in groupby(_all_rows(reports), key=_names):
        if name in names:
            raise ReportError(f"the records of {name!r} stand apart in the reports; restore its file by itself")
        names.add(name)
        source, target = _inside(clean, name), _inside(original, back)
        refuse_overwriting([target], [source, *reports])
        try:
            documents += _restore_file(source, target, group, text_field)
        except CleanerError as error:
            failed.append(str(error))
    others = [name for name in walk(clean, original) if name not in names]
    empty = [name for name in others if _has_no_records(clean / name, text_field)]
    for name in empty:
        _restore_file(clean / name, original / name, (), text_field)
    unknown = tuple(name for name in others if name not in empty)
    return Restored(len(names) - len(failed) + len(empty), documents, unknown, tuple(failed))


def _names(row: Row) -> tuple[str, str]:
    """Return what the file with the clean text of a row is called, and what the one that is restored."""
    as_record = not row.line and format_of(row.clean_name) is Format.JSONL
    return row.clean_name, row.file if as_record else row.clean_name


def _has_no_records(path: Path, text_field: str) -> bool:
    """Tell whether *path* is a file of records with nothing in it that a report could speak of."""
    if format_of(path.name) in (None, Format.TEXT):
        return False
    try:
        return all(not piece.strip() for piece in pieces_back(path, (), text_field))
    except (ReportError, InputError):
        return False


def _inside(folder: Path, name: str) -> Path:
    """Return the path of *name* in *folder*; a report must not lead out of it."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ReportError(f"the report names {name!r}, which lies outside {folder}; restore its file by itself")
    return path


def _names_in_reports(clean: Path, reports: Sequence[Path], text_field: str) -> tuple[str, str]:
    """Return under which name the reports know *clean*, their only file or the one that fits, and what it came from.

    Both are empty where there is nothing that a report could know.
    """
    names = {row.clean_name: row.file for row in _all_rows(reports)}
    if len(names) == 1:
        return names.popitem()
    if not names and _has_no_records(clean, text_field):
        return "", ""
    path = clean.resolve().as_posix()
    fitting = [name for name in names if path.endswith(f"/{name}")]
    if not fitting:
        known = f"it has {len(names)} files" if names else "it is empty"
        raise ReportError(f"{', '.join(map(str, reports))} knows no file {clean.name!r}; {known}")
    name = max(fitting, key=len)
    return name, names[name]


def _restore_file(clean: Path, original: Path, found: Iterable[Row], text_field: str) -> int:
    """Write the original of one file; return how many documents it holds."""
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for count, row in enumerate(found, 1):  # noqa: B007 (the count is the result)
            yield row

    try:
        write_back(clean, original, counted(), text_field)
    except ReportError as error:
        raise ReportError(f"{clean}: {error}") from error
    except OSError as error:
        raise InputError.of(error, path=clean) from error
    return count
