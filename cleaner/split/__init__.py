"""A document becomes a page of lines with exact places."""

from cleaner.split.documents import (
    decode_page,
    marks_of,
    page_of,
    refuse,
    refuse_page,
    texts_of,
    visible_text,
)
from cleaner.split.kinds import HTML, KINDS, TEXT, kind_of, kind_of_bytes
from cleaner.split.plain import BREAKS, refuse_lines, split

__all__ = [
    "BREAKS",
    "HTML",
    "KINDS",
    "TEXT",
    "decode_page",
    "kind_of",
    "kind_of_bytes",
    "marks_of",
    "page_of",
    "refuse",
    "refuse_lines",
    "refuse_page",
    "split",
    "texts_of",
    "visible_text",
]
