"""The cards of the shipped models into a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cleaner.labels import LABELS

_HEAD = """# Model card

Made from `models/lines/card.json` and `models/pages/card.json`, which are part of each model. All scores are of sites
that the scoring model had not seen; [results](results.md) says how they were measured. `cleaner` refuses a model whose
weights do not have the digest on its card, or that was trained on other features.
"""


_OWN = "[each page finds its own](modes.md#html)"


def cards_page(models: Path) -> str:
    """Return the facts of both shipped models; raises `KeyError` where a card lacks one."""
    text, html = (json.loads((models / name / "card.json").read_text("utf-8")) for name in ("lines", "pages"))
    parts = [_facts("Text", text), _text_scores(text["scores"]), _facts("HTML", html), _page_scores(html["scores"])]
    return "\n".join([_HEAD, *(line for part in parts for line in part)])


def _facts(title: str, card: Mapping[str, Any]) -> Iterator[str]:
    thresholds = card["thresholds"].get("text", {})
    counts = card["counts"]
    yield f"## {title}\n"
    rows = [
        ("name", f"`{card['name']}@{card['weights_sha256'][:12]}`, as reports call it"),
        ("removes from this score on", ", ".join(f"{mode} {at:.2f}" for mode, at in thresholds.items()) or _OWN),
        ("features", f"{len(card['features'])}, fingerprint `{card['fingerprint']}`"),
        ("trained with", ", ".join(f"{name} {version}" for name, version in card["versions"].items())),
        ("seed", card["seed"]),
    ]
    yield from _table(("", ""), rows)
    yield "Learned from:\n"
    data = [(one["file"], one["licence"], f"`{one['sha256'][:12]}`") for one in card["data"]]
    yield from _table(("file", "licence", "SHA-256"), data)
    yield "Lines learned from, by label:\n"
    labelled = [(f"[{name}](labels.md#{name})", f"{counts[name]:,}") for name in LABELS]
    yield from _table(("label", "lines"), labelled)
    others = [f"{name} {count:,}" for name, count in counts.items() if name not in set(LABELS)]
    yield f"Besides: {', '.join(others)}.\n" if others else ""


def _text_scores(scores: Mapping[str, Any]) -> Iterator[str]:
    yield f"The model alone, without rules and neighbours, on {scores['lines']:,} held-out lines of extracted text:\n"
    curve = scores["cruft_removed_at_body_loss"]
    limits = [f"{float(limit):.1%}" for limit in curve]
    languages = [(name, of["lines"], *(_percent(of[limit]) for limit in curve)) for name, of in _by_language(scores)]
    rows = [("all", scores["lines"], *map(_percent, curve.values())), *languages]
    yield from _table(("cruft lines removed at body loss of", "lines", *limits), rows)
    yield f"Brier score of the probabilities: {scores['brier']:.3f}.\n"


def _by_language(scores: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return sorted(scores["cruft_removed_by_language"].items(), key=lambda item: -item[1]["lines"])


def _page_scores(scores: Mapping[str, Any]) -> Iterator[str]:
    yield "By source of pages and mode, on held-out sites:\n"
    rows = [
        (source, mode, _percent(of[mode]["body_lost"]), _percent(of[mode]["cruft_removed"]))
        for source, of in scores["lines"].items()
        for mode in scores["pages"]
    ]
    yield from _table(("source", "mode", "body lost", "cruft removed"), rows)
    yield "Word F1 in `balanced` of pages of which little or much was expected (`expected_f1` of their reports):\n"
    bins = [
        (source, f"{each['from']:.2f}", each["pages"], f"{each['found']:.2f}")
        for source, of_source in scores["expected"].items()
        for each in of_source
    ]
    yield from _table(("source", "expected from", "pages", "found, on average"), bins)


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    head = tuple(head)
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |"
    yield ""
