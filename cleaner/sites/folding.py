"""Lines into keys: what differs in case, spacing, signs, a number, a date or a name has one key.

A line is read as the row of its words. Case and white space are gone with that, and so are all
signs between words. Runs of numbers, months and weekdays become one sign. In a short line that has
enough other words, words with a capital that do not open it join these runs, so that "Sign up for our
Chicago newsletter" and "Sign up for our New York newsletter" are one line. Titles, in which nearly
every word has a capital, have too few other words for that and keep their own keys.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Line, Page
from cleaner.stack import Hashes, Ints, Kind, Stack, contains, mix, stack

Bools = NDArray[np.bool_]

_NAMED_CHARS = 250
"""Up to this length a line's names are folded: longer lines repeat word for word or not at all."""
_PLAIN_WORDS = 2
"""So many words without a capital, the first word among them, a line must have beside its names."""
_SIGN = np.uint64(0x5851F42D4C957F2D)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_CALENDAR = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "januar februar märz mai juni juli oktober dezember jänner "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre "
    "lunes martes miércoles jueves viernes sábado domingo "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
    "segunda terça quarta quinta sexta feira "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre "
    "lundi mardi mercredi jeudi vendredi samedi dimanche "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)
"""Months and weekdays in the languages whose rules know dates."""


class Keys(NamedTuple):
    """Parallel arrays over the lines of a stack."""

    key: Hashes
    """The same for lines that fall together."""
    variant: Hashes
    """The same for lines of the same words: numbers, dates and names count."""
    words: Ints
    """Words that are neither numbers nor dates; a line without any says nothing and is not counted."""


def keys_of(laid: Stack) -> Keys:
    """Return the keys of all lines of a stack; a line's do not depend on the others."""
    words = laid.word_hashes
    counts = np.diff(laid.words)
    line = np.repeat(np.arange(laid.count), counts)
    kinds = laid.kinds[laid.word_starts]
    dated = (kinds == Kind.DIGIT) | _dates(words)
    opens = np.zeros(len(words), bool)
    opens[laid.words[:-1][counts > 0]] = True
    named = (kinds == Kind.UPPER) & ~opens & ~dated
    spoken = np.bincount(line[~dated], minlength=laid.count)
    plain = spoken - np.bincount(line[named], minlength=laid.count)
    folds = (plain >= _PLAIN_WORDS) & (laid.ends - laid.starts <= _NAMED_CHARS)
    signs = dated | (named & folds[line])
    return Keys(_sequences(words, signs, line, laid.count), _plainly(words, counts), spoken)


def _sequences(words: Hashes, signs: Bools, line: Ints, count: int) -> Hashes:
    """Hash the words of each line in their order, every run of *signs* as one word."""
    runs_on = np.zeros(len(words), bool)
    runs_on[1:] = signs[1:] & signs[:-1] & (line[1:] == line[:-1])
    kept = ~runs_on
    folded = np.where(signs, _SIGN, words)[kept]
    return _plainly(folded, np.bincount(line[kept], minlength=count))


def _plainly(words: Hashes, counts: Ints) -> Hashes:
    """Hash the words of each line in their order: a polynomial modulo 2^64, then mixed."""
    bounds = np.append(0, np.cumsum(counts))
    places = np.arange(len(words)) - np.repeat(bounds[:-1], counts)
    sums = np.zeros(len(words) + 1, np.uint64)
    np.cumsum(mix(words) * _powers(int(counts.max(initial=0)))[places], out=sums[1:])
    # The number of words keeps a line apart from one that goes on with words hashed to 0.
    return mix(sums[bounds[1:]] - sums[bounds[:-1]] + counts.astype(np.uint64) * _SIGN)


def _powers(count: int) -> Hashes:
    factors = np.full(max(1, count), _MULTIPLIER, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _dates(words: Hashes) -> Bools:
    """Tell which words are months or weekdays; few pass the table and are looked up."""
    known, table = _calendar()
    dated: Bools = table[words & np.uint64(len(table) - 1)]
    dated[dated] = contains(known, words[dated])
    return dated


@cache
def _calendar() -> tuple[Hashes, Bools]:
    known = np.sort(stack([Page(_CALENDAR, (Line(_CALENDAR, 0, len(_CALENDAR)),))]).word_hashes)
    table = np.zeros(1 << 14, bool)
    table[known & np.uint64(len(table) - 1)] = True
    return known, table
