"""What a clean file holds becomes what its original held, row by row of its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from cleaner.corpus.codecs import codec_of, packed, told, unpacked
from cleaner.corpus.decoding import as_bytes, as_pair, decode_loosely, encode, take_apart
from cleaner.corpus.endings import SELF_PACKED, Format, format_of
from cleaner.corpus.formats import Piece, container
from cleaner.corpus.parts import PART, Entry, Reading, Reject
from cleaner.corpus.reading import entries_of, parts
from cleaner.corpus.records import parse, write_literal
from cleaner.corpus.reports import Row
from cleaner.corpus.sources import Source
from cleaner.corpus.spool import Spool
from cleaner.corpus.writing import WholeFile
from cleaner.errors import InputError, ReportError

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_ANY_SIZE = 1 << 62
"""What was cleaned can be restored, however large it is."""


def write_back(clean: Path, original: Path, found: Iterator[Row], text_field: str) -> None:
    """Write the original of the file *clean*, by its rows; raises `ReportError` where they do not belong together."""
    form = _format(clean)
    if form in SELF_PACKED:
        _write_columns(clean, original, found, text_field)
        return
    with WholeFile(original) as out:
        for member in _members(pieces_back(clean, found, text_field), codec_of(original.name)):
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


def pieces_back(clean: Path, found: Iterable[Row], text_field: str) -> Iterator[bytes]:
    """Yield the original of a file that is no Parquet or Arrow, not packed."""
    found = iter(found)
    first = next(found, None)
    if first is not None and not first.line:
        yield _whole_back(clean, first, text_field)
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


def _whole_back(clean: Path, row: Row, text_field: str) -> bytes:
    _refuse(row, clean)
    with _open(clean, codec_of(clean.name)) as stream:
        raw = decode_loosely(stream.read()).text
    try:
        return encode(row.report.restore(take_apart(raw, row.joined, as_bytes)))
    except ReportError:
        # It may have been written as a record, whatever the file is called.
        try:
            record = parse(raw, text_field)
        except InputError:
            record = None
        if record is None:
            raise
        return encode(row.report.restore(record.text))


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
    if page is not None and page.to:
        seen = f"; its visible text lies, seen from the report, in {page.visible}" if page.visible else ""
        raise ReportError(f"{row.report.id!r} was written as {page.to}, from which nothing is rebuilt{seen}")
    came, went = format_of(row.file) or Format.TEXT, _format(clean)
    # Without another name in the report, that of the source tells little: it may have been read as anything.
    known = page is not None or (row.line and came not in (Format.TEXT, Format.JSONL) and went is Format.JSONL)
    if known and came is not went and bool(row.line) != (went is Format.TEXT):
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
