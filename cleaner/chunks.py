"""Documents into chunks of bounded size; what cannot be cleaned is told before it is reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.split import BREAKS, HTML, KINDS, refuse

_CHUNK, _CHUNK_DOCUMENTS = 1 << 20, 1 << 10
"""Characters and documents scored in one sweep: enough to spread NumPy's call costs, little to hold."""
_PER_DOCUMENT = 1 << 10
"""What a document counts beside its characters: the arrays of a page cost memory even if it is empty."""
_PER_LINE = 24
"""What a line counts at least: its features take 2.4 KB, however short it is. Lines of articles have 60 and more."""
_MARKUP = 4
"""Characters of HTML that count as one: most are markup, styles and scripts, of which nothing is scored.

Visible is 1 in 20 on 200 pages of the web of 270 KB each. A fourth makes chunks of fifteen such pages
and 30 MB more than chunks of four; an eighth would save nothing more and take 80 MB.
"""


def chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield the documents in order, some at a time; raises `InputError` at one that cannot be cleaned."""
    chunk: list[Document] = []
    chars = 0
    for document in documents:
        if fault := fault_of(document):
            # What came before it is delivered first.
            if chunk:
                yield chunk
            raise fault
        chunk.append(document)
        chars += _weight(document)
        if chars >= _CHUNK or len(chunk) >= _CHUNK_DOCUMENTS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk


def _weight(document: Document) -> int:
    """Return how many characters a document counts."""
    body = document.body
    if document.kind == HTML:
        return len(body) // _MARKUP + _PER_DOCUMENT
    return max(len(body), sum(map(body.count, BREAKS)) * _PER_LINE) + _PER_DOCUMENT


def fault_of(document: Document) -> InputError | None:
    """Say why a document cannot be cleaned, if it cannot."""
    if not isinstance(document, Document):
        return InputError(
            f"{type(document).__name__} given where a Document is meant; cleaner.clean_many takes strings"
        )
    place = f"document {document.id!r}"
    if not isinstance(document.body, str):
        sort = type(document.body).__name__
        return InputError(
            f"the text is {sort}, not str; decode bytes first (cleaner.decode_page does it for HTML)", place=place
        )
    if document.kind not in KINDS:
        return InputError(f"no kind {document.kind!r}; there are {', '.join(KINDS)}", place=place)
    try:
        refuse(document)
    except InputError as fault:
        return InputError(fault.reason, place=place)
    return None
