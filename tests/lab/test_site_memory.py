import io
import json
from pathlib import Path

import numpy as np
import pytest

from cleaner.cleaning import Cleaner
from cleaner.lab.curves import LinePoints
from cleaner.lab.gold import gold_document, read_gold
from cleaner.lab.site_memory import (
    Lines,
    curves,
    held_out_lifts,
    judged,
    keep_folds,
    lines_of,
    raised,
    raw_documents,
    weights,
)
from cleaner.model import find_model
from cleaner.sites import learn, load_memory
from cleaner.sites.evidence import WEIGHTS
from tests.sites.papers import article


def lines(count=400, seed=0):
    """Make lines of which those with the sign are cruft three times in four, whatever the model says."""
    dice = np.random.default_rng(seed)
    scores, sign = dice.uniform(0.2, 0.8, count), dice.integers(0, 2, count)
    cruft = dice.uniform(size=count) < np.where(sign == 1, raised(scores, np.full(count, 2.0)), scores)
    points = LinePoints(scores, np.full(count, 10), cruft)
    return Lines(points, sign[:, None].astype(float), np.arange(count) % 4, np.full(count, 30))


def test_weights_are_the_log_odds_that_the_sign_adds():
    (weight,) = weights(lines(8000), np.ones(8000, bool))
    assert weight == pytest.approx(2.0, abs=0.25)


def test_a_sign_that_is_never_there_weighs_nothing():
    of = lines()
    assert weights(of._replace(signs=np.zeros_like(of.signs)), np.ones(400, bool)).tolist() == [0.0]


def test_held_out_weights_do_not_see_their_own_fold():
    of = lines()
    spoilt = of.points.is_cruft.copy()
    spoilt[of.fold == 2] = ~spoilt[of.fold == 2]
    other = of._replace(points=of.points._replace(is_cruft=spoilt))
    first, second = held_out_lifts(of), held_out_lifts(other)
    assert np.array_equal(first[of.fold == 2], second[of.fold == 2])
    assert not np.array_equal(first, second)


def test_curves_differ_by_the_lifts_alone():
    of = lines(2000)
    every = np.ones(2000, bool)
    same = curves(of, np.zeros(2000), every)
    assert same["with"] == same["without"]
    better = curves(of, held_out_lifts(of), every)
    assert better["with"][-1].cruft_removed > better["without"][-1].cruft_removed


def test_raising_is_in_log_odds_and_leaves_what_is_not_raised():
    assert raised(np.array([0.5, 0.5, 0.9]), np.array([0.0, np.log(3), np.log(9)])).round(6).tolist() == [
        0.5,
        0.75,
        round(81 / 82, 6),
    ]


@pytest.fixture
def gold():
    lines = article(7).body.split("\n")
    labels = ["body" if line else None for line in lines[:-1]] + ["social"]
    return gold_document({"id": "g", "site": "harbour.example", "lines": lines, "labels": labels})


def test_raw_documents_know_their_site_and_hold_each_labelled_one_once(gold, tmp_path):
    path = tmp_path / "raw.jsonl"
    records = [
        {"id": "a", "text": "One.", "domain": "a.example"},
        {"id": "b", "text": "Two.", "domain": None},
        {"id": "g", "text": gold.text, "domain": "harbour.example"},
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    assert [document.id for document in raw_documents([path], [gold])] == ["a", "g"]
    path.write_text(json.dumps(records[0]) + "\n", encoding="utf-8")
    assert [document.id for document in raw_documents([path], [gold])] == ["a", "g"]


def test_labelled_documents_are_judged_by_the_model_of_their_fold_and_looked_up(gold, tmp_path):
    (tmp_path / "3").symlink_to(find_model())
    (tmp_path / "folds.json").write_text('{"g": 3}', encoding="utf-8")
    held = io.BytesIO()
    learn([article(number) for number in range(40)], held.write)
    (tmp_path / "known").write_bytes(held.getvalue())
    memory = load_memory(tmp_path / "known")
    (row,) = judged([gold], tmp_path, memory)
    assert row.fold == 3
    assert row.seen.documents.tolist()[-1] == 39
    of = lines_of([row])
    assert of.points.is_cruft.tolist() == [False] * 6 + [True]
    assert of.signs.shape == (7, len(WEIGHTS))
    assert [verdict.keep for verdict in row.verdicts][:6] == [True] * 6
    assert Cleaner(model=tmp_path / "3").line_model() is not None


def test_it_is_noted_which_model_did_not_see_a_document(tmp_path):
    documents = read_gold(Path(__file__).parents[2] / "seeds" / "gold.jsonl")
    keep_folds(documents, iter([(tmp_path / "0", [3, 1]), (tmp_path / "1", [0])]), tmp_path)
    noted = json.loads((tmp_path / "folds.json").read_text("utf-8"))
    assert noted == {documents[3].id: 0, documents[1].id: 0, documents[0].id: 1}
