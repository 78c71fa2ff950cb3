"""The way back: clean files and their reports become the original files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO

from cleaner.corpus.codecs import codec_of, packed, told, unpacked
from cleaner.corpus.decoding import as_bytes, as_pair, decode_loosely, encode, take_apart
from cleaner.corpus.formats import Piece, container
from cleaner.corpus.parts import PART, Entry, Reading, Reject
from cleaner.corpus.plan import refuse_overwriting
from cleaner.corpus.reading import entries_of, parts
from cleaner.corpus.records import parse, write_literal
from cleaner.corpus.reports import Row, reports_in, rows
from cleaner.corpus.sources import SELF_PACKED, Format, Source, format_of, walk
from cleaner.corpus.spool import Spool
from cleaner.corpus.writing import WholeFile
from cleaner.errors import CleanerError, InputError, OutputError, ReportError

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_ANY_SIZE = 1 << 62
"""What was cleaned can be restored, however large it is."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, which clean files no report knows, and what could not be put back and why."""

    files: int
    documents: int
    unknown: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def restore_files(clean: Path, reports: Sequence[Path], original: Path, *, text_field: str = "text") -> Restored:
    """Rebuild the originals of the file or folder *clean* in *original*, from *reports* or folders of them.

    Text files come out to the byte; of JSONL files every record that was not rejected, to the
    byte too; what was packed is packed anew. Other records come back with the same values. Of HTML
    its visible text comes back; the markup cannot. Raises `ReportError` when the texts of a
    single file and its report do not belong together; in a folder that is told and the others go on.
    """
    if not clean.exists():
        raise InputError("does not exist; check the spelling", path=clean)
    reports = reports_in(reports)
    if clean.is_dir():
        return _restore_folder(clean, reports, original, text_field)
    if original.is_dir():
        original = original / clean.name
    refuse_overwriting([original], [clean, *reports])
    name = _name_in_reports(clean, reports, text_field)
    found = (row for row in _all_rows(reports) if row.clean_name == name)
    return Restored(1, _restore_file(clean, original, found, text_field))


def _all_rows(reports: Iterable[Path]) -> Iterator[Row]:
    for path in reports:
        yield from rows(path)


def _restore_folder(clean: Path, reports: Sequence[Path], original: Path, text_field: str) -> Restored:
    if original.exists() and not original.is_dir():
        raise OutputError("is a file; the files of a folder need a folder to go to", path=original)
    names: set[str] = set()
    failed: list[str] = []
    documents = 0
    for name, group in groupby(_all_rows(reports), key=lambda row: row.clean_name):
        if name in names:
            raise ReportError(f"the records of {name!r} stand apart in the reports; restore its file by itself")
        names.add(name)
        source, target = _inside(clean, name), _inside(original, name)
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


def _has_no_records(path: Path, text_field: str) -> bool:
    """Tell whether *path* is a file of records with nothing in it that a report could speak of."""
    if format_of(path.name) in (None, Format.TEXT):
        return False
    try:
        return all(not piece.strip() for piece in _pieces(path, (), text_field))
    except (ReportError, InputError):
        return False


def _inside(folder: Path, name: str) -> Path:
    """Return the path of *name* in *folder*; a report must not lead out of it."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ReportError(f"the report names {name!r}, which lies outside {folder}; restore its file by itself")
    return path


def _name_in_reports(clean: Path, reports: Sequence[Path], text_field: str) -> str:
    """Return the name under which the reports know *clean*: its only file, or the one that fits."""
    names = {row.clean_name for row in _all_rows(reports)}
    if len(names) == 1:
        return names.pop()
    if not names and _has_no_records(clean, text_field):
        return ""
    path = clean.resolve().as_posix()
    fitting = [name for name in names if path.endswith(f"/{name}")]
    if not fitting:
        known = f"it has {len(names)} files" if names else "it is empty"
        raise ReportError(f"{', '.join(map(str, reports))} knows no file {clean.name!r}; {known}")
    return max(fitting, key=len)


def _restore_file(clean: Path, original: Path, found: Iterable[Row], text_field: str) -> int:
    """Write the original of one file; return how many documents it holds."""
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for count, row in enumerate(found, 1):  # noqa: B007 (the count is the result)
            yield row

    try:
        _write(clean, original, counted(), text_field)
    except ReportError as error:
        raise ReportError(f"{clean}: {error}") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path=clean) from error
    return count


def _write(clean: Path, original: Path, found: Iterator[Row], text_field: str) -> None:
    form = _format(clean)
    if form in SELF_PACKED:
        _write_columns(clean, original, found, text_field)
        return
    with WholeFile(original) as out:
        for member in _members(_pieces(clean, found, text_field), codec_of(original.name)):
            out.write(member)


def _format(clean: Path) -> Format:
    return format_of(clean.name) or Format.TEXT


def _members(pieces: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Yield *pieces* packed, a few of them in a member."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PART:
            yield packed(b"".join(held), codec)
            held, size = [], 0
    if held or codec:
        yield packed(b"".join(held), codec)


def _pieces(clean: Path, found: Iterable[Row], text_field: str) -> Iterator[bytes]:
    found = iter(found)
    first = next(found, None)
    if first is not None and not first.line:
        yield _whole_back(clean, first)
        if next(found, None) is not None:
            raise ReportError(f"the report holds more than one record of {first.report.id!r}")
        return
    back = chain([first] if first else [], found)
    if _format(clean) in (Format.TEXT, Format.JSONL):
        yield from _json_back(clean, back, text_field)
    else:
        source, reading = _source(clean), _reading(text_field)
        for batch in _restored(source, back, reading):
            yield container(source.format).write(batch, source, reading)


def _whole_back(clean: Path, row: Row) -> bytes:
    _refuse(row, clean)
    if _format(clean) is Format.JSONL and row.page is not None and row.page.clean:
        raise ReportError(f"{row.file} was one document and was written as jsonl, which cannot be undone")
    with _open(clean, codec_of(clean.name)) as stream:
        text = take_apart(decode_loosely(stream.read()).text, row.joined, as_bytes)
    return encode(row.report.restore(text))


def _json_back(clean: Path, found: Iterable[Row], text_field: str) -> Iterator[bytes]:
    with _open(clean) as stream:
        numbered = enumerate(stream, 1)
        for row in found:
            for number, raw in numbered:
                if raw.strip():
                    yield _line_back(raw, row, clean, text_field, f"line {number}")
                    break
                yield raw
            else:
                raise ReportError(f"has fewer records than the report, which goes on with {row.report.id!r}")
        for number, raw in numbered:
            if raw.strip():
                raise ReportError(f"has more records than the report, from line {number} on")
            yield raw


def _line_back(raw: bytes, row: Row, clean: Path, text_field: str, place: str) -> bytes:
    _refuse(row, clean)
    try:
        record = parse(decode_loosely(raw).text, text_field, leave_out=row.added)
    except InputError as error:
        raise ReportError(f"{place} {error.reason}") from error
    back = row.report.restore(take_apart(record.text, row.joined, as_pair))
    if not row.report.removed:
        return encode(record.with_literal(record.literal))  # of a page, too: its visible text is what was written
    literal = write_literal(back, row.style) if row.literal is None else row.literal
    return encode(record.with_literal(literal))


def _restored(source: Source, found: Iterable[Row], reading: Reading) -> Iterator[list[Piece]]:
    """Yield the records of a clean file with their texts put back, some at a time."""
    found = iter(found)
    told: Sequence[str] = ()
    for part in parts(source, reading):
        batch = []
        for entry in entries_of(source, part, reading):
            if isinstance(entry, Reject):
                raise ReportError(str(entry.error()))
            if told and _tells_more(entry):
                told = ()
                continue
            row = next(found, None) if entry.document else None
            told = row.added if row is not None and source.format is Format.WARC else ()
            if entry.document and row is None:
                raise ReportError(f"has more records than the report, from line {entry.line} on")
            batch.append(Piece(entry, "", changed=False) if row is None else _piece_back(entry, row, source.path))
        yield batch
    if (row := next(found, None)) is not None:
        raise ReportError(f"has fewer records than the report, which goes on with {row.report.id!r}")


def _tells_more(entry: Entry) -> bool:
    """Tell whether this is the record that holds what was added to the text before it, as web archives need it."""
    return entry.document is None and b"\r\nWARC-Type: metadata\r\n" in entry.blank[:200]


def _piece_back(entry: Entry, row: Row, clean: Path) -> Piece:
    _refuse(row, clean)
    text = "" if entry.document is None else take_apart(entry.document.body, row.joined, as_bytes)
    return Piece(entry, row.report.restore(text), bool(row.report.removed), leave_out=row.added)


def _write_columns(clean: Path, original: Path, found: Iterable[Row], text_field: str) -> None:
    source, reading = _source(clean), _reading(text_field)
    spool = Spool(original)
    fresh = spool.part.with_suffix(".new")
    try:
        for batch in _restored(source, found, reading):
            spool.write(container(source.format).write(batch, source, reading))
        spool.close()
        container(source.format).finish(spool.part, fresh, source)
        fresh.replace(spool.target)
    finally:
        spool.discard()
        fresh.unlink(missing_ok=True)


def _source(clean: Path) -> Source:
    return Source(clean, clean.name, _format(clean), clean.stat().st_size)


def _reading(text_field: str) -> Reading:
    return Reading(text_field, _ANY_SIZE, kind="text")


def _refuse(row: Row, clean: Path) -> None:
    """Raise `ReportError` for a text of which the original cannot be made."""
    page = row.page
    if page is None:
        return
    if page.to:
        seen = f"; its visible text lies, seen from the report, in {page.visible}" if page.visible else ""
        raise ReportError(f"{row.report.id!r} was written as {page.to}, from which nothing is rebuilt{seen}")
    came, went = format_of(row.file) or Format.TEXT, _format(clean)
    if came is not went and bool(row.line) != (went is Format.TEXT):
        raise ReportError(f"{row.file} was {came.value} and was written as {went.value}, which cannot be undone")


@contextmanager
def _open(path: Path, codec: str | None = None) -> Iterator[BinaryIO]:
    """Open a clean file; without *codec*, unpacked by what its first bytes say: records may be called anything."""
    with path.open("rb") as raw:
        if codec is None:
            head = raw.read(6)
            raw.seek(0)
            codec = next((codec for magic, codec in _MAGIC.items() if head.startswith(magic)), "")
        with told(path, codec, lambda: "within the texts"):
            yield unpacked(raw, codec)
