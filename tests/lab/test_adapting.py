"""A shipped model adapted to a few labelled documents: what it learns, keeps and refuses."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner import Cleaner, Document
from cleaner.cleaning import MODES
from cleaner.cli import main
from cleaner.errors import SettingError
from cleaner.lab.gold import gold_document, read_gold
from cleaner.model import find_model
from cleaner.weighing import weigh

pytest.importorskip("scipy.optimize")

from cleaner.lab.adapting import adapt, adapted, base_model, corrections_in, margins_of, moved
from cleaner.lab.comparing import compare
from cleaner.lab.corrections import correct, learned
from cleaner.lab.renaming import FOREIGN_CODES, rename
from cleaner.lab.samples import gold_lesson, sample

PROSE = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))["prose"]
CRUFT = "The members of the Harbour Hub said that they read on by the fire in the evening."


def record(number, cruft=CRUFT):
    dice = np.random.default_rng(number)
    rows = [(f"Harbour board votes on pier {number}", "headline")]
    for text in dice.permutation(PROSE)[:6].tolist():
        rows += [(text, "body"), (cruft, "subscribe")]
    return {
        "id": str(number),
        "source": f"review:{number}",
        "kind": "residual",
        "lines": [text for text, _ in rows],
        "labels": [label for _, label in rows],
    }


def write(path, records):
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    return write(tmp_path_factory.mktemp("labels") / "labels.jsonl", [record(number) for number in range(12)])


@pytest.fixture(scope="module")
def mine(labels, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "mine"
    return folder, adapt([labels], folder)


DIRTY = "\n\n".join([PROSE[0], CRUFT, PROSE[1]])


def test_it_removes_what_was_corrected_and_the_base_did_not(mine):
    folder, _ = mine
    assert Cleaner().clean(DIRTY).text == DIRTY
    assert Cleaner(model=folder).clean(DIRTY).text == "\n\n".join(PROSE[:2])


def test_more_is_found_in_documents_held_out(mine):
    _, told = mine
    assert told.after["0.005"] > told.before["0.005"]
    assert told.model.card.scores["adapted"]["cruft_removed_at_body_loss"]["after"] == dict(told.after)


def test_the_same_labels_give_the_same_bytes(labels, mine, tmp_path):
    folder, _ = mine
    adapt([labels], tmp_path / "again")
    for name in ("card.json", "weights.npz"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_the_weights_of_the_base_are_kept_and_its_card_says_what_came_on_top(labels, mine):
    base, (_, told) = base_model(), mine
    for part in ("first", "second", "names", "network", "calibration"):
        for ours, theirs in zip(getattr(told.model, part), getattr(base, part), strict=True):
            assert np.array_equal(ours, theirs)
    assert [dict(one) for one in told.model.card.data[:-1]] == [dict(one) for one in base.card.data]
    assert told.model.card.data[-1]["file"] == labels.name
    assert told.model.card.scores["adapted"]["base"] == base.name


def test_a_line_that_shares_nothing_with_the_labels_keeps_its_score(mine):
    _, told = mine
    far = {**record(0), "lines": ["ქ" * 9], "labels": ["body"]}
    lines = sample([gold_lesson(gold_document(far))])
    beside = told.model.correction.weights[[int(at) for at in lines.grams[0].buckets]]
    assert not beside.any()


def test_a_document_is_judged_alike_alone_and_among_others(labels, mine):
    folder, _ = mine
    texts = [Document(one.id, one.text) for one in read_gold(labels)]
    engine = Cleaner(model=folder)
    together = [cleaned.report.as_dict() for cleaned in engine.clean_many(texts)]
    assert together == [next(engine.clean_many([text])).report.as_dict() for text in texts]


def test_what_the_correction_adds_explains_the_score(mine):
    folder, _ = mine
    engine, document = Cleaner(model=folder), Document("a", DIRTY)
    page, *_ = engine.explain(document)
    (weighed,) = weigh(engine, document, page, [1])
    (own,) = [weight for weight in weighed.features if weight.name == "correction"]
    assert own.weight > 1
    assert "correction" in {one["name"] for one in weighed.as_dict(99)["features"]}


def test_the_story_of_a_single_document_teaches_nothing(labels):
    lines = sample([gold_lesson(one) for one in read_gold(labels)])
    one = lines.document == 0
    assert not learned(lines, np.zeros(len(one)), one, 1.0).any()


def test_where_no_correction_does_better_none_is_made():
    dice = np.random.default_rng(3)
    records = [record(number) for number in range(8)]
    for one in records:
        one["labels"] = [str(dice.choice(["body", "ad"])) for _ in one["lines"]]
    lines = sample([gold_lesson(gold_document(one)) for one in records])
    # A score that knows the answer cannot be bettered.
    found = correct(lines, np.where(lines.foreign, 30.0, -30.0))
    assert found.linear is None
    assert not found.held_out.any()


def test_thresholds_move_the_further_the_more_documents_there_are(labels):
    base, gold = base_model(), read_gold(labels)
    shifts = []
    for count in (3, 12):
        lines = sample([gold_lesson(one) for one in gold[:count]])
        new = moved(base, lines, np.where(lines.foreign, 0.9, 0.01))
        shifts.append([base.threshold(mode) - new[mode] for mode in MODES])
    assert all(0 < few < many for few, many in zip(*shifts, strict=True))


def test_labels_without_body_leave_the_thresholds_alone():
    base = base_model()
    records = [{**record(number), "lines": [CRUFT] * 3, "labels": ["ad"] * 3} for number in range(4)]
    card, *_ = adapted(base, [gold_lesson(gold_document(one)) for one in records])
    assert card.thresholds == {"text": dict(base.card.thresholds["text"])}


def test_one_document_or_none_are_too_few(tmp_path):
    with pytest.raises(SettingError, match="give two or more"):
        adapt([write(tmp_path / "one.jsonl", [record(1)])], tmp_path / "m")
    with pytest.raises(SettingError, match="review some"):
        adapt([write(tmp_path / "none.jsonl", [])], tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_an_adapted_model_is_no_base(labels, mine, tmp_path):
    with pytest.raises(SettingError, match="adapted already"):
        adapt([labels], tmp_path / "m", base=mine[0])


def test_margins_contain_the_correction(labels, mine):
    lines = sample([gold_lesson(one) for one in read_gold(labels)])
    base, (_, told) = base_model(find_model()), mine
    gained = margins_of(told.model, lines) - margins_of(base, lines)
    assert gained[lines.foreign].min() > 0


def test_the_commands_adapt_and_tell_what_changed(labels, tmp_path):
    done = CliRunner().invoke(main, ["adapt", str(labels), "-o", str(tmp_path / "m")], catch_exceptions=False)
    assert done.exit_code == 0
    assert "cruft lines found at a loss of" in done.stderr
    assert done.stdout == ""
    check = write(tmp_path / "check.jsonl", [record(number) for number in range(20, 24)])
    done = CliRunner().invoke(main, ["evaluate", str(check), "--model", str(tmp_path / "m")], catch_exceptions=False)
    assert done.exit_code == 0
    assert "cruft now removed 24, no longer 0; body now lost 0" in done.stdout


def test_what_rules_decide_is_told_to_stay(tmp_path):
    records = []
    for number in range(4):
        lines = [*PROSE[number : number + 3], "Share this article", "Advertisement"]
        names = ["body"] * 3 + ["legal", "ad"]
        records.append({**record(number), "lines": lines, "labels": names})
    path = write(tmp_path / "names.jsonl", records)
    done = CliRunner().invoke(main, ["adapt", str(path), "-o", str(tmp_path / "m")], catch_exceptions=False)
    assert "0 in whether they go, 4 only in what they are called" in done.stderr
    assert "nothing changes for 4 of them, which rules decide" in done.stderr
    share = [one.label for one in Cleaner(model=tmp_path / "m").clean(f"{PROSE[0]}\nShare this article").report.removed]
    assert share == ["social"]


def test_names_that_are_right_are_not_corrected(labels):
    lines = sample([gold_lesson(one) for one in read_gold(labels)])
    sure = np.where(lines.codes[:, None] == FOREIGN_CODES, 30.0, -30.0)
    found = rename(lines, sure, lines.document % 3)
    assert (found.linear, found.before, found.after) == (None, 72, 72)
    found = rename(lines, -sure, lines.document % 3)
    assert (found.linear is None, found.before, found.after) == (False, 0, 72)


def test_a_removed_line_is_called_what_it_was_corrected_to(tmp_path):
    told = {}
    for name in ("legal", "source"):
        records = [record(number) for number in range(12)]
        for one in records:
            one["labels"] = [name if label == "subscribe" else label for label in one["labels"]]
        told[name] = adapt([write(tmp_path / f"{name}.jsonl", records)], tmp_path / name)
        (removal,) = Cleaner(model=tmp_path / name).clean(DIRTY).report.removed
        assert (removal.label, removal.source) == (name, "model")
    names = told["source"].names
    assert (names.lines, names.before, names.after) == (72, 0, 72)


def test_corrections_are_counted_by_what_they_are_about(labels, mine):
    _, told = mine
    assert told.corrections == (72, 0, 0)
    lessons = [gold_lesson(one) for one in read_gold(labels)]
    assert corrections_in(lessons, mine[0]).decided == 0


def test_a_model_that_finds_less_than_its_base_knows_it(mine):
    _, told = mine
    assert not told.finds_less
    assert told._replace(before=told.after, after=told.before).finds_less


def test_a_model_compared_with_itself_changes_nothing(labels):
    told = compare([find_model()], read_gold(labels))
    assert "cruft now removed 0, no longer 0; body now lost 0, no longer 0" in told
