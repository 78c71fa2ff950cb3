"""One line of JSONL: the text in it, and everything else kept as it stands.

Only the literal of the text field is ever replaced. Whatever surrounds it (other keys, their
order, number formats, spacing, doubled keys, the line end) is carried as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NamedTuple

from cleaner.errors import InputError


class _Digits(str):
    """A number as it was written: never converted, so none is too long or loses a digit."""

    __slots__ = ()


class _Place(NamedTuple):
    value: object
    start: int
    end: int
    name: tuple[int, int]
    """Where its name stands."""


_DECODER = json.JSONDecoder(parse_int=_Digits, parse_float=_Digits)
_WHITE = " \t\r\n"
LINES_OF_ARRAY = "make lines of the array first: jq -c '.[]' OLD > NEW"
"""What to do with a file that is one JSON array."""
_NAMES: dict[type, str] = {
    _Digits: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object: its text, its id, and the line around the text's literal."""

    text: str
    id: str
    """Empty when the object has none."""
    head: str
    literal: str
    tail: str
    names: frozenset[str] = frozenset()
    """What its fields are called."""
    url: str | None = None
    """Where the document came from, if a field of that name says so."""
    site: str | None = None
    """What the field says that the caller named as the site's."""

    @property
    def missing(self) -> bool:
        """Whether the field is there, and null; the text is empty then."""
        return self.literal == "null"

    def with_field(self, name: str, literal: str) -> Record:
        """Return the record with one more field at its end; one that has it stays as it is."""
        if name in self.names:
            return self
        body, brace, end = self.tail.rpartition("}")
        bare = body.rstrip(_WHITE)
        return replace(self, tail=f"{bare}, {json.dumps(name)}: {literal}{body[len(bare) :]}{brace}{end}")

    def with_literal(self, literal: str) -> str:
        """Return the line with another text literal."""
        return self.head + literal + self.tail


def parse(
    line: str, field: str, *, into: str | None = None, leave_out: Sequence[str] = (), site: str | None = None
) -> Record:
    """Read one line; raises `InputError` when it is no object with text, or null, in *field*.

    With *into* the line around the text gives the field that name instead. Fields to *leave_out*
    stand at the end, where `Record.with_field` put them. *site* is the field that names the document's site.
    """
    option = "--text-field" if into is None else "--html-field"
    try:
        members = _members(line)
        line = _without(line, members, leave_out)
    except json.JSONDecodeError as error:
        raise InputError(f"is not valid JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise InputError("is nested too deeply to be read") from error
    if field not in members:
        known = ", ".join(json.dumps(name) for name in list(members)[:8]) or "none"
        raise InputError(f'has no field "{field}" (fields: {known}); name the right one with {option}')
    text, start, end, (begin, stop) = members[field]
    if text is None:
        text = ""
    elif type(text) is not str:
        kind = _NAMES.get(type(text), "no text")
        raise InputError(f'holds {kind} in "{field}", not text; name the right field with {option}')
    head = line[:start]
    if into is not None and into != field:
        if into in members:
            raise InputError(f'has a field "{into}" beside "{field}"; name another for clean text with --text-field')
        head = line[:begin] + json.dumps(into, ensure_ascii=False) + line[stop:start]
    values = {name: place.value for name, place in members.items()}
    return Record(text, _word(values, "id"), head, line[start:end], line[end:], frozenset(members), *_of(values, site))


def glance(line: str, field: str, *, site: str | None = None) -> Record:
    """Read as `parse` does, but without what stands around the text: at half the cost where nothing is written back."""
    try:
        values = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return parse(line, field, site=site)  # which knows what is wrong
    text = values.get(field, 0) if type(values) is dict else 0
    if text is not None and type(text) is not str:
        return parse(line, field, site=site)
    literal = "null" if text is None else ""
    return Record(text or "", _word(values, "id"), "", literal, "", frozenset(values), *_of(values, site))


def _of(values: Mapping[str, object], site: str | None) -> tuple[str | None, str | None]:
    """Return the address and the site that a record names."""
    return _word(values, "url") or None, None if site is None else _word(values, site)


def _without(line: str, members: dict[str, _Place], names: Sequence[str]) -> str:
    """Take the last fields away, of the line and of *members*."""
    for name in reversed(names):
        if name in members:
            (begin, _), end = members[name].name, members[name].end
            line = line[:begin].rstrip(_WHITE).removesuffix(",") + line[end:]
            del members[name]
    return line


STYLES = ("utf8", "ascii", "utf8-slash", "ascii-slash")
"""Ways of writing a string that common programs have; the last two escape "/" as PHP does."""


def write_literal(text: str, style: str) -> str:
    """Write *text* as a JSON string; a lone surrogate forces ASCII escapes."""
    kind, _, slash = style.partition("-")
    ascii_only = kind == "ascii" or not encodable(text)
    literal = encode_basestring_ascii(text) if ascii_only else encode_basestring(text)
    return literal.replace("/", "\\/") if slash else literal


def style_of(text: str, literal: str) -> str | None:
    """Return the style that writes *text* exactly as *literal*, if one does."""
    kind = "ascii" if literal.isascii() and not text.isascii() and encodable(text) else "utf8"
    likely = f"{kind}-slash" if "\\/" in literal else kind  # to write a text takes long, and mostly this is right
    return next((style for style in (likely, *STYLES) if write_literal(text, style) == literal), None)


def encodable(text: str) -> bool:
    """Tell whether UTF-8 can write *text*: lone surrogates it cannot."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _members(line: str) -> dict[str, _Place]:
    """Return the top-level members of the object on *line* and where their values stand."""
    at = _skip(line, 1 if line.startswith("\ufeff") else 0)
    if line[at : at + 1] == "[":
        raise InputError(f"is not a JSON object but of an array; {LINES_OF_ARRAY}")
    if line[at : at + 1] != "{":
        _, at = _DECODER.raw_decode(line, at)
        raise InputError("is not a JSON object; every line must be one, with the text in a field")
    members: dict[str, _Place] = {}
    at = _skip(line, at + 1)
    if line[at : at + 1] != "}":
        at = _member(line, at, members)
        while line[at : at + 1] == ",":
            at = _member(line, _skip(line, at + 1), members)
        _expect(line, at, "}")
    if _skip(line, at + 1) != len(line):
        raise json.JSONDecodeError("Extra data", line, _skip(line, at + 1))
    return members


def _member(line: str, at: int, members: dict[str, _Place]) -> int:
    """Add the member at *at* to *members*; return where the next comma or brace stands."""
    _expect(line, at, '"')
    begin = at
    name, stop = _DECODER.raw_decode(line, at)
    at = _skip(line, stop)
    _expect(line, at, ":")
    at = _skip(line, at + 1)
    value, end = _DECODER.raw_decode(line, at)
    members[name] = _Place(value, at, end, (begin, stop))
    return _skip(line, end)


def _expect(line: str, at: int, mark: str) -> None:
    if line[at : at + 1] != mark:
        raise json.JSONDecodeError(f"Expecting {mark!r}", line, at)


def _skip(line: str, at: int) -> int:
    while line[at : at + 1] and line[at] in _WHITE:
        at += 1
    return at


def _word(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return str(value) if isinstance(value, str) else ""
