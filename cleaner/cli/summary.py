"""What a run did, for a person to read."""

from __future__ import annotations

from collections import Counter

from cleaner.cli.show import counted, printable
from cleaner.corpus import Entry, FileSum, Outcome, Plan, given_text, ranked, whole_lines
from cleaner.labels import Label
from cleaner.report import Cleaned


def of_document(entry: Entry, cleaned: Cleaned) -> str:
    """Sum up one document in a line or two."""
    part = FileSum(cleaned.report.id)
    text = given_text(entry.document, cleaned) if entry.document else ""
    part.add(cleaned.report, [removal.label for removal in whole_lines(text, cleaned.report)])
    rows = [f"{printable(part.name)}: {_lines(part)}"]
    if cleaned.report.note:
        rows.append(f"  look at it: {cleaned.report.note}")
    stray = Counter({part.name: entry.stray} if entry.stray else {})
    replaced = Counter({part.name: entry.replaced} if entry.replaced else {})
    return "\n".join([*rows, *_stray(stray, _CARRIED), *_stray(replaced, _REPLACED)])


def of_run(outcome: Outcome, plan: Plan) -> str:
    """Sum up a run: by file if they are few, then in total, and where everything lies."""
    total = outcome.total
    width = max((len(part.name) for part in outcome.files), default=0)
    rows = [f"{printable(part.name):<{width}}  {_lines(part)}" for part in outcome.files]
    if len(rows) != 1:
        share = 1 - outcome.kept_chars / outcome.chars if outcome.chars else 0.0
        documents = counted(total.documents, "document")
        rows.append(f"{documents}: {_lines(total)}; {share:.1%} of the characters went")
    rows += [f"clean text: {plan.out}", f"report: {plan.report}"]
    return "\n".join([*rows, *_noted(outcome), *_odd_bytes(outcome), *_rejected(outcome, plan)])


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
    rows = [f"{counted(outcome.total.notes, 'document')} to look at (see the notes in the report):"]
    return [*rows, *(f"  {printable(name)}: {note}" for name, note in outcome.noted)]


_CARRIED = ("byte", "not UTF-8, carried through unchanged")
_REPLACED = ("character", "of pages not in their encoding, replaced by U+FFFD")


def _odd_bytes(outcome: Outcome) -> list[str]:
    return [*_stray(outcome.stray, _CARRIED), *_stray(outcome.replaced, _REPLACED)]


def _stray(stray: Counter[str], what: tuple[str, str]) -> list[str]:
    unit, fate = what
    if not stray:
        return []
    files = ", ".join(f"{printable(name)} ({count})" for name, count in ranked(stray)[:5])
    more = f" and {len(stray) - 5} more" if len(stray) > 5 else ""
    return [f"Warning: {counted(stray.total(), unit)} {fate}, in {files}{more}"]


def _rejected(outcome: Outcome, plan: Plan) -> list[str]:
    if not outcome.rejected:
        return []
    rows = [f"{outcome.rejected} could not be read; all are in {plan.rejects}:"]
    rows += [f"  {printable(str(reject.error()), 300)}" for reject in outcome.rejects]
    more = outcome.rejected - len(outcome.rejects)
    return [*rows, f"  and {more} more"] if more else rows
