"""The line model as a classifier of scikit-learn."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.errors import InputError, SettingError
from cleaner.labels import KEPT, LABELS

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_val_predict

from cleaner.adapters.sklearn import LineClassifier
from cleaner.lab import fitting, training

PROSE = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))["prose"]
CRUFT = {
    "Advertisement": "ad",
    "Share this article": "social",
    "Read more: Ten Harbours You Should See": "related",
}


def lines_of(number):
    """A document of nine sites, dealt by number: a headline, then prose and cruft by turns."""
    dice = np.random.default_rng(number)
    name, site = f"doc{number}", f"paper{number % 9}.com"
    rows = [(name, f"Harbour board votes on pier {number}", site, "headline"), (name, "", site, "body")]
    for _ in range(10):
        cruft = str(dice.choice(list(CRUFT)))
        rows += [(name, str(dice.choice(PROSE)), site, "body"), (name, cruft, site, CRUFT[cruft])]
    return rows


ROWS = [row for number in range(18) for row in lines_of(number)]
X = np.array([row[:3] for row in ROWS], dtype=object)
Y = [row[3] for row in ROWS]
NEW = np.array([row[:3] for row in lines_of(99)], dtype=object)


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Train with few folds and rounds, on one thread."""
    from threadpoolctl import threadpool_limits

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr(training, "FOLDS", 2)
        patch.setitem(fitting.SECOND, "max_iter", 12)
        yield


@pytest.fixture(scope="module")
def fitted():
    return LineClassifier(random_state=5).fit(X, Y)


def test_it_tells_body_from_cruft_on_a_document_it_has_not_seen(fitted):
    labels = fitted.predict(NEW).tolist()
    kept = [label in KEPT for label in labels]
    assert kept == [row[3] in KEPT for row in lines_of(99)]
    assert fitted.score(X, Y) > 0.9


def test_probabilities_are_of_all_labels_and_a_blank_line_is_body(fitted):
    chances = fitted.predict_proba(NEW)
    assert chances.shape == (len(NEW), len(LABELS))
    assert np.allclose(chances.sum(axis=1), 1)
    assert fitted.classes_.tolist() == list(LABELS)
    assert chances[1].tolist() == [1.0, *[0.0] * (len(LABELS) - 1)]


def test_a_line_is_judged_in_its_document_whatever_stands_between_the_rows(fitted):
    alone = fitted.predict_proba(NEW)
    mixed = np.concatenate([NEW[:5], X[:9], NEW[5:]])
    assert np.array_equal(np.delete(fitted.predict_proba(mixed), slice(5, 14), axis=0), alone)


def test_lines_of_hard_wrapped_text_get_the_label_of_their_paragraph(fitted):
    wrapped = [" ".join(PROSE[:6])[at : at + 70] for at in range(0, 490, 70)]
    table = [("wrapped", line) for line in wrapped]
    assert fitted.predict(table).shape == (7,)
    assert set(fitted.predict(table)) == {"body"}


def test_the_saved_model_cleans_from_the_command_line_on(fitted, tmp_path):
    fitted.save(tmp_path / "mine")
    cleaner = Cleaner(model=tmp_path / "mine", threshold=0.5)
    cleaned = cleaner.clean("\n".join(row[1] for row in lines_of(99)))
    assert cleaned.report.model.startswith("lines@")
    assert {removal.label for removal in cleaned.report.removed} <= set(CRUFT.values())
    assert cleaned.report.removed


def test_the_same_lines_give_the_same_model_in_a_copy_and_through_a_pickle(fitted):
    again = clone(fitted).fit(X.tolist(), Y)
    stored = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - packed here
    wanted = fitted.predict_proba(NEW)
    assert np.array_equal(again.predict_proba(NEW), wanted)
    assert np.array_equal(stored.predict_proba(NEW), wanted)


def test_it_is_cross_validated_by_site(monkeypatch):
    monkeypatch.setattr(training, "FOLDS", 3)
    found = cross_val_predict(LineClassifier(), X, Y, groups=X[:, 2], cv=GroupKFold(3))
    assert np.mean(found == np.array(Y)) > 0.8


def test_without_sites_each_document_is_one():
    narrow = LineClassifier().fit(X[:, :2], Y)
    assert (narrow.predict(NEW[:, :2]) == "body").any()


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_documents_whose_site_is_missing_are_not_of_one_site(missing):
    unsited = [(name, line, missing) for name, line, *_ in X.tolist()]
    assert LineClassifier().fit(unsited, Y).card_.scores == LineClassifier().fit(X[:, :2], Y).card_.scores


def test_what_does_not_fit_is_refused():
    with pytest.raises(NotFittedError):
        LineClassifier().predict(NEW)
    with pytest.raises(InputError, match="two or three columns"):
        LineClassifier().fit(X[:, 1], Y)
    with pytest.raises(InputError, match="396 lines"):
        LineClassifier().fit(X, Y[:-1])
    with pytest.raises(InputError, match="row 1: the line is float"):
        LineClassifier().fit([("a", "b"), ("a", 1.5)], ["body", "body"])
    with pytest.raises(InputError, match="unknown label 'advert'"):
        LineClassifier().fit([("a", "b")], ["advert"])
    with pytest.raises(SettingError, match="at least 2 sites are needed"):
        LineClassifier().fit(X[:21], Y[:21])
