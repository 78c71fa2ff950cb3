"""A document of either kind into a page of lines; the HTML parser is imported for the first page only."""

from __future__ import annotations

from cleaner.document import Document, Page
from cleaner.errors import InputError
from cleaner.split.kinds import HTML
from cleaner.split.marks import NO_MARKS, Marks
from cleaner.split.plain import LINES, line_texts, refuse_lines, split


def page_of(document: Document) -> Page:
    """Split a document into the lines that will be judged."""
    if document.kind != HTML:
        return split(document.body)
    from cleaner.split.markup import split_markup

    return split_markup(document.body)


def texts_of(document: Document) -> list[str]:
    """Return the texts of the lines of a document alone."""
    return line_texts(document.body) if document.kind != HTML else [line.text for line in page_of(document).lines]


def marks_of(document: Document, text: str, *, links: bool = False) -> Marks:
    """Return the inline markup of a page, in places of the *text* that `page_of` found; *links* only if asked for.

    The page is parsed once more: few ask, and to gather it for all would slow down all.
    """
    from cleaner.split.addresses import base_of
    from cleaner.split.marks import Gathering, marks_in
    from cleaner.split.markup import readings

    for reading in readings(document.body):
        gathering = Gathering(base_of(document.url, reading.base()) if links else "", links=links)
        gathering.walk(reading.parts)
        if gathering.is_of(text):
            return marks_in(text, gathering)
    return NO_MARKS


def visible_text(html: str | bytes, charset: str | None = None) -> str:
    r"""Return what a browser would show of a page: the text that the report of the page speaks of.

    *charset* is what the HTTP header declared, where the page comes as bytes.

    >>> visible_text("<h1>Tides</h1><p>High <b>water</b> at nine.<script>run()</script>")
    'Tides\n\nHigh water at nine.'

    Raises `InputError` for a PDF, an image and other things that are no page.
    """
    from cleaner.split.markup import split_markup

    return split_markup(html, charset).text


def decode_page(raw: bytes, charset: str | None = None) -> str:
    """Decode the bytes of a page as a browser would; *charset* is what the HTTP header declared.

    >>> decode_page("<meta charset=latin1><p>Ténéré".encode("latin-1"))
    '<meta charset=latin1><p>Ténéré'

    Raises `InputError` for a PDF, an image and other things that are no page.
    """
    from cleaner.split.decoding import decode_page as decode

    return decode(raw, charset)


def refuse(document: Document) -> None:
    """Raise `InputError` for pages that `refuse_page` refuses and texts that `refuse_lines` does."""
    (refuse_page if document.kind == HTML else refuse_lines)(document.body)


def refuse_page(html: str) -> None:
    """Raise `InputError` for what `page_of` would refuse, binary data and pages without end, and for too many lines."""
    from cleaner.split.bombs import refuse_endless
    from cleaner.split.decoding import refuse_binary
    from cleaner.split.markup import split_markup

    refuse_binary(html)
    refuse_endless(html)
    # Each line of a page but the first begins at a tag or at a line end, which may be written as `&#10;`.
    if len(html) > LINES and sum(map(html.count, "<\n\r&")) >= LINES and len(split_markup(html).lines) > LINES:
        raise InputError(f"has more than {LINES:,} lines, which one page may have; cut it into several pages first")
