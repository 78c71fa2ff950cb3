"""What site memory adds on labelled documents, judged by models that saw nothing of their sites.

    python -m bench.site_memory DATA [--teach LABELS ...] [--unlabelled TEXTS ...] [--folds build/folds] [--json FILE]

DATA holds `labelled/` and `raw/`. The models of the folds are trained once and kept in `--folds`; that takes
hours, the rest a minute. The memory is learned from the raw corpora; of what it says of a document, that
document is taken off.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.cleaning import MODES, Cleaner
from cleaner.document import Document, Removal
from cleaner.lab.evaluate import score
from cleaner.lab.gold import GoldDocument, read_gold
from cleaner.lab.site_memory import (
    Judged,
    curves,
    held_out_lifts,
    judged,
    keep_folds,
    lines_of,
    raw_documents,
    weights,
)
from cleaner.lab.tables import markdown
from cleaner.lab.unlabelled import read_unlabelled
from cleaner.lab.validation import RULES, fold_models
from cleaner.sites import SITE, learn, load_memory
from cleaner.sites.evidence import FEW, SMALL, WEIGHTS

SOURCES = ("recovery_history", "fakehealth", "fakenews_es", "fang_covid_de")
"""Raw corpora that know their sites."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--teach", nargs="*", type=Path, default=[])
    parser.add_argument("--unlabelled", nargs="*", type=Path, default=[])
    parser.add_argument("--folds", type=Path, default=Path("build/folds"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    gold = read_gold(options.data / "labelled/documents.jsonl.zst")
    if not (options.folds / "folds.json").exists():
        teach = [document for path in options.teach for document in read_gold(path)]
        unlabelled = [text for path in options.unlabelled for text in read_unlabelled(path)]
        keep_folds(gold, fold_models(gold, options.folds, teach=teach, unlabelled=unlabelled), options.folds)
    known = [document for document in gold if document.source in SOURCES and document.site]
    path = options.folds / "known.sites"
    raw = [options.data / f"raw/{name}.jsonl.zst" for name in SOURCES]
    with path.open("wb") as file:
        learn(raw_documents(raw, known), file.write)
    rows = judged(known, options.folds, load_memory(path))
    found = {
        "weights": _weights(rows),
        "repeated": _repeated(rows),
        "curves": _curves(rows),
        "modes": _modes(gold, rows, options.folds, path),
    }
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _weights(rows: Sequence[Judged]) -> dict[str, list[float]]:
    lines = lines_of(rows)
    fitted = weights(lines, np.ones(len(lines.fold), bool))
    print("weights fitted on all folds:", np.round(fitted, 2).tolist(), "shipped:", list(WEIGHTS))
    return {"fitted": fitted.tolist(), "shipped": list(WEIGHTS)}


def _repeated(rows: Sequence[Judged]) -> dict[str, int]:
    """Print how many foreign lines of large sites the memory knows, and how many of these go without it."""
    of_large = [
        (row.seen.documents[at] >= FEW, verdict.keep)
        for row in rows
        for at, verdict in enumerate(row.verdicts)
        if row.points.is_cruft[at] and row.seen.of[at] >= SMALL
    ]
    found = {
        "foreign": len(of_large),
        "foreign, gone": sum(not keep for _, keep in of_large),
        "repeated": sum(bool(known) for known, _ in of_large),
        "repeated, gone": sum(bool(known) and not keep for known, keep in of_large),
    }
    print("foreign lines of large sites, and how many go without the memory:", found, end="\n\n")
    return found


def _curves(rows: Sequence[Judged]) -> list[dict[str, Any]]:
    """Print cruft removed at limits of body lost, the weights of the memory fitted on other folds, and as shipped."""
    lines = lines_of(rows)
    held_out, shipped = held_out_lifts(lines), lines.signs @ np.array(WEIGHTS)
    found = []
    for name, among in _groups(lines.of):
        for lifts_name, lifts in (("weights of other folds", held_out), ("shipped weights", shipped)):
            both = curves(lines, lifts, among)
            for way in ("without", "with") if lifts is held_out else ("with",):
                shares = {str(point.limit): point.cruft_removed for point in both[way]}
                title = f"{name}, {way}" + (f", {lifts_name}" if way == "with" else "")
                found.append({"group": title, "cruft": int(lines.points.is_cruft[among].sum()), **shares})
    head = ("body lost at most %", "cruft lines", *(f"{100 * float(limit):g}" for limit in list(found[0])[2:]))
    table = [
        (row["group"], str(row["cruft"]), *(f"{100 * share:.1f}" for share in list(row.values())[2:])) for row in found
    ]
    print(markdown(head, table), end="\n\n")
    return found


def _groups(of: NDArray[np.int64]) -> tuple[tuple[str, NDArray[np.bool_]], ...]:
    return (
        (f"sites of {SMALL + 1} documents or more", of >= SMALL),
        ("smaller sites", of < SMALL),
        ("all", np.ones(len(of), bool)),
    )


def _modes(gold: Sequence[GoldDocument], rows: Sequence[Judged], folds: Path, memory: Path) -> list[dict[str, Any]]:
    """Print what the whole road does in each mode, without and with the memory."""
    fold_of = json.loads((folds / "folds.json").read_text(encoding="utf-8"))
    large = {row.gold.id for row in rows if row.seen.of.max(initial=0) >= SMALL}
    ours = {row.gold.id for row in rows} - large
    groups = {"large sites": large, "small sites": ours, "other sources": set(fold_of) - large - ours}
    found = []
    for mode in (*MODES, RULES):
        for way, path in (("without", None), ("with", memory)):
            engine = Cleaner(rules_only=True, sites=path) if mode == RULES else Cleaner(mode=mode, sites=path)
            removed = _removed(gold, fold_of, folds, engine)
            for name, ids in groups.items():
                of = [at for at, document in enumerate(gold) if document.id in ids and document.kind == "residual"]
                total = score([gold[at] for at in of], [removed[at] for at in of]).total
                by_site = sum(removal.source == "site" for at in of for removal in removed[at])
                found.append({"mode": mode, "group": name, "way": way, "by site": by_site, **total.as_dict()})
    head = (
        "",
        "documents",
        "cruft lines",
        "body lost %",
        "(95 %)",
        "cruft removed %",
        "(95 %)",
        "by the site",
        "ruined",
    )
    print(markdown(head, [_row(row) for row in found]))
    return found


def _removed(
    gold: Sequence[GoldDocument], fold_of: Mapping[str, int], folds: Path, engine: Cleaner
) -> dict[int, tuple[Removal, ...]]:
    """Clean each document with the model that saw nothing of its site."""
    removed = {}
    for fold in sorted(set(fold_of.values())):
        members = [at for at, document in enumerate(gold) if fold_of.get(document.id) == fold]
        ours = engine if engine.rules_only else replace(engine, model=folds / str(fold))
        cleaned = ours.clean_many(_given(gold[at]) for at in members)
        removed.update((at, one.report.removed) for at, one in zip(members, cleaned, strict=True))
    return removed


def _given(document: GoldDocument) -> Document:
    return Document(document.id, document.text, meta={SITE: document.site or ""})


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    lost, removed = row["body_loss_interval"], row["cruft_removed_interval"]
    return (
        f"{row['mode']}, {row['group']}, {row['way']}",
        str(row["documents"]),
        str(row["cruft_lines"]),
        f"{100 * row['body_loss']:.2f}",
        f"{100 * lost[0]:.2f}-{100 * lost[1]:.2f}",
        f"{100 * row['cruft_removed']:.1f}",
        f"{100 * removed[0]:.1f}-{100 * removed[1]:.1f}",
        str(row["by site"]),
        str(row["ruined"]),
    )


if __name__ == "__main__":
    sys.exit(main())
