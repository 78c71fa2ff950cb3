"""What the tests of all formats ask of a module."""

from types import SimpleNamespace

import pytest

from cleaner.corpus.formats import Piece, container, spooled
from cleaner.corpus.parts import Mark, Reading, Reject
from cleaner.corpus.reading import entries_of, parts
from cleaner.corpus.sources import find


def _source(path):
    return find([path])[0]


def _found(path, reading=Reading(), start=Mark()):  # noqa: B008 (values)
    """All entries and rejects of a file, and its parts."""
    source = _source(path)
    made = list(parts(source, reading, start))
    return [found for part in made for found in entries_of(source, part, reading)], made


def _written(path, change=lambda text: text, reading=Reading(), added=None):  # noqa: B008 (values)
    """The spool of a whole file, each text changed, as a run would write it part by part."""
    source = _source(path)
    spool = b""
    for part in parts(source, reading):
        pieces = []
        for entry in entries_of(source, part, reading):
            if isinstance(entry, Reject):
                continue
            body = "" if entry.document is None else entry.document.body
            text = change(body)
            pieces.append(Piece(entry, text, text != body, added or {}))
        spool += spooled(pieces, source, reading, source.codec)
    return spool


@pytest.fixture
def files():
    """Ways to read and write a file through its format."""
    return SimpleNamespace(source=_source, found=_found, written=_written, container=container)
