"""Training on a handful of documents: what holds for every model, however weak."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner import Cleaner
from cleaner.cleaning import MODES
from cleaner.cli import main
from cleaner.errors import InputError, SettingError
from cleaner.features import KIN, feature_names, fingerprint_of_features, kins, matrix
from cleaner.grouping import grouped
from cleaner.labels import LABELS
from cleaner.model import load_model

pytest.importorskip("sklearn.ensemble")

from cleaner.lab import fitting, training
from cleaner.lab.calibration import calibrate
from cleaner.lab.gold import read_gold
from cleaner.lab.network_fitting import Places, Task, known_labels
from cleaner.lab.samples import EXCERPT, excerpts, sample, with_excerpts

PROSE = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))["prose"]
CRUFT = {
    "Advertisement": "ad",
    "Share this article": "social",
    "Read more: Ten Harbours You Should See": "related",
}


def record(number):
    """A labelled document: a headline, prose and cruft by turns, dealt by number."""
    dice = np.random.default_rng(number)
    rows = [(f"Harbour board votes on pier {number}", "headline")]
    for _ in range(14):
        rows += [(str(dice.choice(PROSE)), "body"), (str(dice.choice(list(CRUFT))), "")]
    labels = [label or CRUFT[text] for text, label in rows]
    return {
        "id": str(number),
        "source": "ours",
        "site": f"paper{number % 9}.com",
        "kind": "residual",
        "lines": [text for text, _ in rows],
        "labels": labels,
        "spans": [],
    }


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    path.write_text("".join(json.dumps(record(number)) + "\n" for number in range(18)), encoding="utf-8")
    return path


def train(labels, folder, *, teach=(), unlabelled=(), **settings):
    """Train with few folds and rounds, on one thread: threads that wait for each other take ages on a busy machine."""
    from threadpoolctl import threadpool_limits

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr(training, "FOLDS", 2)
        patch.setitem(fitting.SECOND, "max_iter", 12)
        return training.train(training.Files([labels], teach, unlabelled), folder, **settings)


@pytest.fixture(scope="module")
def folder(labels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "trained"
    train(labels, folder, name="tiny", seed=5)
    return folder


def test_the_same_labels_give_the_same_bytes(labels, folder, tmp_path):
    train(labels, tmp_path / "again", name="tiny", seed=5)
    for file in ("card.json", "weights.npz"):
        assert (folder / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


def test_a_trained_model_cleans(folder):
    engine = Cleaner(model=folder)
    cleaned = engine.clean("\n".join([PROSE[0], "Advertisement", PROSE[1], "Share this article", PROSE[2]]))
    assert cleaned.text == "\n".join(PROSE[:3])
    assert cleaned.report.model.startswith("tiny@")


def test_the_card_says_what_the_model_is(folder, labels):
    card = load_model(folder, (fingerprint_of_features(),)).card
    assert (card.name, card.seed) == ("tiny", 5)
    assert (card.features, card.labels) == (feature_names(), tuple(LABELS))
    assert card.counts["body"] == 18 * 14
    assert card.counts["donation"] == 0
    assert [source["file"] for source in card.data] == [labels.name]
    assert {"python", "numpy", "scikit-learn"} <= set(card.versions)


def test_bolder_modes_have_lower_thresholds(folder):
    model = load_model(folder, (fingerprint_of_features(),))
    careful, balanced, thorough = (model.threshold(mode) for mode in MODES)
    assert 1 >= careful >= balanced >= thorough >= 0


def test_labels_that_never_occurred_are_never_given(folder):
    model = load_model(folder, (fingerprint_of_features(),))
    features = np.zeros((len(feature_names()) + len(LABELS), 1), np.float32)
    lone = np.zeros(1, np.int64)
    answers = model.network.logits((features,), lone, [grouped(lone)] * len(KIN["text"]))
    margins = answers[1:].T
    unseen = [LABELS.index(label) for label in LABELS if label not in {"body", "headline", *CRUFT.values()}]
    seen = [at for at in range(len(LABELS)) if at not in unseen]
    assert margins[0, unseen].max() < margins[0, seen].min()


def test_taught_documents_teach_and_are_not_measured(labels, folder, tmp_path):
    more = tmp_path / "more.jsonl"
    taught = [record(number) | {"site": f"other{number}.com"} for number in range(40, 44)]
    taught[0]["labels"][-1] = "donation"
    more.write_text("".join(json.dumps(one) + "\n" for one in taught), encoding="utf-8")
    train(labels, tmp_path / "model", name="tiny", seed=5, teach=[more])
    card = load_model(tmp_path / "model", fingerprint_of_features()).card
    alone = load_model(folder, (fingerprint_of_features(),)).card
    assert [source["file"] for source in card.data] == [labels.name, more.name]
    assert card.counts["donation"] == 1
    assert card.scores["lines"] == alone.scores["lines"]


def test_a_taught_site_that_is_measured_too_is_held_out_with_it(labels):
    lessons = training.read_lessons(training.Files([labels], [labels]))
    lines = sample(lessons)
    fold = training.outer_folds(lessons, lines, seed=0)
    half = len(fold) // 2
    assert set(fold) == set(range(training.FOLDS))
    assert np.array_equal(fold[:half], fold[half:])


@pytest.fixture
def texts(tmp_path):
    """Texts without labels, half of them of sites that are measured."""
    path = tmp_path / "texts.jsonl"
    records = ({**record(20 + number), "site": f"paper{number}.com"} for number in range(5, 14))
    kept = ("id", "site", "lines")
    path.write_text("".join(json.dumps({key: one[key] for key in kept}) + "\n" for one in records), encoding="utf-8")
    return path


def test_texts_without_labels_teach_and_are_not_measured(labels, folder, texts, tmp_path):
    before = load_model(folder, (fingerprint_of_features(),))
    train(labels, tmp_path / "model", unlabelled=[texts], name="tiny", seed=5)
    model = load_model(tmp_path / "model", (fingerprint_of_features(),))
    assert [source["file"] for source in model.card.data] == [labels.name, texts.name]
    assert model.card.counts == before.card.counts
    assert model.card.scores["lines"] == before.card.scores["lines"]
    assert np.array_equal(model.first.weights, before.first.weights)
    assert np.array_equal(model.second.leaves, before.second.leaves)
    assert not np.array_equal(model.network.entry, before.network.entry)


def test_a_text_without_labels_is_held_out_with_its_site(labels, texts):
    lessons = training.read_lessons(training.Files([labels], (), [texts]))
    lines = sample(lessons)
    fold, inner = (deal(lessons, lines, seed=0) for deal in (training.outer_folds, training.inner_folds))
    alone = training.read_lessons(training.Files([labels]))
    labelled = np.flatnonzero(lines.known)
    assert np.array_equal(fold[labelled], training.outer_folds(alone, sample(alone), seed=0))
    assert np.array_equal(inner[labelled], training.inner_folds(alone, sample(alone), seed=0))
    of_site = {lesson.group: fold[lines.document == at] for at, lesson in enumerate(lessons)}
    for at, lesson in enumerate(lessons):
        assert set(fold[lines.document == at]) == set(of_site[lesson.group])
    assert set(of_site["paper12.com"]) == {-1}


def test_excerpts_are_lines_of_labelled_documents_that_stand_together(labels, texts):
    lessons = training.read_lessons(training.Files([labels], (), [texts]))
    made = list(excerpts(lessons, seed=0))
    assert made == list(excerpts(lessons, seed=0)) != list(excerpts(lessons, seed=1))
    assert len(made) == 2 * len(read_gold(labels))
    assert {len(excerpt.codes) for excerpt in made} >= {1, 2, 8}
    for at, excerpt in enumerate(made):
        whole, count = lessons[at // 2], len(excerpt.codes)
        assert (excerpt.kind, excerpt.group) == (EXCERPT, whole.group)
        of_both = [list(zip(lesson.page.lines, lesson.codes, strict=True)) for lesson in (excerpt, whole)]
        short, long = ([(line.text, code) for line, code in of_one] for of_one in of_both)
        assert short in [long[start : start + count] for start in range(len(long))]


def test_excerpts_are_made_of_documents_that_are_longer(tmp_path):
    path = tmp_path / "short.jsonl"
    for count, made in ((8, 0), (9, 2)):
        one = record(1)
        path.write_text(json.dumps({**one, "lines": one["lines"][:count], "labels": one["labels"][:count]}), "utf-8")
        assert len(list(excerpts(training.read_lessons(training.Files([path])), seed=0))) == made


def test_an_excerpt_is_held_out_with_its_site_and_changes_no_fold(labels, texts):
    lessons = training.read_lessons(training.Files([labels], (), [texts]))
    more = with_excerpts(lessons, seed=0)
    lines, both = sample(lessons), sample(more)
    whole = np.flatnonzero(~both.excerpt)
    assert 0 < len(whole) == lines.laid.count < both.laid.count
    for deal in (training.outer_folds, training.inner_folds):
        fold = deal(more, both, seed=0)
        assert np.array_equal(fold[whole], deal(lessons, lines, seed=0))
        of_site = {lesson.group: set(fold[both.document == at]) for at, lesson in enumerate(lessons)}
        for at, lesson in enumerate(more):
            assert set(fold[both.document == at]) == of_site[lesson.group]


def test_cruft_counts_less_in_an_excerpt_the_fewer_its_lines_and_body_as_ever(labels):
    lessons = training.read_lessons(training.Files([labels]))
    lines = sample(with_excerpts(lessons, seed=0))
    count = np.bincount(lines.document)[lines.document]
    cruft = lines.excerpt & lines.foreign
    assert lines.weights[cruft] == pytest.approx(1 / (1 + 16 / count[cruft] ** 2))
    assert (lines.weights[lines.foreign & ~lines.excerpt] == 1).all()
    body = ~lines.foreign
    assert lines.weights[body] == pytest.approx(np.clip(lines.chars[body] / 100, 0.3, 8))


def test_networks_alone_learn_from_excerpts(labels, folder, tmp_path, monkeypatch):
    with_excerpts = load_model(folder, (fingerprint_of_features(),))
    monkeypatch.setattr(training, "with_excerpts", lambda lessons, **_: lessons)
    train(labels, tmp_path / "model", name="tiny", seed=5)
    without = load_model(tmp_path / "model", (fingerprint_of_features(),))
    assert with_excerpts.card.counts == without.card.counts
    assert with_excerpts.card.scores["lines"] == without.card.scores["lines"]
    assert np.array_equal(with_excerpts.second.leaves, without.second.leaves)
    assert np.array_equal(with_excerpts.names.weights, without.names.weights)
    assert not np.array_equal(with_excerpts.network.entry, without.network.entry)


def test_a_text_that_is_labelled_teaches_once(labels, tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"id": "again", "site": "other.com", "lines": record(3)["lines"]}), encoding="utf-8")
    assert training.read_lessons(training.Files([labels], (), [path])) == training.read_lessons(
        training.Files([labels])
    )


def test_lines_without_labels_are_learned_as_their_teachers_see_them(labels, texts, folder):
    lines = sample(training.read_lessons(training.Files([labels], (), [texts])))
    model = load_model(folder, (fingerprint_of_features(),))
    _, measured = matrix(lines.laid, model.first.scores(lines.grams)[:, 0], lines.hits)
    features = np.concatenate([measured, model.names.scores(lines.grams).T.astype(np.float32)])
    task = Task(lines.foreign.astype(np.float32), known_labels(lines.codes), lines.weights.astype(np.float32))
    places = Places(lines.document, tuple(kin.of_line for kin in kins(lines.laid)))
    told = fitting.told_by((model.second, model.network), lines, features, task, places)
    for of_labels, of_both in zip(task, told, strict=True):
        assert np.array_equal(of_labels[lines.known], of_both[lines.known])
    without = np.flatnonzero(~lines.known)
    said = [
        line.text for lesson in training.read_lessons(training.Files([], (), [texts])) for line in lesson.page.lines
    ]
    for text, foreign, named in zip(said, told.foreign[without], told.named[without], strict=True):
        assert (foreign > 0.5) == (text in CRUFT)
        assert named.sum() == pytest.approx(1, abs=1e-5)
        assert text not in CRUFT or LABELS[named.argmax()] == CRUFT[text]
    costs = told.foreign + (1 - told.foreign) * np.clip(lines.chars / 100, 0.3, 8)
    assert told.weights[without] == pytest.approx(costs[without], rel=1e-5)


@pytest.mark.parametrize("content", ["{", "{}\n", "[]\n"])
def test_what_is_no_labelled_record_is_refused(content, tmp_path):
    (tmp_path / "labels.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"labels\.jsonl"):
        training.train(training.Files([tmp_path / "labels.jsonl"]), tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("residual", [[], ["paper0.com"]], ids=["none", "one site"])
def test_too_few_documents_to_measure_on_are_refused_before_anything_is_fitted(residual, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "fit", None)
    records = [record(number) for number in range(10)]
    for one in records:
        one["kind"] = "residual" if one["site"] in residual else "page"
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    for words in (["train", str(path), "-o", str(tmp_path / "model")], ["evaluate", str(path)]):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 1
        assert "too few documents of kind residual to measure thresholds on" in done.stderr
    with pytest.raises(SettingError, match="residual"):
        training.train(training.Files([path]), tmp_path / "model")


def test_calibrated_probabilities_rise_from_edge_to_edge():
    dice = np.random.default_rng(0)
    margins = dice.integers(-(1 << 22), 1 << 22, 2_000)
    foreign = dice.random(2_000) < 1 / (1 + np.exp(-margins / (1 << 20)))
    curve = calibrate(margins, foreign)
    chances = curve.probability(np.sort(margins))
    assert (np.diff(chances) >= 0).all()
    assert 0 <= chances[0] < 0.1
    assert 0.9 < chances[-1] <= 1
    assert np.abs(chances - 1 / (1 + np.exp(-np.sort(margins) / (1 << 20)))).mean() < 0.05


def test_an_evaluation_can_write_down_its_mistakes_and_measure_peers(labels, tmp_path):
    from threadpoolctl import threadpool_limits

    errors = tmp_path / "out" / "errors.jsonl"
    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr(training, "FOLDS", 2)
        patch.setitem(fitting.SECOND, "max_iter", 12)
        result = CliRunner().invoke(
            main, ["evaluate", str(labels), "--errors", str(errors), "--peers"], catch_exceptions=False
        )
    assert "== RefinedWeb line corrections (our reading), residual" in result.stdout
    found = [json.loads(line) for line in errors.read_text("utf-8").splitlines()]
    assert {mistake["mistake"] for mistake in found} <= {"lost", "left"}
    documents = {document.id: document for document in read_gold(labels)}
    assert all(mistake["text"] in documents[mistake["id"]].text for mistake in found)
