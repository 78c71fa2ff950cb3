"""One sweep over a chunk: documents of one kind are split, measured, scored and judged together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.document import Document, Page, Span, Verdict
from cleaner.inline import apart, glued_headlines, seams
from cleaner.judge import Policy, judge
from cleaner.labels import Label
from cleaner.model import LineModel
from cleaner.parting import expected_f1
from cleaner.rules import RuleSet
from cleaner.scoring import ask, measure
from cleaner.sites import Memory, lifts, site_of
from cleaner.split import HTML, page_of
from cleaner.stack import stack

_FEW = 8
"""A text of at most this many lines is not emptied in doubt: that a line of it is foreign is told from little, and what
is lost is everything. Of longer texts of which nothing stays, hardly ever anything should."""


class Judges(NamedTuple):
    """Who decides, and what the user wants."""

    model: LineModel | None
    """None when the rules work alone."""
    rules: RuleSet
    memory: Memory | None
    """What is known of sites, if anything."""
    policy: Policy


class Judged(NamedTuple):
    """What was made of one document."""

    page: Page
    verdicts: tuple[Verdict, ...]
    spans: dict[int, tuple[Span, ...]]
    """Foreign stretches inside kept lines, by the number of the line."""
    model: str | None
    """Name and digest of the model that was asked."""
    expected_f1: float | None = None
    """What is to be expected of what stays, where a model of pages was asked."""
    named: Sequence[Label] = ()
    """What each line would be if it went, if that was asked."""

    def by_name(self) -> tuple[Verdict, ...]:
        """Return the verdicts, those on body with the label that the line would have if it went."""
        if not self.named:
            return self.verdicts
        return tuple(
            verdict._replace(label=label) if verdict.keep and verdict.label is Label.BODY else verdict
            for verdict, label in zip(self.verdicts, self.named, strict=True)
        )


def sweep(documents: Sequence[Document], judges: Judges, floor: float | None = None) -> Iterator[Judged]:
    """Judge documents of one kind, in order; the lines of all are scored at once.

    With a *floor* lines from that score on are also asked what they would be if they went.
    """
    model, rules, memory, policy = judges
    pages = [page_of(document) for document in documents]
    laid = stack(pages)
    hits = rules.sweep([line.text for page in pages for line in page.lines], laid)
    marked = pages if model is not None and model.kind == HTML else ()
    raised = None if memory is None else lifts(memory, laid, [site_of(document) for document in documents])
    guesses = None
    if model is not None:
        guesses = ask(model, laid, measure(model, laid, hits, marked), policy, raised=raised, floor=floor)
    of_lines = None if raised is None else raised.tolist()
    ruled, glued = rules.span_candidates(laid).tolist(), seams(laid).tolist()
    for number, (low, high) in enumerate(pairwise(laid.pages.tolist())):
        page, guessed, own = pages[number], None, policy
        if guesses is not None:
            guessed, own = guesses.of(low, high), policy._replace(threshold=guesses.thresholds[number])
        verdicts = judge(page, hits[low:high], guessed, own, None if of_lines is None else of_lines[low:high])
        spans = _spans(page, verdicts, rules, (ruled[low:high], glued[low:high]), policy.keeps)
        named = () if guesses is None else guesses.named[low:high]
        expected = expected_f1(page, verdicts) if marked and page.lines else None
        judged = Judged(page, verdicts, spans, None if model is None else model.name, expected, named)
        yield _spared(documents[number], judged, judges, floor)


def _spared(document: Document, judged: Judged, judges: Judges, floor: float | None) -> Judged:
    """Judge a text of a few lines of which nothing would stay as the next milder mode does."""
    milder, verdicts = judges.policy.milder, judged.verdicts
    if milder is None or not 0 < len(verdicts) <= _FEW or any(verdict.keep for verdict in verdicts):
        return judged
    (again,) = sweep([document], judges._replace(policy=milder), floor)
    return again._replace(
        verdicts=tuple(verdict._replace(source="remainder") if verdict.keep else verdict for verdict in again.verdicts)
    )


def _spans(
    page: Page,
    verdicts: Sequence[Verdict],
    rules: RuleSet,
    gates: tuple[Sequence[int], Sequence[bool]],
    keeps: frozenset[Label],
) -> dict[int, tuple[Span, ...]]:
    """Find the foreign stretches inside the kept lines of a page, where the gates of both sorts let them."""
    found: dict[int, tuple[Span, ...]] = {}
    for at, (ruled, glued) in enumerate(zip(*gates, strict=True)):
        if not (ruled or glued) or not verdicts[at].keep:
            continue
        text = page.lines[at].text
        spans = rules.spans(text, ruled) if ruled else ()
        if glued:
            spans = apart([*spans, *glued_headlines(text)])
        if spans := tuple(span for span in spans if span.label not in keeps):
            found[at] = spans
    return found
