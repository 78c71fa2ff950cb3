import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Document, Label, clean, clean_many, visible_text
from cleaner import cleaning as cleaning_module
from cleaner.cleaning import MODES
from cleaner.errors import InputError, ModelError, SettingError
from cleaner.features import fingerprint_of_features
from cleaner.labels import KEPT, LABELS, REMOVED
from cleaner.model import find_model, load_model, save_model

MIXED = json.loads((Path(__file__).parent / "mixed.json").read_text("utf-8"))
RULES = Cleaner(rules_only=True)
LINES = Path(__file__).parents[1] / "models" / "lines"

lines = st.one_of(st.sampled_from(MIXED["prose"]), st.sampled_from(MIXED["cruft"]), st.sampled_from(MIXED["titles"]))
mixtures = st.lists(lines, max_size=20).map("\n\n".join)
DIRTY = "\n".join(
    [MIXED["titles"][0], *MIXED["prose"][:3], "Advertisement", *MIXED["prose"][3:6], "Share this article"]
)


def places(report):
    """Where ink was removed, repeats of headlines left out: those depend on what else is kept."""
    return {
        removal.start + at
        for removal in report.removed
        for at, char in enumerate(removal.text)
        if removal.source != "repeat" and not char.isspace()
    }


@pytest.mark.parametrize("body", [None, b"bytes", 5, ["a"], Path("a")])
def test_a_body_that_is_no_string_is_refused_by_name(body):
    for attempt in (
        lambda: RULES.clean(body, "a.txt"),
        lambda: RULES.explain(Document("a.txt", body)),
        lambda: list(RULES.clean_many([Document("b.txt", "The board met."), Document("a.txt", body)])),
    ):
        with pytest.raises(InputError, match=r"a\.txt.*decode bytes first"):
            attempt()


def test_an_empty_text_gives_an_empty_result_with_a_note():
    cleaned = clean("", rules_only=True)
    assert (cleaned.text, cleaned.report.removed, cleaned.report.lines) == ("", (), 0)
    assert cleaned.report.note.startswith("empty")


@pytest.mark.parametrize("text", ["\n", " \t\r\n\u00a0", "\ufeff", "\f\n\n"])
def test_a_blank_text_stays_as_it_is(text):
    cleaned = clean(text, rules_only=True)
    assert (cleaned.text, cleaned.report.removed, cleaned.report.lines) == (text, (), 0)


@pytest.mark.parametrize("bodies", [[""], ["", ""], [" \n"], ["", "Advertisement", ""], []])
def test_empty_documents_pass_through_the_model_too(bodies):
    reports = [cleaned.report for cleaned in clean_many(bodies)]
    assert [report.chars for report in reports] == [len(body) for body in bodies]


def test_a_document_that_loses_nearly_everything_is_flagged():
    assert clean("Advertisement\nShare this article", rules_only=True).report.note.startswith("low-yield")
    assert clean(DIRTY, rules_only=True).report.note == ""


def test_the_report_says_what_ran():
    report = Cleaner(mode="careful", rules_only=True).clean(DIRTY, "a.txt").report
    assert (report.id, report.mode, report.model) == ("a.txt", "careful", None)
    assert (report.chars, report.lines) == (len(DIRTY), len(DIRTY.splitlines()))


def test_the_report_names_the_model():
    name, _, digest = clean(DIRTY).report.model.partition("@")
    assert name
    assert len(digest) == 12


def test_rules_alone_take_out_what_everyone_knows():
    cleaned = RULES.clean(DIRTY)
    assert cleaned.text == DIRTY.replace("Advertisement\n", "").replace("\nShare this article", "")
    assert cleaned.report.by_label() == {Label.AD: 1, Label.SOCIAL: 1}
    assert all(removal.source.startswith("rule:") for removal in cleaned.report.removed)


TWINS_BELOW_A_TITLE = "\n\n".join(
    ["Advertisement", MIXED["titles"][0], "Advertisement", MIXED["prose"][0], MIXED["prose"][0]]
)


EAGER = dict(zip(MODES, (0.3, 0.01, 0.0), strict=True))


@pytest.fixture(scope="module")
def eager(tmp_path_factory):
    """The shipped model with modes that remove all but a little, next to everything, and everything."""
    lines = load_model(LINES, (fingerprint_of_features(),))
    folder = tmp_path_factory.mktemp("models") / "eager"
    card = replace(lines.card, name="eager", thresholds={"text": EAGER})
    parts = ("first", "second", "calibration", "names", "network", "blend")
    save_model(folder, card, {part: getattr(lines, part) for part in parts})
    return folder


@pytest.mark.parametrize("mode", ["balanced", "thorough"])
def test_a_short_text_of_which_nothing_would_stay_is_judged_by_the_next_milder_mode(eager, mode):
    milder = Cleaner(model=eager, mode=MODES[MODES.index(mode) - 1])
    texts = ["\n".join(MIXED["prose"][first : first + 2]) for first in range(len(MIXED["prose"]))]
    emptied = [text for text in texts if not Cleaner(model=eager, threshold=EAGER[mode]).clean(text).text]
    assert any(milder.clean(text).text for text in emptied)
    for text in emptied:
        assert Cleaner(model=eager, mode=mode).clean(text).text == milder.clean(text).text
        _, verdicts, _ = Cleaner(model=eager, mode=mode).explain(Document("", text))
        assert {verdict.source for verdict in verdicts if verdict.keep} <= {"remainder"}


@pytest.mark.parametrize(("count", "spared"), [(8, True), (9, False)])
def test_only_a_text_of_a_few_lines_is_spared(eager, count, spared):
    text = "\n".join((MIXED["prose"] * 2)[:count])
    assert bool(Cleaner(model=eager, mode="thorough").clean(text).text) is spared


def test_what_certainly_goes_leaves_nothing_of_a_short_text(eager):
    assert Cleaner(model=eager, mode="thorough").clean("Advertisement\nShare this article").text == ""


@given(mixtures)
@example(TWINS_BELOW_A_TITLE)
@settings(max_examples=60)
def test_bolder_modes_remove_all_that_careful_ones_do(text):
    gone = [places(Cleaner(mode=mode).clean(text).report) for mode in MODES]
    assert gone[0] <= gone[1] <= gone[2]


@given(mixtures)
@settings(max_examples=40)
def test_the_threshold_overrides_the_mode(text):
    bold, shy = Cleaner(threshold=0).clean(text), Cleaner(threshold=1).clean(text)
    assert bold == Cleaner(threshold=0, mode="balanced").clean(text)
    assert places(shy.report) <= places(bold.report)
    assert all(removal.score == 1 for removal in shy.report.removed if removal.source == "model")
    kept = [verdict for verdict in Cleaner(threshold=0).explain(Document("x", text))[1] if verdict.keep]
    assert all(verdict.source.startswith("rule:") for verdict in kept)


@pytest.mark.parametrize(
    ("wrong", "quoted"),
    [
        ({"mode": "brave"}, "brave"),
        ({"mode": ""}, "balanced"),
        ({"mode": None}, "None"),
        ({"keep": "advert"}, "advert"),
        ({"keep": ["byline", "Caption"]}, "Caption"),
        ({"drop": ("headline", "")}, "''"),
        ({"keep": "caption", "drop": "caption"}, "caption"),
        ({"keep": 5}, "5"),
        ({"threshold": -0.1}, "-0.1"),
        ({"threshold": 1.5}, "1.5"),
        ({"threshold": float("nan")}, "nan"),
        ({"threshold": "0.5"}, "0.5"),
        ({"threshold": 1j}, "1j"),
    ],
)
def test_settings_that_make_no_sense_are_quoted(wrong, quoted):
    with pytest.raises(SettingError, match=quoted):
        Cleaner(**wrong)
    with pytest.raises(SettingError, match=quoted):
        clean("The board met.", **wrong)


def test_a_model_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(ModelError, match="nowhere"):
        Cleaner(model=tmp_path / "nowhere").clean("The board met.")
    assert Cleaner(model=tmp_path / "nowhere", rules_only=True).clean("The board met.").text == "The board met."


def test_without_settings_two_labels_are_kept():
    assert Cleaner().keeps == KEPT
    assert Cleaner(keep=REMOVED).keeps == set(LABELS)
    assert Cleaner(drop="headline").keeps == {Label.BODY}
    assert Cleaner(keep="").keeps == KEPT


def test_a_kept_label_stays_in_lines_and_inside_them():
    text = f"{MIXED['prose'][0]} () {MIXED['prose'][1]}\nAdvertisement"
    assert "()" not in RULES.clean(text).text
    assert RULES.clean(text).report.by_label() == {Label.AD: 1, Label.ARTIFACT: 1}
    assert Cleaner(rules_only=True, keep="ad,artifact").clean(text).text == text


def test_headlines_go_if_the_user_wants():
    text = "\n\n".join([MIXED["titles"][0], *MIXED["prose"][:8]])
    cleaned = Cleaner(drop="headline").clean(text)
    assert cleaned.text == "\n\n".join(MIXED["prose"][:8])
    assert cleaned.report.by_label() == {Label.HEADLINE: 1}


@given(mixtures)
def test_what_is_explained_is_what_is_done(text):
    page, verdicts, spans = RULES.explain(Document("x", text))
    assert len(verdicts) == len(page.lines)
    assert all(verdicts[at].keep for at in spans)
    removed = RULES.clean(text).report.removed
    assert [(verdict.label, verdict.source) for verdict in verdicts if not verdict.keep] == [
        (removal.label, removal.source)
        for removal in removed
        if removal.source.startswith(("rule", "ladder", "context"))
    ]


def test_many_texts_come_back_in_order_under_their_numbers_or_names():
    cleaned = list(clean_many(["Advertisement", Document("b", "The board met."), ""], rules_only=True))
    assert [(each.report.id, each.text) for each in cleaned] == [("0", ""), ("b", "The board met."), ("2", "")]


def test_no_documents_give_no_results():
    assert list(RULES.clean_many([])) == []


def counted(documents):
    """Pass documents on; the list counts them."""
    seen = []

    def passed():
        for document in documents:
            seen.append(document.id)
            yield document

    return seen, passed()


@pytest.mark.parametrize("body", ["", " ", "The board met.", MIXED["prose"][0] * 10])
def test_an_endless_stream_is_taken_in_chunks(body):
    seen, documents = counted(Document(str(number), body) for number in itertools.count())
    stream = RULES.clean_many(documents)
    assert seen == []
    assert next(stream).report.id == "0"
    assert 1 <= len(seen) < 20_000
    assert [cleaned.report.id for cleaned in itertools.islice(stream, 3)] == ["1", "2", "3"]


def test_what_a_document_carries_along_is_never_read():
    class Untouchable(dict):
        def __getitem__(self, key):
            pytest.fail("read")

        get = keys = values = items = __iter__ = __getitem__

    document = Document("x", DIRTY, url="https://example.com/?utm=1", meta=Untouchable())
    (cleaned,) = RULES.clean_many([document])
    assert cleaned == RULES.clean(DIRTY, "x")


PAGE = "<!doctype html><title>Bridge</title><nav>Home</nav><p>" + "</p><p>".join(MIXED["prose"][:4]) + "</p>"


def test_bare_strings_are_of_the_kind_they_look_like_unless_told():
    assert [RULES.clean(body).report.kind for body in (PAGE, DIRTY)] == ["html", "text"]
    assert Cleaner(rules_only=True, kind="text").clean(PAGE).report.kind == "text"
    assert Cleaner(rules_only=True, kind="html").clean(DIRTY).report.kind == "html"
    kinds = [cleaned.report.kind for cleaned in clean_many([PAGE, DIRTY, Document("x", PAGE)], rules_only=True)]
    assert kinds == ["html", "text", "text"]


def test_a_page_is_cleaned_in_its_visible_text():
    cleaned = clean(PAGE)
    assert cleaned.page_text == visible_text(PAGE) == "\n\n".join(["Home", *MIXED["prose"][:4]])
    assert cleaned.text == "\n\n".join(MIXED["prose"][:4])
    assert [line.tag for line in cleaned.page.lines] == ["nav", "p", "p", "p", "p"]
    assert cleaned.report.as_dict()["kind"] == "html"


def test_text_has_no_page_and_its_records_no_kind():
    cleaned = clean(DIRTY)
    assert cleaned.page is None
    assert cleaned.page_text == DIRTY
    assert "kind" not in cleaned.report.as_dict()


@pytest.mark.parametrize("body", ["%PDF-1.4 ...", "\x89PNG\r\n\x1a\n", "GIF89a"])
def test_what_is_no_page_is_refused_by_name(body):
    documents = [Document("a.html", "<p>The board met."), Document("b.html", body, "html")]
    stream = RULES.clean_many(documents)
    assert next(stream).report.id == "a.html"
    with pytest.raises(InputError, match=r"document 'b\.html': is a"):
        next(stream)


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match="no kind 'pdf'; there are text, html"):
        list(RULES.clean_many([Document("x", "", "pdf")]))
    with pytest.raises(SettingError, match="no kind 'pdf'"):
        Cleaner(kind="pdf")


def test_pages_are_judged_by_their_own_model(tmp_path, monkeypatch):
    lines = load_model(LINES, (fingerprint_of_features(),))
    card = replace(lines.card, name="pages", thresholds={"text": dict.fromkeys(MODES, 1.0)})
    parts = ("first", "second", "calibration", "names")
    save_model(tmp_path / "pages", card, {part: getattr(lines, part) for part in parts})
    found = {"text": LINES, "html": tmp_path / "pages"}
    monkeypatch.setattr(cleaning_module, "find_model", found.__getitem__)
    texts, html = Document("a", DIRTY), Document("b", "<p>Advertisement now and then</p>" + PAGE, "html")
    alone = [next(Cleaner().clean_many([document])) for document in (texts, html)]
    assert list(Cleaner().clean_many([html, texts, html])) == [alone[1], alone[0], alone[1]]
    names = [cleaned.report.model.partition("@")[0] for cleaned in alone]
    assert names == ["lines", "pages"]
    assert all(removal.source != "model" for removal in alone[1].report.removed)


def test_until_there_is_a_model_of_pages_that_of_lines_judges_them():
    assert find_model("html") in (LINES, LINES.with_name("pages"))
    assert Cleaner().line_model("html") is not None
