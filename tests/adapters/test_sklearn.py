"""The transformer in scikit-learn's own checks and pipelines."""

import dataclasses
import pickle

import numpy as np
import pytest

from cleaner import Cleaner, Document, clean_many
from cleaner.errors import InputError, SettingError

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from cleaner.adapters.sklearn import BoilerplateRemover

BRIDGE = "Share this\nThe council met on Monday and voted to close the bridge."
PORT = "The harbour board will dredge the port in spring.\nAdvertisement"
TEXTS = [BRIDGE, PORT, "", None, "The tide was high at nine."]

NUMBERS = "the check transforms an array of numbers, and a number is no text"
TABLE = "the check indexes columns of its array of numbers, of which one is left to an estimator of single columns"
SPARSE = "scipy's sparse arrays hold numbers, and are refused by an error of ours, which is no ValueError"
EXPECTED = {
    "check_fit_score_takes_y": NUMBERS,
    "check_estimators_dtypes": NUMBERS,
    "check_pipeline_consistency": NUMBERS,
    "check_estimators_pickle": NUMBERS,
    "check_transformer_preserve_dtypes": NUMBERS,
    "check_transformers_unfitted_stateless": NUMBERS,
    "check_fit_idempotent": NUMBERS,
    "check_transformer_general": TABLE,
    "check_dont_overwrite_parameters": TABLE,
    "check_f_contiguous_array_estimator": TABLE,
    "check_methods_sample_order_invariance": TABLE,
    "check_methods_subset_invariance": TABLE,
    "check_fit2d_1sample": TABLE,
    "check_fit2d_1feature": TABLE,
    "check_dict_unchanged": TABLE,
    "check_estimator_sparse_tag": SPARSE,
    "check_estimator_sparse_array": SPARSE,
    "check_estimator_sparse_matrix": SPARSE,
}
"""What cannot pass with texts for input; each one that matters is done again below, on texts."""


class Unlocked(BoilerplateRemover):
    """Claims to take tables, for scikit-learn runs hardly any check on what takes texts alone."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


def test_it_passes_the_checks_that_scikit_learn_has_for_estimators_of_text():
    with pytest.warns(SkipTestWarning, match="requires input"):
        check_estimator(BoilerplateRemover())


@pytest.mark.filterwarnings("ignore:.*SCIPY_ARRAY_API:sklearn.exceptions.SkipTestWarning")
def test_of_all_checks_it_fails_those_that_feed_numbers_and_no_other():
    results = check_estimator(Unlocked(), expected_failed_checks=EXPECTED, on_skip=None)
    failed = {result["check_name"] for result in results if result["status"] == "xfail"}
    assert failed == set(EXPECTED)
    assert sum(result["status"] == "passed" for result in results) >= 15


def test_texts_come_out_as_clean_many_gives_them_and_missing_ones_stay_missing():
    remover = BoilerplateRemover()
    wanted = [None if text is None else next(clean_many([text])).text for text in TEXTS]
    assert remover.fit_transform(TEXTS).tolist() == wanted
    assert remover.transform(np.array(TEXTS, dtype=object)).tolist() == wanted
    assert remover.transform([float("nan")]).tolist() == [None]


def test_texts_that_can_be_read_only_once_are_not_lost():
    texts = ["The bridge was closed on Monday.", "Advertisement"]
    assert BoilerplateRemover().fit_transform(iter(texts)).tolist() == [texts[0], ""]


def test_reports_are_kept_on_request_only():
    remover = BoilerplateRemover(reports=True).fit(TEXTS)
    before = dict(vars(BoilerplateRemover()))
    plain = BoilerplateRemover().fit(TEXTS)
    plain.transform(TEXTS)
    assert vars(plain) == before
    texts = remover.transform(TEXTS)
    assert [report.note.partition(":")[0] for report in remover.reports_] == ["", "", "empty", "missing", ""]
    assert remover.reports_[0].restore(texts[0]) == BRIDGE


def test_results_depend_neither_on_order_nor_on_company():
    remover = BoilerplateRemover()
    whole = remover.transform(TEXTS)
    assert remover.transform(TEXTS[::-1])[::-1].tolist() == whole.tolist()
    assert [remover.transform([text])[0] for text in TEXTS] == whole.tolist()


def test_it_pickles_to_its_settings_and_clones():
    remover = BoilerplateRemover("careful", keep=("caption",), reports=False).fit(TEXTS)
    remover.transform(TEXTS)
    stored = pickle.dumps(remover)
    assert len(stored) < 500
    again = pickle.loads(stored)  # noqa: S301 - packed one line above
    assert again.transform(TEXTS).tolist() == remover.transform(TEXTS).tolist()
    assert clone(remover).get_params() == remover.get_params()


def test_parameters_are_those_of_the_cleaner():
    remover = BoilerplateRemover().set_params(keep=("social",), rules_only=True)
    wanted = Cleaner(keep=("social",), rules_only=True).clean(BRIDGE).text
    assert remover.transform([BRIDGE]).tolist() == [wanted] == [BRIDGE]


@pytest.mark.parametrize("given", ["one text", b"bytes", np.zeros((2, 2)), np.array([["a"], ["b"]])])
def test_what_is_no_column_of_texts_is_refused(given):
    with pytest.raises(InputError, match="a column of texts is meant"):
        BoilerplateRemover().fit(given)


def test_a_number_among_the_texts_is_named_with_its_row():
    with pytest.raises(InputError, match="row 1: the text is int, not str"):
        BoilerplateRemover().transform(["The tide was high.", 7])


def test_every_setting_of_the_cleaner_is_a_parameter():
    settings = {field.name: field.default for field in dataclasses.fields(Cleaner)}
    assert BoilerplateRemover().get_params() == {**settings, "reports": False}


def test_wrong_settings_are_told_by_fit():
    with pytest.raises(SettingError, match="no mode 'bold'"):
        BoilerplateRemover("bold").fit(TEXTS)


def test_it_stands_before_a_vectoriser_and_is_tuned_with_it():
    pipe = make_pipeline(BoilerplateRemover(), TfidfVectorizer(), LogisticRegression())
    texts, topics = [BRIDGE, PORT] * 4, ["road", "sea"] * 4
    search = GridSearchCV(pipe, {"boilerplateremover__mode": ["careful", "balanced"]}, cv=2).fit(texts, topics)
    assert search.predict([BRIDGE, PORT]).tolist() == ["road", "sea"]
    words = search.best_estimator_[1].vocabulary_
    assert "bridge" in words
    assert "advertisement" not in words


def test_documents_are_read_by_their_looks():
    page = "<html><body><p>The council met on Monday.</p><p>It voted to close the bridge.</p></body></html>"
    wanted = next(iter(Cleaner().clean_many([Document("", page, "html")]))).text
    assert BoilerplateRemover().transform([page]).tolist() == [wanted]
    assert BoilerplateRemover(kind="text").transform([page]).tolist() != [wanted]
