"""The formats of files, a module each, all of one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from cleaner.corpus.codecs import packed
from cleaner.corpus.endings import Format
from cleaner.corpus.parts import Entry, Mark, Part, Reading, Reject
from cleaner.corpus.sources import Source


class Piece(NamedTuple):
    """One entry on its way out."""

    entry: Entry
    text: str
    """What its text becomes; a blank line has none."""
    changed: bool = True
    """Whether that is another text than came in."""
    added: Mapping[str, Any] = {}
    """Fields that the record gets beside those it has: text, numbers, lists and dicts of them."""
    leave_out: Sequence[str] = ()
    """Fields that the record loses: those that were added when it was cleaned."""


class Container(Protocol):
    """What a module of a format offers."""

    def parts(self, source: Source, reading: Reading, start: Mark) -> Iterator[Part]:
        """Yield *source* from *start* on in parts, quickly: making sense of them is for `entries`.

        What cannot be read is a part with a fault. Raises `InputError` where nothing more can be read.
        """
        ...

    def entries(self, source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
        """Yield what a part holds, in order, and a reject for everything that cannot be read."""
        ...

    def fields(self, entry: Entry, field: str) -> dict[str, Any]:
        """Return the record of an entry for JSON, in its order, with its text in *field*."""
        ...

    def write(self, pieces: Sequence[Piece], source: Source, reading: Reading) -> bytes:
        """Return what stands for *pieces* in a spool of this format; spools are cut and joined at will."""
        ...

    def finish(self, spool: Path, target: Path, source: Source) -> None:
        """Make the file *target* of a spool that is complete."""
        ...


class Glanced(Container, Protocol):
    """A format whose documents are read faster without their records."""

    def glances(self, source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
        """Yield what `entries` does; with its records nothing can be written or asked for."""
        ...


class Membered(Container, Protocol):
    """A format whose records are packed apart, so that each can be read without the others."""

    def members(self, pieces: Sequence[Piece], source: Source, reading: Reading) -> Iterator[bytes]:
        """Yield what `write` returns in the stretches that are packed by themselves."""
        ...


_MODULES = {
    Format.TEXT: "whole",
    Format.JSONL: "jsonl",
    Format.PARQUET: "parquet",
    Format.ARROW: "arrow",
    Format.CSV: "table",
    Format.TSV: "table",
    Format.WARC: "warc",
}


def container(form: Format) -> Container:
    """Return the module that knows *form*; it is imported when it is first asked for."""
    return cast("Container", import_module(f"cleaner.corpus.formats.{_MODULES[form]}"))


def glances(source: Source, part: Part, reading: Reading) -> Iterator[Entry | Reject]:
    """Yield what a part holds for somebody who asks for nothing but the documents."""
    module = container(source.format)
    read = cast("Glanced", module).glances if hasattr(module, "glances") else module.entries
    return read(source, part, reading)


def spooled(pieces: Sequence[Piece], source: Source, reading: Reading, codec: str) -> bytes:
    """Return what stands for *pieces* in a spool of the format of *source*, packed as *codec* says."""
    module = container(source.format)
    if codec and hasattr(module, "members"):
        return b"".join(packed(member, codec) for member in cast("Membered", module).members(pieces, source, reading))
    return packed(module.write(pieces, source, reading), codec)
