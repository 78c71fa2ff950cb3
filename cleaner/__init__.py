"""Strip boilerplate from article text, line by line, and say what was taken out and why."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.cleaning import Cleaner, clean, clean_many
    from cleaner.document import Document, Metadata
    from cleaner.errors import CleanerError
    from cleaner.extraction import metadata
    from cleaner.labels import Label
    from cleaner.report import Cleaned, Report
    from cleaner.split import decode_page, visible_text

__all__ = [
    "Cleaned",
    "Cleaner",
    "CleanerError",
    "Document",
    "Label",
    "Metadata",
    "Report",
    "clean",
    "clean_many",
    "decode_page",
    "metadata",
    "visible_text",
]

_ROOMS = {
    "Cleaned": "report",
    "Cleaner": "cleaning",
    "CleanerError": "errors",
    "Document": "document",
    "Label": "labels",
    "Metadata": "document",
    "Report": "report",
    "clean": "cleaning",
    "clean_many": "cleaning",
    "decode_page": "split",
    "metadata": "extraction",
    "visible_text": "split",
}


def __getattr__(name: str) -> object:
    """Import a room when something of it is first used, so that `import cleaner` costs next to nothing."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
