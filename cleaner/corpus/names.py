"""What clean files are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.corpus.codecs import without_codec
from cleaner.corpus.endings import ENDINGS, Format
from cleaner.corpus.lengths import fitting
from cleaner.corpus.sources import Source
from cleaner.split import HTML


def clean_names(sources: Sequence[Source], ending: str, into: Format | None) -> list[str]:
    """Name the clean files: `a.html` becomes `a.txt`, or `a.html.txt` if another wants that name.

    *ending* is that of pages, *into* what records become if not what they were.
    """
    short = [_short(source, ending, into) for source in sources]
    wanted = Counter(short)
    return [
        name if wanted[name] == 1 or name == source.name else _long(source, ending, into)
        for name, source in zip(short, sources, strict=True)
    ]


def _short(source: Source, ending: str, into: Format | None) -> str:
    return _renamed(source, _stem(without_codec(source.name)), ending, into)


def _long(source: Source, ending: str, into: Format | None) -> str:
    return _renamed(source, without_codec(source.name), ending, into)


def _renamed(source: Source, stem: str, ending: str, into: Format | None) -> str:
    """Return the name of the clean file: *stem* with the ending of what it becomes, packed as it was."""
    packing = source.name[len(without_codec(source.name)) :] if source.codec else ""
    if into is not None and into is not source.format:
        return _ending(stem, f".{into.value}{packing}")
    return _ending(stem, ending + packing) if source.whole and source.kind == HTML else source.name


def _ending(name: str, ending: str) -> str:
    folder, slash, bare = name.rpartition("/")
    return folder + slash + fitting(bare, ending)


def _stem(name: str) -> str:
    """Return *name* without the ending of its format; other dots belong to the name."""
    return next((name[: -len(end)] for end in ENDINGS if name.lower().endswith(end)), name)
