"""The way back: clean files and their report become the original files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO

from cleaner.corpus.decoding import as_bytes, as_pair, decode_loosely, encode, take_apart
from cleaner.corpus.plan import refuse_overwriting, rejects_path
from cleaner.corpus.records import parse, write_literal
from cleaner.corpus.reports import Row, rows
from cleaner.corpus.sources import Format, format_of, walk
from cleaner.corpus.writing import WholeFile
from cleaner.errors import InputError, OutputError, ReportError


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and which clean files the report does not know."""

    files: int
    documents: int
    unknown: tuple[str, ...] = ()


def restore_files(clean: Path, report: Path, original: Path, *, text_field: str = "text") -> Restored:
    """Rebuild the originals of the file or folder *clean* in *original*.

    Text files come out to the byte; of JSONL files every record that was not rejected, to the
    byte too (a gzip file is packed anew). Of HTML the visible text comes back, if it was saved;
    the markup cannot. Raises `ReportError` when texts and report do not belong together.
    """
    if not clean.exists():
        raise InputError("does not exist; check the spelling", path=clean)
    if clean.is_dir():
        return _restore_folder(clean, report, original, text_field)
    if original.is_dir():
        original = original / clean.name
    refuse_overwriting([original], [clean, report])
    name = _name_in_report(clean, report, text_field)
    with closing(rows(report)) as found:
        documents = _restore_file(clean, original, (row for row in found if row.clean_name == name), text_field)
    return Restored(1, documents)


def _restore_folder(clean: Path, report: Path, original: Path, text_field: str) -> Restored:
    if original.exists() and not original.is_dir():
        raise OutputError("is a file; the files of a folder need a folder to go to", path=original)
    names: set[str] = set()
    documents = 0
    for name, group in groupby(rows(report), key=lambda row: row.clean_name):
        if name in names:
            raise ReportError(f"{report}: the records of {name!r} stand apart; restore its file by itself")
        names.add(name)
        source, target = _inside(clean, name), _inside(original, name)
        refuse_overwriting([target], [source, report])
        documents += _restore_file(source, target, group, text_field)
    barred = {report.resolve(), rejects_path(report).resolve()}
    others = [name for name in walk(clean, original) if name not in names and (clean / name).resolve() not in barred]
    empty = [name for name in others if _has_no_records(clean / name, text_field)]
    for name in empty:
        _restore_file(clean / name, original / name, (), text_field)
    return Restored(len(names) + len(empty), documents, tuple(name for name in others if name not in empty))


def _has_no_records(path: Path, text_field: str) -> bool:
    """Tell whether *path* is JSONL with nothing in it that a report could speak of."""
    if format_of(path.name) is not Format.JSONL:
        return False
    try:
        return all(not piece.strip() for piece in _json_back(path, (), text_field))
    except ReportError:
        return False


def _inside(folder: Path, name: str) -> Path:
    """Return the path of *name* in *folder*; a report must not lead out of it."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ReportError(f"the report names {name!r}, which lies outside {folder}; restore its file by itself")
    return path


def _name_in_report(clean: Path, report: Path, text_field: str) -> str:
    """Return the name under which the report knows *clean*: its only file, or the one that fits."""
    names = {row.clean_name for row in rows(report)}
    if len(names) == 1:
        return names.pop()
    if not names and _has_no_records(clean, text_field):
        return ""
    path = clean.resolve().as_posix()
    fitting = [name for name in names if path.endswith(f"/{name}")]
    if not fitting:
        known = f"it has {len(names)} files" if names else "it is empty"
        raise ReportError(f"{report} knows no file {clean.name!r}; {known}")
    return max(fitting, key=len)


def _restore_file(clean: Path, original: Path, found: Iterable[Row], text_field: str) -> int:
    """Write the original of one file; return how many documents it holds."""
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for count, row in enumerate(found, 1):  # noqa: B007 (the count is the result)
            yield row

    packed = format_of(original.name) is Format.JSONL and original.name.lower().endswith(".gz")
    try:
        with WholeFile(original, packed=packed) as out:
            for piece in _originals(clean, counted(), text_field):
                out.write(piece)
    except ReportError as error:
        raise ReportError(f"{clean}: {error}") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path=clean) from error
    return count


def _originals(clean: Path, found: Iterator[Row], text_field: str) -> Iterator[bytes]:
    first = next(found, None)
    if first is None or first.line:
        yield from _json_back(clean, chain([first] if first else [], found), text_field)
    else:
        _refuse_page(first)
        text = take_apart(decode_loosely(clean.read_bytes()).text, first.joined, as_bytes)
        yield encode(first.report.restore(text))
        if next(found, None) is not None:
            raise ReportError(f"the report holds more than one record of {first.report.id!r}")


def _json_back(clean: Path, found: Iterable[Row], text_field: str) -> Iterator[bytes]:
    with _open(clean) as stream:
        numbered = enumerate(stream, 1)
        for row in found:
            for number, raw in numbered:
                if raw.strip():
                    yield _line_back(raw, row, text_field, f"line {number}")
                    break
                yield raw
            else:
                raise ReportError(f"has fewer records than the report, which goes on with {row.report.id!r}")
        for number, raw in numbered:
            if raw.strip():
                raise ReportError(f"has more records than the report, from line {number} on")
            yield raw


def _refuse_page(row: Row) -> None:
    """Raise `ReportError` for a page whose visible text nobody asked for, or has as it is."""
    page = row.page
    if page is None:
        return
    if not page.visible:
        raise ReportError(
            f"{row.report.id!r} was HTML, which its clean text cannot become again; "
            "its visible text comes back if it is cleaned with --visible DIR"
        )
    if page.to:
        raise ReportError(
            f"{row.report.id!r} was written as {page.to}, from which nothing is rebuilt; "
            f"its visible text lies, seen from the report, in {page.visible}"
        )


def _line_back(raw: bytes, row: Row, text_field: str, place: str) -> bytes:
    _refuse_page(row)
    try:
        record = parse(decode_loosely(raw).text, text_field)
    except InputError as error:
        raise ReportError(f"{place} {error.reason}") from error
    back = row.report.restore(take_apart(record.text, row.joined, as_pair))
    if not row.report.removed:
        return raw  # of a page, too: its visible text is what was written
    literal = write_literal(back, row.style) if row.literal is None else row.literal
    return encode(record.with_literal(literal))


def _open(path: Path) -> BinaryIO | gzip.GzipFile:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")
