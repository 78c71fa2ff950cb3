"""What an evaluation leaves in the repository: a dated table, all numbers, and the curve as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.cleaning import MODES
from cleaner.errors import MissingExtra
from cleaner.lab.evaluate import Evaluation
from cleaner.lab.peers import PEERS
from cleaner.lab.tables import markdown

_PERCENT = 100
_PEERS = frozenset(peer.name for peer in PEERS)
_TICKS = (0, 0.1, 0.2, 0.5, 1, 2, 5)

Scored = Mapping[tuple[str, str], Evaluation]
"""Evaluations by name of the run and kind of document."""


def publish(folder: Path, date: str, scored: Scored, data: Sequence[Mapping[str, Any]]) -> tuple[Path, ...]:
    """Write `<date>.json`, `<date>.md` and `<date>.svg` into *folder* and return their paths.

    *data* says what was measured and taught: file and digest. Raises `MissingExtra` without Matplotlib.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "date": date,
        "data": list(data),
        "scores": {f"{name}, {kind}": evaluation.as_dict() for (name, kind), evaluation in scored.items()},
    }
    paths = tuple(folder / f"{date}.{ending}" for ending in ("json", "md", "svg"))
    paths[0].write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    paths[1].write_text(_page(date, scored), encoding="utf-8")
    _draw(paths[2], scored)
    return paths


def _page(date: str, scored: Scored) -> str:
    parts = [f"# Evaluation of {date}", "Every document was cleaned by a model, and by thresholds, of other sites."]
    for kind in dict.fromkeys(kind for _, kind in scored):
        of_kind = {name: evaluation for (name, at), evaluation in scored.items() if at == kind}
        parts += [f"## {kind}", _main_table(of_kind)]
        balanced = of_kind.get("balanced")
        if balanced is not None:
            parts += [_curve_table(balanced), _part_table(balanced, "lang"), _label_table(balanced)]
            parts.append(_reliability_table(balanced))
    return "\n\n".join(part for part in parts if part) + f"\n\n![curve]({date}.svg)\n"


def _main_table(of_kind: Mapping[str, Evaluation]) -> str:
    head = [
        "",
        "documents",
        "body lost %",
        "cruft lines removed %",
        "label right %",
        "span precision %",
        "span recall %",
    ]
    rows = []
    for name, evaluation in of_kind.items():
        for part in (evaluation.total, *evaluation.parts["sample"]):
            tally = part.tally
            where = name if part is evaluation.total else f"{name}, {part.name}"
            # Peers name no labels.
            right = "" if name in _PEERS else _percent(tally.label_accuracy)
            spans = (tally.span_precision, tally.span_recall)
            main = [f"{_PERCENT * tally.body_loss:.2f}", _percent(tally.cruft_removed), right]
            rows.append([where, str(tally.documents), *main, *map(_percent, spans)])
    return markdown(head, rows)


def _curve_table(evaluation: Evaluation) -> str:
    head = ["body lost at most %", *(f"{_PERCENT * point.limit:g}" for point in evaluation.curve)]
    return markdown(head, [["cruft lines removed %", *(_percent(point.cruft_removed) for point in evaluation.curve)]])


def _part_table(evaluation: Evaluation, axis: str) -> str:
    rows = [
        [
            part.name,
            str(part.tally.documents),
            f"{_PERCENT * part.tally.body_loss:.2f}",
            _percent(part.tally.cruft_removed),
        ]
        for part in evaluation.parts[axis]
    ]
    return markdown(["balanced", "documents", "body lost %", "cruft lines removed %"], rows)


def _label_table(evaluation: Evaluation) -> str:
    labels = evaluation.total.as_dict()["labels"]
    rows = [
        [name, str(entry["lines"]), _percent(entry["recall"]), _percent(entry["right_share"])]
        for name, entry in labels.items()
        if entry["lines"] and name not in {"body", "headline"}
    ]
    return markdown(["balanced", "lines", "removed %", "label right %"], rows)


def _reliability_table(evaluation: Evaluation) -> str:
    calibration = evaluation.reliability
    if calibration is None:
        return ""
    rows = [
        [f"{one.low:.1f} to {one.high:.1f}", str(one.lines), f"{one.score:.3f}", f"{one.cruft:.3f}"]
        for one in calibration.bins
    ]
    said = f"Scores as probabilities: Brier score {calibration.brier:.4f}, mean gap {calibration.gap:.4f}."
    return f"{said}\n\n{markdown(['score', 'lines', 'mean score', 'share of cruft'], rows)}"


def _percent(share: float) -> str:
    return f"{_PERCENT * share:.1f}"


def _draw(path: Path, scored: Scored) -> None:
    """Draw cruft removed over body lost for extracted text, the three modes as points on it."""
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtra("drawing curves", "plot") from error
    mpl.use("Agg")
    # Letters stay letters, and the same numbers give the same bytes.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "cleaner"})
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    kinds = dict.fromkeys(kind for _, kind in scored)
    for kind in kinds:
        balanced = scored.get(("balanced", kind))
        if balanced is None or not balanced.curve or not balanced.total.tally.cruft_lines:
            continue
        (line,) = axes.plot(
            [_PERCENT * point.body_loss for point in balanced.curve],
            [_PERCENT * point.cruft_removed for point in balanced.curve],
            marker=".",
            label=f"{kind}, line model",
        )
        for mode in MODES:
            tally = scored[mode, kind].total.tally
            place = (_PERCENT * tally.body_loss, _PERCENT * tally.cruft_removed)
            axes.plot(*place, marker="D", linestyle="", color=line.get_color())
            axes.annotate(mode, place, xytext=(5, -11), textcoords="offset points", fontsize=8)
    # Linear up to a tenth of a percent: nothing at all may be lost.
    axes.set_xscale("symlog", linthresh=0.1)
    axes.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    axes.set(xlim=(0, 2 * _TICKS[-1]), xlabel="body characters lost, %", ylabel="cruft lines removed, %", ylim=(0, 100))
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
