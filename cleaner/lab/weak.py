"""Weak labels: what extractors leave of pages, each line held against the gold text.

Every line that an extractor left and that the gold does not have is a foreign line in its true
surroundings. Lines about which nothing can be said stay in their places and are not learned from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus import WholeFile, json_line
from cleaner.errors import MissingExtra
from cleaner.lab.alignment import Gold, State, Words, align, gold_of, match, share_kept, words_of
from cleaner.lab.extractors import EXTRACTORS, Extractor, WebPage, lines_of, packages
from cleaner.lab.omissions import doubt, parts_of
from cleaner.lab.records import read_records

LARGEST = 1_500_000
"""Characters of HTML; larger pages cost more time than they teach."""
_FEWEST_LINES = 3
_LONG_LINE = 80
_AGREED = 3
"""So many families of extractors must have found a line before the gold is blamed for lacking it."""
_STRICT = "readability"
"""One of them must be this one, which leaves out readers' comments."""
_COVERED = 0.8
"""Of pages between 0.7 and 0.8 half turned out to be cut short; above, nearly all that is lacking is cruft."""

_LANG = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)


class _Variant(NamedTuple):
    """What one extractor left of a page."""

    extractor: Extractor
    lines: tuple[str, ...]
    states: tuple[State, ...] = ()


def weak_documents(
    paths: Sequence[Path], tally: Counter[str] | None = None, advance: Callable[[int], object] = lambda _: None
) -> Iterator[dict[str, Any]]:
    """Yield weakly labelled records for the pages in *paths*, page by page.

    A page is a record with `html` and either `text_gold`, or `snippets_with` and
    `snippets_without`. *tally* counts pages and why some give nothing; *advance* hears of every
    page that is done.
    """
    packages()
    tally = Counter() if tally is None else tally
    for path in paths:
        origin = path.name.partition(".")[0]
        for _, record in read_records(path):
            tally["pages"] += 1
            yield from _of_page(record, origin, tally)
            advance(1)


def write_weak(paths: Sequence[Path], out: Path, advance: Callable[[int], object] = lambda _: None) -> Counter[str]:
    """Write weak records to *out*, packed if it ends in `.zst`; return what was counted."""
    tally: Counter[str] = Counter()
    with WholeFile(out) as file:
        pack = _packer(out)
        for record in weak_documents(paths, tally, advance):
            file.write(pack.compress(json_line(record)))
            tally["documents"] += 1
            tally.update(f"{record['kind']} {state}" for state in record["states"])
        file.write(pack.flush())
    return tally


class _Unpacked:
    """Takes the place of a packer where nothing is to be packed."""

    def compress(self, data: bytes) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def _packer(out: Path) -> Any:
    if out.suffix != ".zst":
        return _Unpacked()
    try:
        from zstandard import ZstdCompressor
    except ImportError as error:
        raise MissingExtra("writing .zst", "weak") from error
    return ZstdCompressor(level=10).compressobj()


def _of_page(record: Mapping[str, Any], origin: str, tally: Counter[str]) -> Iterator[dict[str, Any]]:
    html, text = str(record.get("html") or ""), str(record.get("text_gold") or "")
    if not html or len(html) > LARGEST:
        tally["no page, or too large"] += 1
        return
    if not text and not record.get("snippets_with"):
        tally["no gold"] += 1
        return
    # Golds of other types lack posts, items, code and sections that are no less body than the rest.
    if (record.get("page_type") or "article") != "article":
        tally["no article"] += 1
        return
    gold = gold_of(text) if text else None
    page = WebPage(html, _language(record, html), gold)
    variants = _variants(page, tally)
    agreed = _agreed(variants)
    if gold is not None and _cut_short(agreed, gold):
        tally["gold cut short"] += 1
        return
    judge = _judge(record, html, gold, agreed)
    labelled = [variant._replace(states=judge(variant.lines)) for variant in variants]
    taken = [one for one in labelled if _teaches(one, str(record["id"]))]
    tally["taught nothing"] += len(labelled) - len(taken)
    for one in taken:
        yield _record(one, record, origin, lang=page.lang, weight=1 / len(taken))


def _record(variant: _Variant, page: Mapping[str, Any], origin: str, *, lang: str, weight: float) -> dict[str, Any]:
    return {
        "id": f"{page['id']}#{variant.extractor.name}",
        "source": f"weak:{origin}:{variant.extractor.name}",
        "site": page.get("domain"),
        "lang": lang,
        "kind": variant.extractor.kind,
        "sample": "weak",
        "weight": round(weight, 4),
        "lines": variant.lines,
        "states": variant.states,
    }


def _variants(page: WebPage, tally: Counter[str]) -> list[_Variant]:
    """Run all extractors; of those that left the same words, only the first counts."""
    variants, seen = [], set()
    for extractor in EXTRACTORS:
        try:
            lines = lines_of(extractor, page)
        except Exception:  # noqa: BLE001 -- any tool may fail in any way; the page has others
            tally[f"failed: {extractor.name}"] += 1
            continue
        same = tuple(map(words_of, lines))
        if len(lines) >= _FEWEST_LINES and same not in seen:
            variants.append(_Variant(extractor, lines))
        seen.add(same)
    return variants


def _judge(
    record: Mapping[str, Any], html: str, gold: Gold | None, agreed: frozenset[Words]
) -> Callable[[Sequence[str]], tuple[State, ...]]:
    """Return what gives the lines of any variant of one page their states."""
    if gold is None:
        return lambda lines: match(lines, record["snippets_with"], record.get("snippets_without") or ())
    tree = packages().tree.parse(html)
    heads, parts = _heads(record, tree), parts_of(tree, agreed)
    return lambda lines: doubt(lines, align(lines, gold, heads), parts)


def _teaches(variant: _Variant, page: str) -> bool:
    """Tell whether to keep a document: all with foreign lines, of the others a half."""
    if State.FOREIGN in variant.states:
        return True
    drawn = sha256(f"{page}#{variant.extractor.name}".encode()).digest()[0] % 2 == 0
    return drawn and State.KEPT in variant.states


def _agreed(variants: Sequence[_Variant]) -> frozenset[Words]:
    """Return the long lines that extractors of several families take for body."""
    families: dict[Words, set[str]] = {}
    for variant in variants:
        for line in variant.lines if variant.extractor.family else ():
            words = words_of(line)
            if len(line) >= _LONG_LINE or len(words) >= _LONG_LINE // 3:
                families.setdefault(words, set()).add(variant.extractor.family)
    return frozenset(line for line, found in families.items() if len(found) >= _AGREED and _STRICT in found)


def _cut_short(agreed: frozenset[Words], gold: Gold) -> bool:
    """Tell whether the gold lacks much of what extractors agree on."""
    return sum(len(line) * share_kept(line, gold) for line in agreed) < _COVERED * sum(map(len, agreed))


def _language(record: Mapping[str, Any], html: str) -> str:
    named = _LANG.search(html, 0, 5_000)
    return str(record.get("lang") or (named and named[1]) or "en").lower().partition("-")[0]


def _heads(record: Mapping[str, Any], tree: Any) -> tuple[Words, ...]:
    """Return title, main headings and descriptions of a page, by which its title lines are known."""
    texts = [str(record.get("title") or ""), tree.title or ""]
    texts += [node.text for node in tree.document.query_selector_all("h1")[:2]]
    for node in tree.document.query_selector_all("meta[content]"):
        name = node.getattr("property") or node.getattr("name") or ""
        if name.lower().rpartition(":")[2] in {"title", "description"}:
            texts.append(node.getattr("content") or "")
    return tuple(dict.fromkeys(words for words in map(words_of, texts) if words))
