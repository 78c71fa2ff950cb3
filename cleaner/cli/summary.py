"""What a run did, for a person to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from cleaner.cli.show import counted, printable
from cleaner.corpus import STANDARD, FileSum, Outcome, Plan, ranked
from cleaner.labels import Label


def of_run(outcome: Outcome, plan: Plan, place: Callable[[Path], str] = str) -> str:
    """Sum up a run: by file if they are few, then in total, and where everything lies, which *place* tells."""
    total = outcome.total
    width = max((len(part.name) for part in outcome.files), default=0)
    alone = plan.out == STANDARD
    rows = [
        f"{printable(part.name)}: {_lines(part)}" if alone else f"{printable(part.name):<{width}}  {_lines(part)}"
        for part in outcome.files
    ]
    if len(rows) != 1 or total.documents > 1:
        share = 1 - outcome.kept_chars / outcome.chars if outcome.chars else 0.0
        documents = counted(total.documents, "document")
        rows.append(f"{documents}: {_lines(total)}; {share:.1%} of the characters went")
    if not alone:
        rows += _places(plan, place)
    if plan.passed_over:
        rows.append(
            f"{counted(plan.passed_over, 'file')} passed over, called as nothing that is read or as reports are"
        )
    if plan.earlier:
        rows.append(f"{counted(plan.earlier, 'file')} passed over, made by an earlier run of others that are read")
    if outcome.texts and any(task.page.to == "markdown" for task in plan.tasks):
        texts = counted(outcome.texts, "document")
        rows.append(f"{texts} written as plain text, not as Markdown: what is no HTML has no markup to show")
    rows += _left(plan, place)
    return "\n".join([*rows, *_noted(outcome), *_odd_bytes(outcome), *_held(outcome), *_rejected(outcome, plan, place)])


def _places(plan: Plan, place: Callable[[Path], str]) -> list[str]:
    out, reports = place(plan.out), _reports([place(path) for path in plan.reports])
    if plan.only == "annotations":
        return [f"annotations, and nothing removed: {out if plan.extra is None else place(plan.extra)}"]
    if plan.only == "attributes":
        return [f"attributes, and nothing removed: {out}", *reports]
    return [f"clean text: {out}", *reports]


def _left(plan: Plan, place: Callable[[Path], str]) -> list[str]:
    if not plan.left:
        return []
    first = printable(str(plan.left[0].relative_to(plan.out.resolve())))
    files = f"{counted(len(plan.left), 'file')} of an earlier run still in {place(plan.out)}, such as {first}"
    remedy = "stats, view and restore count them in: remove them, or clean into another folder"
    return [f"Warning: {files}, and not of this one; {remedy}"]


def _reports(reports: Sequence[str]) -> list[str]:
    if len(reports) == 1:
        return [f"report: {reports[0]}"]
    return [f"reports: {reports[0]} and {len(reports) - 1} more, each beside its clean file"] if reports else []


def progress(outcome: Outcome, done: int, seconds: float) -> str:
    """Tell documents, speed and share removed; *done* in bytes."""
    share = 1 - outcome.kept_chars / outcome.chars if outcome.chars else 0.0
    speed = done / 1e6 / seconds if seconds > 0 else 0.0
    return f"{outcome.total.documents:,} documents, {speed:.1f} MB/s, {share:.1%} removed"


def _lines(part: FileSum) -> str:
    if not part.lines:
        return "empty"
    kept = part.lines - part.removed.total()
    rows = [f"{kept} of {counted(part.lines, 'line')} kept"]
    if part.removed:
        rows.append(f"removed {_labels(part.removed)}")
    if part.inside:
        rows.append(f"{counted(part.inside, 'stretch', 'stretches')} inside kept lines")
    return "; ".join(rows)


def _labels(counts: Counter[Label]) -> str:
    return ", ".join(f"{label} {count}" for label, count in ranked(counts))


def _noted(outcome: Outcome) -> list[str]:
    if not outcome.total.notes:
        return []
    rows = [f"  {printable(name)}: {note}" for name, note in outcome.noted]
    return [
        f"{counted(outcome.total.notes, 'document')} to look at (see the notes in the report){':' if rows else ''}",
        *rows,
        *_more(outcome.total.notes, len(rows)),
    ]


_CARRIED = ("byte", "not UTF-8, carried through unchanged")
_REPEATED = ("record", "with an id that its file has already, told apart by place")
_REPLACED = ("character", "of pages not in their encoding, replaced by U+FFFD")


def _odd_bytes(outcome: Outcome) -> list[str]:
    found = ((outcome.stray, _CARRIED), (outcome.replaced, _REPLACED), (outcome.repeated, _REPEATED))
    return [row for counts, what in found for row in _stray(counts, what)]


def _stray(stray: Counter[str], what: tuple[str, str]) -> list[str]:
    unit, fate = what
    if not stray:
        return []
    files = ", ".join(f"{printable(name)} ({count})" for name, count in ranked(stray)[:5])
    more = f" and {len(stray) - 5} more" if len(stray) > 5 else ""
    return [f"Warning: {counted(stray.total(), unit)} {fate}, in {files}{more}"]


def _held(outcome: Outcome) -> list[str]:
    return [
        f"Warning: {counted(count, 'record')} had a field {printable(name)} already, which stays as it was"
        for name, count in ranked(outcome.held)
    ]


def _rejected(outcome: Outcome, plan: Plan, place: Callable[[Path], str]) -> list[str]:
    if not outcome.rejected:
        return []
    where = f"all are in {place(plan.rejects)}" if plan.rejects else "name a --report, and they will lie beside it"
    rows = [f"  {printable(str(reject.error()), 300)}" for reject in outcome.rejects]
    first = f"{outcome.rejected} could not be read; {where}{':' if rows else ''}"
    return [first, *rows, *_more(outcome.rejected, len(rows))]


def _more(count: int, told: int) -> list[str]:
    """Say how many are not told of; of a run that was complete already none are."""
    return [f"  and {count - told} more"] if 0 < told < count else []
