"""How rules see a line: folded, normalised, and as tokens for the gate."""

from __future__ import annotations

import string

LONG = 240
"""A line longer than this is only looked at in its first and last `EDGE` characters."""
EDGE = 120
MARKS = "/|<>@[\u00ab\u00bb\u2039\u203a\u2192\u0394\u00d7\u00c2\u2304\u25bc\u25be"
"""Patterns without triggers are about lines with a digit or one of these, or without words."""

_STRAIGHT = (
    ("\u2018", "'"),
    ("\u2019", "'"),
    ("\u201a", "'"),
    ("\u201c", '"'),
    ("\u201d", '"'),
    ("\u201e", '"'),
    ("\u00ab", '"'),
    ("\u00bb", '"'),
    ("\u2026", "..."),
    ("\u2013", "-"),
    ("\u2014", "-"),
    ("\ufeff", ""),
    ("\u200b", ""),
    ("\u200e", ""),
)
# Blank, stops, brackets, bars of Chinese and Japanese; comma and question mark of Arabic.
_WIDE = (
    "\u3000\u3001\u3002\uff01\uff08\uff09\uff0c\uff0f\uff1a\uff1b\uff1e\uff1f\uff3b\uff3d\uff5c"
    "\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\u3014\u3015\u30fb\u060c\u061f"
)
_HEAD = (
    string.punctuation
    + " \u2022\u00b7\u25ba\u25b6\u25cf\u25aa\u25ab\u25a0\u25a1\u2192\u21d2\u279c\u2794\u203a\u2605\u2606\u2713"
    + _WIDE
)
_EDGE_ASCII = string.punctuation + " "
_TAIL = string.punctuation + " \u2022\u00b7\u25ba\u25b6\u2192\u21d2\u203a\u2605\u2193\u2304\u25be\u25bc" + _WIDE


def _token_table() -> bytes:
    """Byte table of the gate: small letters stay, what separates words becomes a blank.

    0xE2 0x80 opens every typographic quote, dash and ellipsis in UTF-8, 0xC2 the no-break
    blank. Their third bytes double as capital accented letters, which therefore split a
    word; `tokens` is applied to the phrases in all their spellings too, so both sides agree.
    """
    table = bytearray(range(256))
    for byte in range(256):
        sign = chr(byte)
        if byte < 128:
            table[byte] = ord(sign.lower()) if sign.isalnum() else ord(" ")
        elif byte <= 0xA0 or byte in {0xC2, 0xE2}:
            table[byte] = ord(" ")
    return bytes(table)


_TABLE = _token_table()
# Signs whose last byte the table must leave alone, because accented letters end on it too.
_NARROW = "\u2026\u2022\u00ab\u00bb\u00b7\u25ba"
SIGNS = _NARROW + _WIDE
_ENCODED = tuple(sign.encode() for sign in _NARROW)
_ENCODED_WIDE = tuple(sign.encode() for sign in _WIDE)
_COPYRIGHT = "\u00a9".encode()


def tokens(text: str) -> list[bytes]:
    """Split a line into lower-case words without punctuation, fast and roughly.

    >>> tokens("Don't miss it: READ MORE\u2026")
    [b'don', b't', b'miss', b'it', b'read', b'more']
    """
    encoded = text.encode("utf-8", "surrogatepass")
    if not text.isascii():
        for sign in _ENCODED:
            encoded = encoded.replace(sign, b" ")
        # The first bytes of the wide signs; asking for them costs less than looking for each sign.
        if b"\xe3" in encoded or b"\xef" in encoded or b"\xd8" in encoded:
            for sign in _ENCODED_WIDE:
                encoded = encoded.replace(sign, b" ")
        encoded = encoded.replace(_COPYRIGHT, b" copyright ")
    return encoded.translate(_TABLE).split()


def view(text: str) -> str:
    """Return the part of a line that rules look at: all of it, or head and tail of a long one."""
    return text if len(text) <= LONG else f"{text[:EDGE]} \u2026 {text[-EDGE:]}"


def fold(text: str) -> str:
    """Straighten quotes, dashes and ellipses and fold white space; patterns see this.

    >>> fold(" \u201cRead\u00a0 more\u201d \u2014 here\u2026 ")
    '"Read more" - here...'
    """
    if not text.isascii():
        for sign, plain in _STRAIGHT:  # a quarter of the time of `str.translate`
            text = text.replace(sign, plain)
    return " ".join(text.split())


def normalise(folded: str) -> str:
    """Lower a folded line and strip leading bullets and signs and trailing signs; phrases see this.

    >>> normalise("* Sign Up For Our Newsletter!")
    'sign up for our newsletter'
    """
    if folded.isascii():
        return folded.lower().lstrip(_EDGE_ASCII).rstrip(_EDGE_ASCII)
    return folded.lower().lstrip(_HEAD).rstrip(_TAIL)
