import json
from pathlib import Path

import pytest

from cleaner.document import Removal
from cleaner.errors import SettingError
from cleaner.lab.curves import line_points
from cleaner.lab.evaluate import score
from cleaner.lab.gold import gold_document, read_gold
from cleaner.labels import KEPT, Label
from cleaner.split import split

SEEDS = Path(__file__).parents[2] / "seeds" / "gold.jsonl"


def document(name, kind="residual", lang="en", sample="random"):
    record = {"id": name, "source": "s", "site": None, "kind": kind, "lang": lang, "sample": sample}
    return gold_document({**record, "lines": ["abcdefgh", "ad"], "labels": ["body", "ad"]})


def removed(*places, text="abcdefgh\nad"):
    return tuple(Removal(start, end, text[start:end], Label.AD, "model", 0.9) for start, end in places)


DOCUMENTS = [document("a"), document("b", kind="page"), document("c", lang="de", sample="enriched")]
REMOVALS = [removed((9, 11)), removed((0, 2)), ()]


def gold_removals(entry):
    lines = [(line.start, line.end, line.label) for line in entry.lines if line.label not in KEPT]
    spans = [span for line in entry.lines for span in line.spans]
    return tuple(Removal(a, b, entry.text[a:b], label, "model", 1.0) for a, b, label in sorted([*lines, *spans]))


def test_shares_over_all_documents_and_by_group():
    evaluation = score(DOCUMENTS, REMOVALS)
    assert evaluation.total.tally.body_loss == pytest.approx(2 / 24)
    assert evaluation.total.tally.cruft_removed == pytest.approx(1 / 3)
    assert evaluation.part("kind", "page").tally.body_loss == pytest.approx(2 / 8)
    assert evaluation.part("kind", "residual").tally.body_loss == 0
    assert evaluation.part("lang", "de").tally.cruft_removed == 0
    assert evaluation.part("kind, sample", "residual, random").tally.cruft_removed == 1
    assert [part.name for part in evaluation.parts["kind"]] == ["residual", "page"]
    with pytest.raises(SettingError, match="no documents of kind 'oneline'"):
        evaluation.part("kind", "oneline")


def test_groups_of_an_axis_add_up_to_the_whole():
    evaluation = score(DOCUMENTS, REMOVALS)
    for parts in evaluation.parts.values():
        assert sum((part.tally for part in parts[1:]), parts[0].tally) == evaluation.total.tally


def test_the_intervals_hold_the_share_and_are_the_same_every_time():
    documents, removals = DOCUMENTS * 10, REMOVALS * 10
    first, again = score(documents, removals).total, score(documents, removals).total
    assert first == again
    low, high = first.body_loss_interval
    assert 0 <= low < first.tally.body_loss < high <= 0.25
    assert score(documents, removals, seed=1).total != first
    alone = score(DOCUMENTS[:1], REMOVALS[:1]).total
    assert alone.cruft_removed_interval == (1.0, 1.0)


def test_the_seeds_own_gold_scores_full_and_the_extremes_score_as_they_must():
    documents = read_gold(SEEDS)
    full = score(documents, [gold_removals(entry) for entry in documents]).total.tally
    assert (full.body_loss, full.cruft_removed, full.label_accuracy, full.span_precision, full.span_recall) == (
        0,
        1,
        1,
        1,
        1,
    )
    nothing = score(documents, [()] * 5).total.tally
    assert (nothing.body_loss, nothing.cruft_removed, nothing.touched) == (0, 0, 0)
    whole = [(Removal(0, len(entry.text), entry.text, Label.AD, "model", 1.0),) for entry in documents]
    everything = score(documents, whole).total.tally
    assert (everything.body_loss, everything.cruft_removed, everything.ruined) == (1, 1, 5)


def test_line_scores_add_a_curve_and_a_reliability_table():
    points = [line_points(entry, split(entry.text).lines, [0.1, 0.8]) for entry in DOCUMENTS]
    evaluation = score(DOCUMENTS, REMOVALS, points)
    assert {point.cruft_removed for point in evaluation.curve} == {1.0}
    assert evaluation.reliability.brier == pytest.approx((0.01 + 0.04) / 2)
    assert "Brier 0.0250" in evaluation.table()


def test_the_table_is_aligned_text_with_a_dash_where_there_is_no_share():
    table = score(DOCUMENTS, REMOVALS).table()
    blocks = table.split("\n\n")
    assert [block.splitlines()[0] for block in blocks[1:]] == [
        "by kind", "by sample", "by kind, sample", "by lang", "by source", "by label",
    ]  # fmt: skip
    row = blocks[0].splitlines()[1].split()
    assert row[:4] == ["all", "3", "3", "8.33"]
    assert row[-4:] == ["0.0", "-", "1", "0"]
    assert blocks[-1].splitlines()[2].split() == ["ad", "3", "33.3", "100.0"]


def test_the_json_form_is_plain_and_complete():
    points = [line_points(entry, split(entry.text).lines, [0.1, 0.8]) for entry in DOCUMENTS]
    record = json.loads(json.dumps(score(DOCUMENTS, REMOVALS, points).as_dict(), allow_nan=False))
    assert record["total"]["body_loss"] == pytest.approx(2 / 24)
    assert record["total"]["labels"]["ad"] == {
        "lines": 3,
        "removed": 1,
        "right": 1,
        "recall": 1 / 3,
        "right_share": 1.0,
    }
    assert record["parts"]["lang"]["de"]["documents"] == 1
    assert len(record["curve"]) == 6
    assert len(record["reliability"]["bins"]) == 10
    assert score(DOCUMENTS, REMOVALS).as_dict()["reliability"] is None


@pytest.mark.parametrize(("documents", "removals"), [([], []), (DOCUMENTS, REMOVALS[:2])])
def test_documents_without_removals_beside_them_are_refused(documents, removals):
    with pytest.raises(SettingError, match="cannot be scored"):
        score(documents, removals)
