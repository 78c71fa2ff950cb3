"""`cleaner explain`: every line of a document with what was decided about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from cleaner import Cleaner
from cleaner.cli.options import PATH, judging, reading, standard_input
from cleaner.cli.show import printable
from cleaner.corpus import Entry, Format, Reading, documents, find
from cleaner.document import Document, Line, Span, Verdict
from cleaner.errors import InputError


@click.command()
@click.argument("path", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="One JSON record a line.")
@click.option("--width", type=click.IntRange(0), default=100, show_default=True, help="Shorten lines; 0 shows all.")
@judging
@reading
def explain(*, path: Path, as_json: bool, width: int, engine: Cleaner, how: Reading, form: Format | None) -> None:
    """Show every line of the documents in the file PATH: kept, removed, or kept in part.

    With label, source and score, which says how sure it is that the line is foreign. Stretches
    removed inside a line stand below it. PATH may be - for standard input.
    """
    for entry in _entries(path, how, form):
        if entry.document is None:
            continue
        decided = list(_decided(engine, entry.document))
        if not decided:
            click.echo(f"{printable(entry.document.id)}: no visible line", err=True)
        if as_json:
            for record in decided:
                click.echo(json.dumps(record))
        else:
            click.echo(f"{printable(entry.document.id)}  ({engine.mode})")
            for record in decided:
                click.echo("\n".join(_rows(record, width)))


def _entries(path: Path, how: Reading, form: Format | None) -> Iterator[Entry]:
    if path == Path("-"):
        yield standard_input(how, form)
        return
    if path.is_dir():
        raise InputError("is a folder; name one file", path=path)
    for source in find([path], forced=form, kind=how.kind):
        yield from documents(source, how)


def _decided(engine: Cleaner, document: Document) -> Iterator[dict[str, Any]]:
    page, verdicts, spans = engine.explain(document)
    for number, (line, verdict) in enumerate(zip(page.lines, verdicts, strict=True)):
        yield _record(document.id, number, line, verdict, spans.get(number, ()))


def _record(name: str, number: int, line: Line, verdict: Verdict, spans: Sequence[Span]) -> dict[str, Any]:
    mark = "removed" if not verdict.keep else "part" if spans else "kept"
    inside = [
        {"start": s.start, "end": s.end, "label": s.label.value, "source": s.source, "score": s.score}
        | {"text": line.text[s.start : s.end]}
        for s in spans
    ]
    place: dict[str, Any] = {"id": name, "line": number + 1, "start": line.start, "end": line.end, "mark": mark}
    if line.tag:
        place["tag"] = line.tag
    decision = {"label": verdict.label.value, "source": verdict.source, "score": round(float(verdict.score), 4)}
    return place | decision | {"text": line.text, "spans": inside}


def _rows(record: dict[str, Any], width: int) -> Iterator[str]:
    tag = f"{record['tag']:<11}" if "tag" in record else ""
    head = f"{record['line']:>5} {record['mark']:<8}{tag}"
    yield f"{head}{_decision(record)}  {printable(record['text'], width)}"
    for span in record["spans"]:
        yield f"{'':>5} {'':<8}{'':<{len(tag)}}{_decision(span)}  [{printable(span['text'], width)}]"


def _decision(record: dict[str, Any]) -> str:
    return f"{record['label']:<11}{record['source']:<26} {record['score']:.2f}"
