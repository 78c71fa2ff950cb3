"""What a worker does with a block: read, clean, write, report and count, all in its own memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from cleaner.corpus.annotations import attributes, judged_lines, line_scores
from cleaner.corpus.blocks import Block, Item
from cleaner.corpus.codecs import packed
from cleaner.corpus.decoding import encode
from cleaner.corpus.endings import SELF_PACKED, Format
from cleaner.corpus.formats import Piece, container, spooled
from cleaner.corpus.formats.jsonl import record_line
from cleaner.corpus.job import Job, Judge
from cleaner.corpus.outcome import Outcome
from cleaner.corpus.parts import Entry, Reading, Reject
from cleaner.corpus.reading import entries_of
from cleaner.corpus.reports import Row, row_of
from cleaner.corpus.tally import given_text
from cleaner.corpus.tasks import Task
from cleaner.corpus.writing import json_line
from cleaner.document import Document
from cleaner.errors import CleanerError, ReportError
from cleaner.report import MISSING, Cleaned, Judgement
from cleaner.split import HTML


class Done(NamedTuple):
    """One part, finished: bytes to add to each file, and what happened."""

    clean: bytes
    report: bytes
    visible: bytes
    rejects: tuple[Reject, ...]
    entries: int
    outcome: Outcome
    ids: bytes = b""
    """Eight bytes for each id, the same for the same id."""


def work(job: Job, block: Block) -> list[Done]:
    """Do everything for the parts of *block*; raises `CleanerError` for what ends a whole run."""
    found = [list(entries_of(item.task.source, item.part, job.reading)) for item in block]
    placed = [
        (item, entry, entry.document)
        for item, of_part in zip(block, found, strict=True)
        for entry in of_part
        if isinstance(entry, Entry) and entry.document
    ]
    done: list[Judgement] = []
    try:
        cleaned = _clean(job, [document for _, _, document in placed], done)
    except ReportError as error:
        # What decides by what was written down takes one document after the other.
        item, entry, _ = placed[len(done)]
        raise ReportError(f"{_place(item.task, entry)}: {error}") from error
    return [_finish(job, item, of_part, cleaned) for item, of_part in zip(block, found, strict=True)]


def _place(task: Task, entry: Entry) -> str:
    return f"{task.source.place}, line {entry.line}" if entry.line else task.source.place


def _clean(job: Job, documents: Sequence[Document], done: list[Judgement]) -> Iterator[Judgement | Exception]:
    """Clean all, into *done*; where one document brings the engine down, the others are cleaned one by one."""
    try:
        done.extend(_judgements(job, documents))
        return iter(done)
    except CleanerError:
        raise
    except Exception:  # noqa: BLE001 (whatever it is, the rest of the corpus goes on)
        return (_clean_one(job, document) for document in documents)


def _judgements(job: Job, documents: Sequence[Document]) -> Iterator[Judgement]:
    if job.writing.judged:
        return cast("Judge", job.engine).judge_many(documents)
    return (Judgement(cleaned, (), ()) for cleaned in job.engine.clean_many(documents))


def _clean_one(job: Job, document: Document) -> Judgement | Exception:
    try:
        return next(iter(_judgements(job, [document])))
    except CleanerError:
        raise
    except Exception as error:  # noqa: BLE001 (it becomes a reject)
        return error


def _finish(job: Job, item: Item, found: Sequence[Entry | Reject], cleaned: Iterator[Judgement | Exception]) -> Done:
    task, outcome = item.task, Outcome()
    rejects: list[Reject] = []
    rows: list[Row] = []
    pieces: list[Piece] = []
    visible: list[bytes] = []
    for entry in found:
        result = None if isinstance(entry, Reject) or entry.document is None else next(cleaned)
        if isinstance(entry, Reject) or isinstance(result, Exception):
            rejects.append(entry if isinstance(entry, Reject) else _broken(task, entry, result))
        elif result is None:
            pieces.append(Piece(entry, "", changed=False, added=_new(job, entry, dict.fromkeys(_fields(job, task)))))
        else:
            judgement = _missing(result) if entry.missing else result
            added = _added(job, task, entry, judgement)
            piece, row = _written(job, task, entry, judgement, _new(job, entry, added))
            pieces.append(piece)
            rows.append(row)
            visible += _visible(task, judgement.cleaned)
            if task.target is not None:
                outcome.held.update(added.keys() - piece.added.keys())
            _count(outcome, job, task, entry, judgement.cleaned)
    for reject in rejects:
        outcome.reject(reject)
    clean = b"" if task.target is None else _records(task, pieces, job)
    report = b"".join(json_line(row.as_dict()) for row in rows)
    ids = b"" if task.source.whole else b"".join(_brief(row.report.id) for row in rows)
    return Done(clean, report, b"".join(visible), tuple(rejects), len(pieces), outcome, ids)


def _missing(judgement: Judgement) -> Judgement:
    """Return what is said of a record with null for a text, which the engine saw as an empty one."""
    cleaned = judgement.cleaned
    report = replace(cleaned.report, model=None, note=MISSING, metadata=None)
    return judgement._replace(cleaned=replace(cleaned, report=report))


def _brief(name: str) -> bytes:
    """Return the bytes by which ids are compared: enough for billions of them."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _records(task: Task, pieces: Sequence[Piece], job: Job) -> bytes:
    """Return the bytes for the clean file, packed as its name says."""
    if not pieces:
        return b""
    source, reading = task.source, job.reading
    if job.writing.attributes:
        rows = ({"id": piece.entry.document.id, **piece.added} for piece in pieces if piece.entry.document)
        return packed(b"".join(map(record_line, rows)), task.codec)
    if task.format is source.format:
        return spooled(pieces, source, reading, task.codec)
    fields = container(source.format).fields
    lines = (_as_json(fields(piece.entry, reading.text_field), piece, reading) for piece in pieces)
    return packed(b"".join(lines), task.codec)


def _as_json(fields: Mapping[str, Any], piece: Piece, reading: Reading) -> bytes:
    """Return the record as a line; what is no document (a header, a record that is carried) has no place there."""
    if piece.entry.document is None:
        return b""
    text = None if piece.entry.missing else piece.text
    record = {**fields, reading.text_field: text}
    # What is added stands behind the record's own fields, and in place of none.
    return record_line({**record, **piece.added, **record})


def _written(job: Job, task: Task, entry: Entry, judgement: Judgement, added: Mapping[str, Any]) -> tuple[Piece, Row]:
    cleaned, writing = judgement.cleaned, job.writing
    text = cleaned.text
    if cleaned.report.kind == HTML and task.page.to == "markdown":
        text = cleaned.as_markdown(links=writing.links)
    changed = not entry.missing and (cleaned.report.kind == HTML or bool(cleaned.report.removed))
    piece = Piece(entry, text, changed, added)
    row = row_of(piece, cleaned.report, task)
    return piece, replace(row, judged=judged_lines(judgement)) if writing.annotate else row


_TABLES = (*SELF_PACKED, Format.CSV, Format.TSV)
"""Formats whose columns are the same for all rows, whatever there is to say of one."""


def _fields(job: Job, task: Task) -> tuple[str, ...]:
    """Return the names of the fields that are added, in their order."""
    metadata = task.format in _TABLES and getattr(job.engine, "metadata", False)
    return ("metadata",) * metadata + job.writing.fields


def _new(job: Job, entry: Entry, added: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out the fields that the record has already."""
    if job.writing.attributes:
        return added  # which make a record of their own
    held = {*entry.names, job.reading.text_field}
    return {name: value for name, value in added.items() if name not in held}


def _added(job: Job, task: Task, entry: Entry, judgement: Judgement) -> dict[str, Any]:
    """Return the fields that are asked for, those of a table for every row."""
    writing = job.writing
    if writing.attributes:
        return {"attributes": attributes(writing.attributes, judgement)}
    added: dict[str, Any] = dict.fromkeys(_fields(job, task)) if task.format in _TABLES else {}
    metadata = judgement.cleaned.report.metadata
    if metadata is not None:
        added["metadata"] = metadata._asdict()
    if writing.original and entry.document is not None:
        added[writing.original] = None if entry.missing else entry.document.body
    if writing.line_scores:
        added[writing.line_scores] = line_scores(judgement)
    return added


def _visible(task: Task, cleaned: Cleaned) -> Iterator[bytes]:
    """Yield the text that the places of a page's report are in, if it is to be saved."""
    if task.visible is None or cleaned.report.kind != HTML:
        return
    text = cleaned.page_text
    whole = task.source.format is Format.TEXT
    yield encode(text) if whole else json_line({"id": cleaned.report.id, "text": text})


def _count(outcome: Outcome, job: Job, task: Task, entry: Entry, cleaned: Cleaned) -> None:
    if entry.document is None:
        return
    place = f"{task.source.name}:{entry.line}" if entry.line else ""
    outcome.add(given_text(entry.document, cleaned), cleaned, "" if cleaned.report.id == place else place)
    if not job.sample:
        outcome.sample = None
    if entry.stray:
        outcome.stray[task.source.place] += entry.stray
    if entry.replaced:
        outcome.replaced[task.source.place] += entry.replaced


def _broken(task: Task, entry: Entry, error: object) -> Reject:
    reason = f"could not be cleaned: {type(error).__name__}: {error}; please report this document"
    body = entry.document.body if entry.document is not None else ""
    return Reject(task.source.place, entry.line or None, reason, body.encode("utf-8", "surrogatepass"))
