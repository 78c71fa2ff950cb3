"""One request from its bytes to the bytes of its answer; runs in a thread of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any, NamedTuple

from cleaner.chunks import fault_of
from cleaner.cleaning import Cleaner
from cleaner.corpus import json_line
from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.loopback import Refusal, parse_json
from cleaner.report import Cleaned
from cleaner.service.schema import Batch, Models, One, asked
from cleaner.split import HTML, KINDS


class Tally(NamedTuple):
    """What a request came to."""

    documents: int = 0
    unread: int = 0
    characters: int = 0
    removed: Mapping[str, int] = {}
    """Characters by label."""


class Done(NamedTuple):
    """An answer ready to be sent."""

    body: bytes
    tally: Tally


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with the body of a request."""

    engine: Cleaner
    sort: type[One | Batch]
    most: int
    """Documents in a batch."""

    def __call__(self, body: bytes | bytearray, stop: Event) -> Done:
        """Parse, check, clean and write; gives up between two documents once *stop* is set.

        Raises `Refusal` for what cannot be served.
        """
        value = parse_json(body)
        if self.sort is Batch:
            _refuse_large(value, self.most)
        asked_for = asked(self.sort, value)
        documents = asked_for.documents()
        faults = {at: fault for at, document in enumerate(documents) if (fault := fault_of(document))}
        if self.sort is One and faults:
            raise _unread(faults[0], "text")
        good = [document for at, document in enumerate(documents) if at not in faults]
        cleaned = list(_until(stop, asked_for.engine(self.engine).clean_many(good)))
        rows = map(_row(asked_for), cleaned)
        if self.sort is One:
            return Done(json_line(next(rows)), _tally(cleaned, 0))
        answers = [
            {"id": documents[at].id, "error": _unread(faults[at], f"documents.{at}.text").as_dict()}
            if at in faults
            else next(rows)
            for at in range(len(documents))
        ]
        return Done(json_line({"documents": answers}), _tally(cleaned, len(faults)))


def _refuse_large(value: Any, most: int) -> None:
    """Raise `Refusal` for a batch of more documents; before they are checked, for each fault takes a kilobyte."""
    documents = value.get("documents") if isinstance(value, dict) else None
    if isinstance(documents, list) and len(documents) > most:
        reason = f"the batch has {len(documents):,} documents, the limit is {most:,}"
        raise Refusal(413, "large-batch", reason, "send smaller batches, or raise --documents", place="documents")


def _until(stop: Event, cleaned: Iterator[Cleaned]) -> Iterator[Cleaned]:
    for one in cleaned:
        if stop.is_set():
            raise ConnectionError
        yield one


def _row(asked_for: One | Batch) -> Any:
    def row(cleaned: Cleaned) -> dict[str, Any]:
        markdown = asked_for.to == "markdown" and cleaned.page is not None
        answer: dict[str, Any] = {"text": cleaned.as_markdown(links=asked_for.links) if markdown else cleaned.text}
        answer["report"] = cleaned.report.as_dict()
        if asked_for.page_text and cleaned.page is not None:
            answer["page_text"] = cleaned.page_text
        return answer

    return row


def _unread(fault: InputError, place: str) -> Refusal:
    return Refusal(422, "unreadable-document", f"the document {fault.reason}", "leave the document out", place=place)


def _tally(cleaned: list[Cleaned], unread: int) -> Tally:
    removed: Counter[str] = Counter()
    for one in cleaned:
        for removal in one.report.removed:
            removed[removal.label.value] += removal.end - removal.start
    return Tally(len(cleaned), unread, sum(one.report.chars for one in cleaned), removed)


def probe(engine: Cleaner) -> Models:
    """Load what cleaning needs, and return the names of the models by kind.

    Raises `ModelError` for a damaged model or site memory, `MissingExtra` for a package that the settings need.
    """
    # Its address has a site memory ask for what tells sites.
    page = Document("", "<p>Loaded.</p>", HTML, "https://localhost/")
    for _ in engine.clean_many([Document("", "Loaded."), page]):
        pass
    text, html = (engine.line_model(kind) for kind in KINDS)
    return Models(text=None if text is None else text.name, html=None if html is None else html.name)
