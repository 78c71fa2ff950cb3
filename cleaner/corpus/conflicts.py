"""What must not be written into a folder that is read: the next run would take it for an input."""

from __future__ import annotations

from pathlib import Path

from cleaner.corpus.endings import format_of, is_own
from cleaner.errors import OutputError


def refuse_results(read: Path, out: Path) -> None:
    """Raise `OutputError` if results would go to *out* and that is the folder *read*; one in it is no fault."""
    if read.resolve() == out.resolve():
        reason = "is the folder that is read: results would lie among the inputs; name another, be it one in it"
        raise OutputError(reason, path=out)


def refuse_inputs_to_be(read: Path, out: Path, visible: Path | None, report: Path | None) -> None:
    """Raise `OutputError` if saved texts or a report would lie in the folder *read*, and not with the results in *out*.

    A report that is called as reports are, or as nothing that is read, may lie there.
    """
    if visible is not None and _among(visible, read, out):
        raise OutputError(f"lies in {read}, where it would be read as an input; name another", path=visible)
    if report is None or is_own(report.name) or format_of(report.name) is None:
        return
    if _among(report, read, out):
        reason = f"lies in {read}, where it would be read as an input; call it {report.name}.report.jsonl"
        raise OutputError(reason, path=report)


def _among(path: Path, read: Path, out: Path) -> bool:
    where = path.resolve()
    return where.is_relative_to(read.resolve()) and not where.is_relative_to(out.resolve())
