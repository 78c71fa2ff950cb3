"""`cleaner explain`: every line of a document with what was decided about it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from cleaner import Cleaner
from cleaner.cli.options import PATH, judging, reading, standard_input
from cleaner.cli.show import printable
from cleaner.corpus import STANDARD, Entry, Format, Reading, Reject, entries, find
from cleaner.document import Document, Line, Span, Verdict
from cleaner.errors import InputError
from cleaner.weighing import weigh

_DOUBT = 0.1
"""For a reader the reasons stand below removed lines and below kept ones from this score on; as JSON below all."""
_COLOURS = {"removed": "red", "part": "yellow", "kept": "green"}
_FAULTS = 100
"""Things that could not be read are named up to so many."""
_PART = 40
"""Characters of a word or name among the reasons."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--json", "as_json", is_flag=True, help="One JSON record a line.")
@click.option(
    "--width", type=click.IntRange(0), metavar="N", default=100, show_default=True, help="Shorten lines; 0 shows all."
)
@click.option(
    "--why",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    metavar="N",
    help="Show the N features and words that weighed most where the model decided.",
)
@judging
@reading
def explain(
    *, paths: tuple[Path, ...], as_json: bool, width: int, why: int, engine: Cleaner, how: Reading, form: Format | None
) -> None:
    """Show every line of the documents in the files PATHS: kept, removed, or kept in part.

    With label, source (who decided) and score: how sure it is that the line is boilerplate.
    Stretches removed inside a line stand below it. So does what weighed most where the model removed
    a line or was in doubt: + where it speaks for boilerplate, beside an ordinary paragraph (in logits).
    A PATH may be - for standard input. NO_COLOR turns the colours of a terminal off. What cannot be
    read is named at the end, and the exit code is 1 then.
    """
    faults: list[str] = []
    count = 0
    for entry in _entries(paths, how, form):
        try:
            if isinstance(entry, Reject):
                raise entry.error()
            if entry.document is not None:
                _show(entry, _decided(engine, entry.document, why, 0.0 if as_json else _DOUBT), engine, width, as_json)
        except InputError as fault:
            count += 1
            faults += [str(fault)][: _FAULTS - len(faults)]
    _end(faults, count)


def _entries(paths: Sequence[Path], how: Reading, form: Format | None) -> Iterator[Entry | Reject]:
    for path in paths:
        if path.is_dir():
            raise InputError("is a folder; name its files", path=path)
    files = [path for path in paths if path != STANDARD]
    found = {path: find([path], forced=form, kind=how.kind) for path in files}
    for path in paths:
        if path == STANDARD:
            yield standard_input(how, form)
        for source in found.get(path, ()):
            yield from entries(source, how)


def _show(entry: Entry, decided: Sequence[dict[str, Any]], engine: Cleaner, width: int, as_json: bool) -> None:
    colour = False if os.environ.get("NO_COLOR") else None
    name = printable(entry.document.id) if entry.document else ""
    if not decided:
        click.echo(f"{name}: {'no text, but null' if entry.missing else 'no visible line'}", err=True)
    if as_json:
        for record in decided:
            click.echo(json.dumps(record))
        return
    click.echo(click.style(f"{name}  ({engine.mode})", bold=True), color=colour)
    for record in decided:
        click.echo("\n".join(_rows(record, width)), color=colour)


def _end(faults: Sequence[str], count: int) -> None:
    """Name what could not be read, if there is something, and end so."""
    if not count:
        return
    click.echo(f"{count} could not be read:", err=True)
    for fault in faults:
        click.echo(f"  {printable(fault, 300)}", err=True)
    if count > len(faults):
        click.echo(f"  and {count - len(faults)} more", err=True)
    sys.exit(1)


def _decided(engine: Cleaner, document: Document, why: int, doubt: float) -> list[dict[str, Any]]:
    page, verdicts, spans = engine.explain(document)
    records = [
        _record(document.id, number, line, verdict, spans.get(number, ()))
        for number, (line, verdict) in enumerate(zip(page.lines, verdicts, strict=True))
    ]
    told = [at for at, verdict in enumerate(verdicts) if why and _is_told(verdict, doubt)]
    for at, weighed in zip(told, weigh(engine, document, page, told), strict=True):
        records[at]["why"] = weighed.as_dict(why)
    return records


def _is_told(verdict: Verdict, doubt: float) -> bool:
    return verdict.source == "model" and (not verdict.keep or verdict.score >= doubt)


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
    gone = record["mark"] == "removed"
    row = f"{head}{_decision(record)}  {printable(record['text'], width)}"
    coloured = row if gone else head
    yield click.style(coloured, fg=_COLOURS[record["mark"]]) + row[len(coloured) :]
    for span in record["spans"]:
        row = f"{'':>5} {'':<8}{'':<{len(tag)}}{_decision(span)}  [{printable(span['text'], width)}]"
        yield click.style(row, fg="yellow")
    for reason in _reasons(record.get("why", {})):
        yield click.style(f"{'':>14}{reason}", dim=True)


def _decision(record: dict[str, Any]) -> str:
    return f"{record['label']:<11}{record['source']:<26} {record['score']:.2f}"


def _reasons(why: dict[str, Any]) -> Iterator[str]:
    """Yield a row for each feature, and one for all words."""
    for one in why.get("features", ()):
        yield f"{one['weight']:+.2f}  {one['means']}: {one['value']:g} (usually {one['usual']:g})"
    if parts := why.get("grams"):
        told = (f"{part['weight']:+.2f} {part['what']} {_quoted(part['text'])}" for part in parts)
        yield f"       said by it and around it: {', '.join(told)}"


def _quoted(text: str) -> str:
    return f"\u201c{printable(text, _PART)}\u201d" if text else "(none)"
