"""Wishes of which nothing came, for a person to read: the data have no place for them."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner import Cleaner
from cleaner.cli.show import counted, printable
from cleaner.corpus import Format, Outcome, Plan, Reading, Settings
from cleaner.corpus.tasks import Task


def idle(outcome: Outcome, plan: Plan, settings: Settings, engine: Cleaner) -> Iterator[str]:
    """Yield what to say of options that could do nothing, or nothing for some of the documents."""
    texts = sum(map(_is_text, plan.tasks))
    if texts and settings.writing.fields:
        names, files = printable(" and ".join(settings.writing.fields)), counted(texts, "file")
        yield f"{files} written without {names}: texts have no fields (--out-format jsonl makes records)"
    if texts == len(plan.tasks):
        yield from (f"{option} names a field, and no records were read" for option in _fields(settings.reading))
    if engine.metadata and outcome.texts:
        yield f"{counted(outcome.texts, 'document')} without metadata: what is no HTML has none"
    if engine.metadata and not plan.reports and (plan.only or texts == len(plan.tasks)):
        yield "--metadata has no place in what was written; name a --report"


def _is_text(task: Task) -> bool:
    return task.source.whole and task.format is Format.TEXT


def _fields(reading: Reading) -> Iterator[str]:
    if reading.text_field != Reading().text_field:
        yield "--text-field"
    if reading.html_field is not None:
        yield "--html-field"
    if reading.site_field is not None:
        yield "--site-field"
