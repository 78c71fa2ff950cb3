"""What a review saved is taken by `cleaner train` and `cleaner evaluate`."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cleaner import Cleaner
from cleaner.cli import main
from cleaner.corpus import Reading
from cleaner.review import Most, SavedLabels, gather
from cleaner.review.session import Session

pytest.importorskip("sklearn.ensemble")

from cleaner.lab import fitting, training

PROSE = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))["prose"]
CRUFT = {"Share this article": "social", "The rest is told at the Harbour Hub": "subscribe", "Advertisement": "ad"}


def text(number):
    dice = np.random.default_rng(number)
    rows = [line for _ in range(12) for line in (str(dice.choice(PROSE)), str(dice.choice(list(CRUFT))))]
    return "\n\n".join([f"Harbour board votes on pier {number}", *rows])


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """Review twelve articles with a cruft line that the machine does not know."""
    place = tmp_path_factory.mktemp("review")
    records = [{"id": str(n), "text": text(n), "url": f"https://paper{n % 6}.com/{n}"} for n in range(12)]
    (place / "news.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    pool = gather(Cleaner(), [place / "news.jsonl"], Reading(), most=Most(99))
    session = Session(pool, SavedLabels(place / "labels.jsonl"), "en")
    for number in range(12):
        found = session.document(number)
        lines = [line["text"] for line in found["lines"]]
        told = [CRUFT.get(line, label) for line, label in zip(lines, found["machine"]["labels"], strict=True)]
        session.accept(number, {"labels": told, "parts": []})
    return place / "labels.jsonl"


def invoke(*words):
    """Run a command with few folds and rounds, on one thread."""
    from threadpoolctl import threadpool_limits

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr(training, "FOLDS", 2)
        patch.setitem(fitting.SECOND, "max_iter", 12)
        return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_it_trains_a_model_that_has_learned_the_corrections(labels, tmp_path):
    assert invoke("train", labels, "-o", tmp_path / "model").exit_code == 0
    dirty = "\n\n".join([PROSE[0], "The rest is told at the Harbour Hub", PROSE[1]])
    assert Cleaner().clean(dirty).text == dirty
    assert Cleaner(model=tmp_path / "model").clean(dirty).text == "\n\n".join(PROSE[:2])


def test_it_is_evaluated(labels):
    result = invoke("evaluate", labels)
    assert result.exit_code == 0
    assert "== balanced, residual" in result.stdout
