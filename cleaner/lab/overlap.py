r"""How much of an extracted text is in the gold text and the other way round, as three benchmarks count it.

- `word_score` is the bag of words of WCXB (`evaluate.py` of Murrough-Foley/web-content-extraction-benchmark):
  small letters, runs of `\w`, F1 a page and then the mean over pages. Nothing extracted scores
  0; where the gold is empty too, 1.
- `shingle_shares` and `shingle_score` are the 4-grams of scrapinghub/article-extraction-benchmark:
  letters as they are, precision and recall averaged over documents, F1 of the two means. As there,
  documents without output are left out of the mean precision.
- `snippet_counts` is trafilatura's evaluation: of some strings that must be in the output, and some that
  must not, how many are, white space aside; counts are summed over pages.

Both word measures take a text in a language without spaces by the character, which their
sources do not: there a sentence would be one word. The gold text decides, so that other
pages score as at the source.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from cleaner.lab.characters import FloatArray, IntArray
from cleaner.lab.words import is_spaceless, words

SHINGLE = 4
ROUNDS = 1000
"""Resamples of an interval, as in the scrapinghub benchmark."""


class Share(NamedTuple):
    """How far two texts cover each other."""

    precision: float
    """Share of the output that is in the gold."""
    recall: float
    """Share of the gold that is in the output."""
    f1: float


class Matched(NamedTuple):
    """What two texts share, as fractions of all shingles of both; all 0 when both are empty."""

    both: float
    output_alone: float
    gold_alone: float


class Snippets(NamedTuple):
    """How many of the strings that must and must not be in the output are there."""

    wanted_found: int
    wanted: int
    unwanted_found: int
    unwanted: int

    @property
    def f1(self) -> float:
        """Trafilatura's F1: unwanted strings count as false positives one for one."""
        whole = self.wanted_found + self.unwanted_found + self.wanted
        return 2 * self.wanted_found / whole if whole else 0.0


def word_score(output: str, gold: str) -> Share:
    """Compare one page's output with its gold as bags of words.

    >>> word_score("The bridge is shut. Share", "The bridge is shut")
    Share(precision=0.8, recall=1.0, f1=0.888888888888889)
    """
    by_character = is_spaceless(gold)
    given = Counter(words(output.lower(), by_character=by_character))
    wanted = Counter(words(gold.lower(), by_character=by_character))
    if not given or not wanted:
        same = float(not given and not wanted)
        return Share(same, same, same)
    shared = (given & wanted).total()
    return _share(shared / given.total(), shared / wanted.total())


def mean_share(shares: Iterable[Share]) -> Share:
    """Return the mean of each number by itself; the F1 is the mean F1, not that of the means."""
    precision, recall, f1 = zip(*shares, strict=True)
    return Share(statistics.fmean(precision), statistics.fmean(recall), statistics.fmean(f1))


def shingle_shares(output: str, gold: str) -> Matched:
    """Compare one document's output with its gold as bags of 4-grams; a shorter text is one shingle."""
    by_character = is_spaceless(gold)
    given = _shingles(words(output, by_character=by_character))
    wanted = _shingles(words(gold, by_character=by_character))
    both = (given & wanted).total()
    whole = given.total() + wanted.total() - both
    if not whole:
        return Matched(0.0, 0.0, 0.0)
    return Matched(both / whole, (given.total() - both) / whole, (wanted.total() - both) / whole)


def shingle_score(documents: Sequence[Matched]) -> Share:
    """Return mean precision of documents with output, mean recall of those with gold, and their F1."""
    precision = [both / (both + alone) for both, alone, _ in documents if both + alone > 0]
    recall = [both / (both + alone) for both, _, alone in documents if both + alone > 0]
    return _share(_mean(precision), _mean(recall))


def shingle_deviation(documents: Sequence[Matched], *, rounds: int = ROUNDS, seed: int = 0) -> Share:
    """Return the bootstrapped standard deviation of each number of `shingle_score`; 0 for fewer than two documents.

    The benchmark prints this after "±"; its first edition printed 1.96 times as much.
    """
    if len(documents) < 2:
        return Share(0.0, 0.0, 0.0)
    both, output_alone, gold_alone = np.array(documents).T
    draws = np.random.default_rng(seed).multinomial(len(both), np.full(len(both), 1 / len(both)), size=rounds)
    precision, recall = (_resampled(both, alone, draws) for alone in (output_alone, gold_alone))
    f1 = 2 * precision * recall / np.maximum(precision + recall, np.finfo(float).tiny)
    return Share(*(float(values.std(ddof=1)) for values in (precision, recall, f1)))


def snippet_counts(output: str, wanted: Sequence[str], unwanted: Sequence[str]) -> Snippets:
    """Count the snippets of one page that are in its output, white space aside."""
    text = _spaced(output)
    return Snippets(
        sum(_spaced(snippet) in text for snippet in wanted),
        len(wanted),
        sum(_spaced(snippet) in text for snippet in unwanted),
        len(unwanted),
    )


def total_snippets(pages: Iterable[Snippets]) -> Snippets:
    """Sum the counts of pages."""
    return Snippets(*map(sum, zip(Snippets(0, 0, 0, 0), *pages, strict=True)))


def _share(precision: float, recall: float) -> Share:
    both = precision + recall
    return Share(precision, recall, 2 * precision * recall / both if both else 0.0)


def _resampled(both: FloatArray, alone: FloatArray, draws: IntArray) -> FloatArray:
    """Return the mean share of *both* in each draw of documents, those with neither left out."""
    whole = both + alone
    shares = np.divide(both, whole, out=np.zeros_like(both), where=whole > 0)
    means: FloatArray = (draws @ shares) / np.maximum(draws @ (whole > 0), 1)
    return means


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0


def _shingles(of_text: Sequence[str]) -> Counter[Hashable]:
    if not of_text:
        return Counter()
    return Counter(tuple(of_text[at : at + SHINGLE]) for at in range(max(1, len(of_text) - SHINGLE + 1)))


def _spaced(text: str) -> str:
    return " ".join(text.split())
