"""What was made of every line, written down so that others, or we ourselves later, may decide."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from cleaner.assembly import assemble
from cleaner.corpus.reports import Row, rows
from cleaner.corpus.tasks import Task
from cleaner.document import Document, Line, Page, Removal, Span, Verdict
from cleaner.errors import ReportError
from cleaner.judge import note
from cleaner.labels import Label
from cleaner.page_notes import note_on_page
from cleaner.parting import expected_f1
from cleaner.report import Cleaned, Judgement, Report
from cleaner.split import HTML, page_of

Judged = tuple[int, int, str, bool, str, float]
"""Start, end, label, whether it stays, source and score of one line."""


def judged_lines(judgement: Judgement) -> tuple[Judged, ...]:
    """Return what was made of each line, for a report."""
    return tuple(
        (line.start, line.end, verdict.label.value, verdict.keep, verdict.source, verdict.score)
        for line, verdict in zip(judgement.lines, judgement.verdicts, strict=True)
    )


def line_scores(judgement: Judgement) -> list[list[float]]:
    """Return `[start, end, score]` of each line, the form of RedPajama's quality signals; a high score is foreign."""
    return [
        [line.start, line.end, verdict.score] for line, verdict in zip(judgement.lines, judgement.verdicts, strict=True)
    ]


def attributes(name: str, judgement: Judgement) -> dict[str, list[list[float]]]:
    """Return the attributes of a document for dolma: lists of `[start, end, score]`, in characters.

    `NAME__lines` are all lines, each up to the next, so that `min_score` of a span replacement chooses;
    `NAME__removed` is what was decided here, and `NAME__LABEL` the part of it with that label.
    """
    report = judgement.cleaned.report
    edges = pairwise([*(line.start for line in judgement.lines), report.chars])
    found: dict[str, list[list[float]]] = {
        f"{name}__lines": [
            [start, end, verdict.score] for (start, end), verdict in zip(edges, judgement.verdicts, strict=True)
        ],
        f"{name}__removed": [_span(removal) for removal in report.removed],
    }
    for removal in report.removed:
        found.setdefault(f"{name}__{removal.label.value}", []).append(_span(removal))
    return found


def _span(removal: Removal) -> list[float]:
    return [removal.start, removal.end, removal.score]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to make of annotated lines."""

    threshold: float | None = None
    """Score from which a line goes; None to go by what was decided when it was annotated."""
    keeps: frozenset[Label] = frozenset()
    """Labels that stay in any case."""


class Applied:
    """An engine that decides by annotations, in the order in which they were written.

    Annotations of files that are not among *tasks* are passed over.
    """

    def __init__(self, tasks: Sequence[Task], annotations: Sequence[Path], decision: Decision) -> None:
        self._rows = _in_order([task.source.name for task in tasks], annotations)
        self._decision = decision

    def clean_many(self, documents: Iterable[Document]) -> Iterator[Cleaned]:
        """Decide about *documents*; raises `ReportError` where the annotations are of others."""
        for document in documents:
            row = next(self._rows, None)
            if row is None or row.report.id != document.id:
                raise ReportError(f"{_instead(row)} where {document.id!r} is due; {_REMEDY}")
            yield _applied(document, row, self._decision)

    def refuse_rest(self) -> None:
        """Raise `ReportError` if there are annotations left, when all documents are done."""
        if (row := next(self._rows, None)) is not None:
            raise ReportError(f"{_instead(row)} where no document is left; {_REMEDY}")


_REMEDY = (
    "a file was changed, or was not annotated, or goes by another name (in a folder, by its path in it), or is read "
    "otherwise or in another order than then: annotate it anew, or leave it out"
)


def _instead(row: Row | None) -> str:
    if row is None:
        return "the annotations end"
    return f"the annotations go on with {row.report.id!r} of {row.file}"


def _in_order(names: Sequence[str], annotations: Sequence[Path]) -> Iterator[Row]:
    """Yield the rows of each file in turn; a file with those of many is read along."""
    wanted = frozenset(names)
    due: dict[str, list[_Ahead]] = {}
    for path in annotations:
        _wait(due, _Ahead(path, wanted))
    for name in names:
        for ahead in due.pop(name, ()):
            yield from ahead.of(name)
            _wait(due, ahead)
    # Those of files that come too late, be it by their order.
    for ahead in (ahead for left in due.values() for ahead in left):
        yield from ahead.rest()


def _wait(due: dict[str, list[_Ahead]], ahead: _Ahead) -> None:
    if ahead.name is not None:
        due.setdefault(ahead.name, []).append(ahead)


class _Ahead:
    """The rows of one file that are about files that are *wanted*, with the next one seen.

    It is open only while it is read: there may be thousands of them.
    """

    def __init__(self, path: Path, wanted: Collection[str]) -> None:
        self._path, self._wanted = path, wanted
        self._found: Generator[Row, None, None] | None = None
        with closing(self._wanted_rows()) as found:
            self._next = next(found, None)

    @property
    def name(self) -> str | None:
        """What the file is called that the next row is about; None at the end."""
        return None if self._next is None else self._next.file

    def of(self, name: str) -> Iterator[Row]:
        while self._next is not None and self._next.file == name:
            yield self._taken(self._next)

    def rest(self) -> Iterator[Row]:
        while self._next is not None:
            yield self._taken(self._next)

    def _taken(self, row: Row) -> Row:
        if self._found is None:
            self._found = self._wanted_rows()
            next(self._found)
        self._next = next(self._found, None)
        return row

    def _wanted_rows(self) -> Generator[Row, None, None]:
        return (row for row in rows(self._path) if row.file in self._wanted)


def _applied(document: Document, row: Row, decision: Decision) -> Cleaned:
    page = page_of(document)
    report = row.report
    try:
        report.replay(page.text)
    except ReportError as error:
        raise ReportError(f"{error}; {_REMEDY}") from error
    if row.judged is None:
        raise ReportError(f"the report of {report.id!r} tells nothing of the lines that stayed; use --annotate")
    lines = [Line(page.text[start:end], start, end) for start, end, *_ in row.judged]
    verdicts = [_verdict(*judged[2:], decision) for judged in row.judged]
    told = Page(page.text, tuple(lines))
    removed = assemble(told, verdicts, _spans(lines, verdicts, report, decision))
    kept = len(page.text) - sum(removal.end - removal.start for removal in removed)
    of_page = report.kind == HTML and report.front is None
    expected = None if report.expected_f1 is None else expected_f1(told, verdicts)
    found = note_on_page(page, kept, expected) if of_page else note(report.chars, kept, report.front)
    again = replace(report, removed=removed, note=found, expected_f1=expected)
    text = again.replay(page.text)
    return Cleaned(text, again, page, document) if of_page else Cleaned(text, again)


def _verdict(name: str, keep: bool, source: str, score: float, decision: Decision) -> Verdict:
    label = Label(name)
    stays = keep if decision.threshold is None else score < decision.threshold
    return Verdict(label, stays or label in decision.keeps, source, score)


def _spans(
    lines: Sequence[Line], verdicts: Sequence[Verdict], report: Report, decision: Decision
) -> Mapping[int, Sequence[Span]]:
    """Return the removals of the report that lie inside lines that stay, by line."""
    found: dict[int, list[Span]] = {}
    least = decision.threshold or 0.0
    at = 0
    for removal in report.removed:
        while at < len(lines) and lines[at].end <= removal.start:
            at += 1
        if at == len(lines):
            break
        line = lines[at]
        inside = line.start <= removal.start and removal.end <= line.end and len(removal.text) < len(line.text)
        if inside and verdicts[at].keep and removal.score >= least and removal.label not in decision.keeps:
            span = Span(
                removal.start - line.start, removal.end - line.start, removal.label, removal.source, removal.score
            )
            found.setdefault(at, []).append(span)
    return found
