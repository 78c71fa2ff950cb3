"""Training a page model on a handful of pages: what holds for every model, however weak."""

import json
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from cleaner import Cleaner, Document
from cleaner.cleaning import MODES
from cleaner.errors import InputError

pytest.importorskip("sklearn.ensemble")

from cleaner.lab import page_fitting, page_training
from cleaner.lab.page_cards import describe_pages
from cleaner.lab.page_validation import scores_by_source, table
from cleaner.lab.pages import read_pages
from cleaner.model import save_model

PROSE = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))["prose"]


def record(number):
    """A page of one of nine sites: a menu, an article, teasers, a footer."""
    dice = np.random.default_rng(number)
    body = [f"Harbour board votes on pier {number}", *(str(dice.choice(PROSE)) for _ in range(8))]
    menu = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in ("Home", "News", "Sport", "Weather"))
    teasers = "".join(f"<li><a href='/{at}'>Ten harbours you should see {at}</a></li>" for at in range(6))
    html = (
        f"<html><body><ul class='menu'>{menu}</ul><div class='story'><h1>{body[0]}</h1>"
        + "".join(f"<p>{text}</p>" for text in body[1:])
        + f"</div><aside class='related'><h3>More</h3><ul>{teasers}</ul></aside>"
        + "<footer>Terms and privacy</footer></body></html>"
    )
    site = f"paper{number % 9}.com"
    return {
        "id": str(number),
        "domain": site,
        "lang": "en",
        "page_type": "article",
        "html": html,
        "text_gold": "\n".join(body),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "ours.jsonl"
    path.write_text("".join(json.dumps(record(number)) + "\n" for number in range(18)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    lines = {"Home": "navigation", "Terms and privacy": "legal", "Ten harbours you should see 1": "related"}
    rows = [
        {
            "id": str(at),
            "source": "ours",
            "site": f"paper{at % 9}.com",
            "kind": "page",
            "lines": list(lines),
            "labels": list(lines.values()),
            "spans": [],
        }
        for at in range(18)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@contextmanager
def few_rounds():
    """Train with few folds and rounds, on one thread."""
    from threadpoolctl import threadpool_limits

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr(page_fitting, "FOLDS", 2)
        patch.setitem(page_fitting.SECOND, "max_iter", 10)
        patch.setitem(page_fitting.NAMING, "max_iter", 5)
        yield


def train(pages, labels, folder):
    with few_rounds():
        return page_training.train_pages([pages], [labels], folder)


@pytest.fixture(scope="module")
def folder(pages, labels, tmp_path_factory):
    place = tmp_path_factory.mktemp("model") / "pages"
    train(pages, labels, place)
    return place


def test_a_trained_model_tells_article_from_menu_on_a_new_site(folder):
    html = record(77)["html"]
    (cleaned,) = Cleaner(model=folder).clean_many([Document("new", html, "html")])
    assert "Harbour board votes on pier 77" in cleaned.text
    assert "Ten harbours you should see" not in cleaned.text
    assert "Weather" not in cleaned.text
    assert cleaned.report.model.startswith("pages@")


def test_a_page_model_leaves_plain_text_to_the_shipped_one(folder):
    cleaned = Cleaner(model=folder).clean("The council met on Monday.\nAdvertisement")
    assert cleaned.report.model.startswith("lines@")


def test_the_same_pages_give_the_same_bytes(pages, labels, folder, tmp_path):
    train(pages, labels, tmp_path / "again")
    for name in ("card.json", "weights.npz"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_the_card_tells_modes_data_and_held_out_scores(folder):
    card = json.loads((folder / "card.json").read_text("utf-8"))
    lines = card["scores"]["lines"]["ours"]
    assert lines["careful"]["cruft_removed"] <= lines["balanced"]["cruft_removed"] <= lines["thorough"]["cruft_removed"]
    assert [each["file"] for each in card["data"]] == ["ours.jsonl", "labels.jsonl"]
    assert set(card["scores"]["pages"]) == set(MODES)
    assert card["scores"]["pages"]["balanced"]["ours"]["pages"] == 18
    assert card["scores"]["lines"]["ours"]["balanced"]["cruft_removed"] > 0.9


def test_the_card_tells_how_what_was_expected_and_what_was_found_go_together(folder):
    bins = json.loads((folder / "card.json").read_text("utf-8"))["scores"]["expected"]["ours"]
    assert sum(each["pages"] for each in bins) == 18
    assert all(0 <= each["found"] <= 1 for each in bins)
    assert [each["from"] for each in bins] == sorted(each["from"] for each in bins)


def test_the_road_scores_pages_left_out_as_training_did(pages, labels, tmp_path):
    with few_rounds():
        sample = page_training.read_sample([pages], [labels])
        fitted = page_fitting.fit_pages(sample)
    card, calibration = describe_pages(sample, fitted.margins)
    parts = {**fitted.folds[0]._asdict(), **fitted.naming, "calibration": calibration}
    save_model(tmp_path / "fold", card, parts)
    expected = calibration.probability(fitted.margins)
    for at, page in enumerate(sample.pages):
        low, high = sample.laid.pages[at : at + 2]
        if fitted.fold[low] == 0:
            _, verdicts, _ = Cleaner(model=tmp_path / "fold").explain(Document(page.id, page.html, "html"))
            scores = [verdict.score for verdict in verdicts if not verdict.source.startswith("rule:")]
            ruled = np.array([verdict.source.startswith("rule:") for verdict in verdicts])
            assert scores == pytest.approx(expected[low:high][~ruled].tolist())


def test_pages_without_a_single_label_are_refused_before_anything_is_fitted(pages, tmp_path):
    with pytest.raises(InputError, match="labelled"):
        page_training.train_pages([pages], [], tmp_path / "model")


@pytest.mark.parametrize("content", ["", '{"id": "1", "html": "<html></html>", "text_gold": "a"}\n'])
def test_no_page_with_a_line_is_refused(tmp_path, content):
    path = tmp_path / "none.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="no page with a visible line"):
        page_training.train_pages([path], [], tmp_path / "model")


def test_records_that_are_no_pages_are_refused(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "1"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="html"):
        page_training.train_pages([path], [], tmp_path / "model")


def test_scores_of_perfect_and_of_empty_output(pages):
    golds = list(read_pages(pages))
    perfect = scores_by_source(golds, [page.gold for page in golds])["ours"]
    assert perfect["words"]["f1"] == perfect["shingles"]["f1"] == 1.0
    empty = scores_by_source(golds, [""] * len(golds))["ours"]
    assert empty["words"]["f1"] == 0.0
    assert empty["halved"] == len(golds)
    assert "ours, balanced" in table({"balanced": {"ours": perfect}})
