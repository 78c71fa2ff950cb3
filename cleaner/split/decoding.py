"""Bytes of an HTML page into text, by the encoding a browser would find.

After https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding and
https://encoding.spec.whatwg.org/#names-and-labels, with one departure: bytes beyond ASCII that are
valid UTF-8 are read as UTF-8 whatever one-byte encoding the page declares. Such pages exist because
somebody changed the pages and forgot the line, and by chance it does not happen.
"""

from __future__ import annotations

import codecs
import re

from cleaner.errors import InputError

_DECLARED = 4_096
"""Bytes searched for a declaration. The standard says 1,024; scripts often stand before it."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# UTF-16 without a mark, by its first `<`.
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")

_META = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)

# The standard's name for a label, where it is not Python's: browsers read the larger repertoire.
_CODECS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "x-user-defined": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "korean": "cp949",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    # A declaration that could be read as ASCII cannot stand in UTF-16.
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "unicode": "utf-8",
}
_OTHERS = re.compile(
    r"utf-?8|(?:iso-?8859-(?:[2-8]|1[03456]))|(?:windows-|cp|x-cp)125[0-8]|windows-874|gb18030|big5-hkscs"
    r"|euc-jp|iso-2022-jp|koi8-[ru]|ibm866|cp866|mac"
)
_ONE_BYTE = re.compile(r"cp12|iso-?8859|windows-125|koi8|mac|cp866|ibm866|cp874")

_BINARIES = (
    (b"%PDF-", "a PDF; extract its text first, for instance with pdftotext"),
    (b"\x89PNG\r\n", "a PNG image; it has no text to clean"),
    (b"\xff\xd8\xff", "a JPEG image; it has no text to clean"),
    (b"GIF8", "a GIF image; it has no text to clean"),
    (b"RIFF", "an image, sound or video (RIFF); it has no text to clean"),
    (b"PK\x03\x04", "a ZIP archive or an office document; unpack it, or convert it to HTML or text first"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first: gunzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstandard; unpack it first: unzstd"),
    (b"BZh", "compressed with bzip2; unpack it first: bunzip2"),
    (b"\xd0\xcf\x11\xe0", "an old office document; convert it to HTML or text first"),
    (b"\x7fELF", "a program; it has no text to clean"),
    (b"wOF", "a font; it has no text to clean"),
)


def decode_page(raw: bytes, charset: str | None = None) -> str:
    r"""Decode a page; *charset* is what the HTTP header declared. Raises `InputError` for what is no text.

    Bytes that the encoding does not have become U+FFFD.

    >>> decode_page(b'<meta charset="iso-8859-2"><p>\xb1')[-1], decode_page("<p>ą".encode())[-1]
    ('ą', 'ą')
    """
    refuse_binary(raw)
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(codec, "replace")
    for begin, codec in _UNMARKED:
        if raw.startswith(begin):
            return raw.decode(codec, "replace")
    codec = _codec(charset) or _declared(raw[:_DECLARED]) or ""
    if not codec or _ONE_BYTE.match(codec):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            codec = codec or "cp1252"
    return raw.decode(codec, "replace")


def refuse_binary(raw: bytes | str) -> None:
    """Raise `InputError` when the page is no text at all."""
    head = raw[:1_024].encode("latin-1", "replace") if isinstance(raw, str) else raw[:1_024]
    if what := binary_of(head):
        raise InputError(f"is {what}")
    # UTF-16 has a NUL with every ASCII letter; a broken page has control characters here and there.
    controls = _controls(head)
    if controls > max(16, len(head) // 4) and not head.startswith(_WIDE):
        raise InputError("is binary data, not an HTML page; convert it to HTML or text first")


def has_controls(raw: bytes) -> bool:
    """Tell whether the first kilobyte holds a control character that text does without."""
    return _controls(raw[:1_024]) > 0


def _controls(head: bytes) -> int:
    return len(head) - len(head.translate(None, _CONTROLS))


def binary_of(head: bytes) -> str:
    """Return what data are that begin like this, and what to do with them; empty for what may be text."""
    begin = head[:1_024].lstrip()
    return next((what for magic, what in _BINARIES if begin.startswith(magic)), "")


def encoded(html: str) -> bytes:
    """Return UTF-8; surrogates that stand alone are no characters and become U+FFFD."""
    try:
        return html.encode("utf-8")
    except UnicodeEncodeError:
        return html.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def _declared(head: bytes) -> str | None:
    for pattern in (_META, _XML):
        found = pattern.search(head) if pattern is _META else pattern.match(head)
        if found and (codec := _codec(found.group(1).decode("ascii", "replace"))):
            return codec
    return None


def _codec(label: str | None) -> str | None:
    """Return Python's name for a label of the standard; None for any other, such as `utf-7` or `rot13`."""
    name = (label or "").strip().lower()
    if name in _CODECS:
        return _CODECS[name]
    return name.removeprefix("x-") if _OTHERS.fullmatch(name) else None
