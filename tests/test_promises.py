"""The four promises of the product, for texts that no one would write by hand."""

import html
import json
import pickle
import textwrap
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Document, visible_text
from cleaner import chunks as chunks_module
from cleaner.labels import LABELS, REMOVED

MIXED = json.loads((Path(__file__).parent / "mixed.json").read_text("utf-8"))
ENGINES = {"rules": Cleaner(rules_only=True), "model": Cleaner()}

ends = st.sampled_from(
    ["\n", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\n\n\n", "\n \t\n", "\u00a0\n", "\f", "\v", "\u2028", "\x85", "  "]
)
odd = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("\t\u00a0\f\x00\ufeff\u200b\r\n ()[]|\U0001f600\U00020000aA.!\u3002"),
    ),
    max_size=30,
)
prose = st.lists(st.sampled_from(MIXED["prose"]), min_size=1, max_size=4)
paragraphs = prose.map(" ".join)
wrapped = st.builds(
    lambda sentences, width: "\n".join(textwrap.wrap(" ".join(sentences * 3), width)), prose, st.integers(45, 90)
)
endless = st.builds(lambda sentences: " ".join(sentences * 20), prose)
glued = st.builds(
    lambda first, foreign, second: f"{first} {foreign}{second}",
    paragraphs,
    st.sampled_from(MIXED["glued"]),
    paragraphs,
)
cruft, titles = st.sampled_from(MIXED["cruft"]), st.sampled_from(MIXED["titles"])
lines = st.one_of(paragraphs, paragraphs, cruft, cruft, titles, glued, odd, wrapped, endless)


@st.composite
def mixtures(draw):
    """A scraped article: prose, titles, cruft and oddities, with line ends of every sort."""
    one_end = draw(st.one_of(st.none(), ends))
    parts = draw(st.lists(st.tuples(lines, ends), max_size=12))
    text = "".join(line + (end if one_end is None else one_end) for line, end in parts)
    return draw(st.sampled_from(["", "", "", "\ufeff", "\n\n", " "])) + text


texts = st.one_of(mixtures(), mixtures(), mixtures(), odd, st.text("\n\r \t\u00a0\ufeff", max_size=6))


@pytest.fixture(params=ENGINES)
def engine(request):
    return ENGINES[request.param]


def without(text, removed):
    """Leave the removed stretches out, character by character."""
    gone = {at for removal in removed for at in range(removal.start, removal.end)}
    return "".join(char for at, char in enumerate(text) if at not in gone)


def test_only_reported_stretches_are_missing_from_the_clean_text(engine):
    removals = []

    @given(texts)
    @example("\n".join(MIXED["cruft"]))
    def holds(text):
        cleaned = engine.clean(text)
        assert cleaned.text == without(text, cleaned.report.removed)
        removals.append(len(cleaned.report.removed))

    holds()
    # What is drawn is chance, and mostly a quarter to a half of the texts loses something; none would prove nothing.
    assert sum(count > 0 for count in removals) > 0.1 * len(removals)
    assert max(removals) > 3


def test_reports_replay_and_restore(engine):
    @given(texts)
    def holds(text):
        cleaned = engine.clean(text)
        assert cleaned.report.replay(text) == cleaned.text
        assert cleaned.report.restore(cleaned.text) == text
        record = json.loads(json.dumps(cleaned.report.as_dict()))
        assert type(cleaned.report).from_dict(record) == cleaned.report

    holds()


def test_removals_are_sorted_apart_filled_and_true_to_the_text(engine):
    @given(texts)
    def holds(text):
        report = engine.clean(text).report
        at = 0
        for removal in report.removed:
            assert at <= removal.start < removal.end <= len(text)
            assert text[removal.start : removal.end] == removal.text
            assert removal.label in LABELS
            assert removal.source.startswith("rule:") or removal.source in {
                "model",
                "context",
                "repeat",
                "ladder:hint",
            }
            assert 0 <= removal.score <= 1
            at = removal.end
        assert report.chars == len(text)
        assert report.lines <= len(text)

    holds()


def test_a_batch_of_any_size_and_order_gives_the_same_spans(engine):
    @given(st.lists(texts, min_size=1, max_size=6), st.randoms(use_true_random=False))
    @settings(max_examples=60)
    def holds(bodies, dice):
        alone = {body: engine.clean(body, "x") for body in bodies}
        dice.shuffle(bodies)
        together = list(engine.clean_many(Document("x", body) for body in bodies))
        assert together == [alone[body] for body in bodies]

    holds()


def test_the_size_of_chunks_changes_nothing(engine):
    @given(st.lists(texts, min_size=2, max_size=6), st.sampled_from([1, 1_500, 3_000, 8_000]))
    @settings(max_examples=40)
    def holds(bodies, chunk):
        documents = [Document(str(number), body) for number, body in enumerate(bodies)]
        whole = list(engine.clean_many(documents))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chunks_module, "_CHUNK", chunk)
            assert list(engine.clean_many(documents)) == whole

    holds()


def test_keeping_all_labels_removes_nothing_but_repeats(engine):
    generous = Cleaner(rules_only=engine.rules_only, keep=REMOVED)

    @given(texts)
    def holds(text):
        cleaned = generous.clean(text)
        assert all(removal.source == "repeat" for removal in cleaned.report.removed)

    holds()


def test_what_goes_as_a_repeat_is_kept_further_up(engine):
    @given(texts, titles)
    def holds(text, title):
        page, verdicts, _ = engine.explain(Document("x", f"{title}\n{text}\n{title}\n"))
        kept = set()
        for line, verdict in zip(page.lines, verdicts, strict=True):
            folded = " ".join(line.text.split())
            assert verdict.source != "repeat" or folded in kept
            if verdict.keep:
                kept.add(folded)

    holds()


def test_a_repeated_headline_is_removed_after_its_first_appearance():
    title, *story = MIXED["titles"][0], *MIXED["prose"][:8]
    text = "\n\n".join([title, story[0], title, *story[1:], title])
    cleaned = ENGINES["model"].clean(text)
    assert cleaned.text == "\n\n".join([title, *story])
    assert [removal.source for removal in cleaned.report.removed] == ["repeat", "repeat"]


SETTINGS = [
    {},
    {"mode": "careful", "keep": REMOVED, "drop": ["headline"]},
    {"threshold": 0.25, "model": Path("models") / "other", "rules_only": True},
]


@pytest.mark.parametrize("chosen", SETTINGS)
def test_a_cleaner_pickles_to_few_bytes_and_comes_back_equal(chosen):
    settled = Cleaner(**chosen)
    packed = pickle.dumps(settled)
    again = pickle.loads(packed)  # noqa: S301 - packed one line above
    assert len(packed) < 500
    assert again == settled
    assert hash(again) == hash(settled)
    assert pickle.dumps(again) == packed


@pytest.mark.parametrize("form", ["byline,caption", ["byline", "caption"], ("byline", "caption")])
def test_labels_may_come_as_list_tuple_or_string(form):
    assert Cleaner(keep=form) == Cleaner(keep=("byline", "caption"))
    assert hash(Cleaner(keep=form)) == hash(Cleaner(keep=("byline", "caption")))
    assert Cleaner(keep=form).keeps == Cleaner(keep=("byline", "caption")).keeps


TAGS = ["p", "div", "li", "ul", "h2", "pre", "a", "span", "table", "tr", "td", "blockquote", "article", "script", "nav"]
# From many control characters a page is known as binary data; a NUL stands in its head.
signs = odd.map(lambda text: "".join(char for char in text if char >= " " or char in "\n\t\r"))
shown = st.one_of(paragraphs, cruft, cruft, titles, glued, signs.map(html.escape), signs)
markup = st.recursive(
    shown,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(TAGS), st.lists(inner, max_size=5)
    ),
    max_leaves=15,
)
pages = st.builds(
    lambda head, parts: head + "".join(f"<p>{part}</p>\n" for part in parts),
    st.sampled_from(["", "<!doctype html><title>Bridge</title>", "<html><body hidden><p>\0Tides</p>"]),
    st.lists(markup, max_size=8),
)


def test_of_a_page_only_reported_stretches_of_its_visible_text_are_missing(engine):
    removals = []

    @given(pages)
    def holds(page):
        (cleaned,) = engine.clean_many([Document("x", page, kind="html")])
        visible = visible_text(page)
        assert cleaned.page_text == visible
        assert cleaned.text == without(visible, cleaned.report.removed)
        assert cleaned.report.replay(visible) == cleaned.text
        assert cleaned.report.restore(cleaned.text) == visible
        record = json.loads(json.dumps(cleaned.report.as_dict()))
        assert record["kind"] == "html"
        assert type(cleaned.report).from_dict(record) == cleaned.report
        removals.append(len(cleaned.report.removed))

    holds()
    # What is drawn is chance, and mostly a quarter to a half of the texts loses something; none would prove nothing.
    assert sum(count > 0 for count in removals) > 0.1 * len(removals)


def test_texts_and_pages_of_one_batch_come_out_as_they_do_alone(engine):
    both = st.one_of(texts.map(lambda body: ("text", body)), pages.map(lambda body: ("html", body)))

    @given(st.lists(both, min_size=1, max_size=6), st.sampled_from([1, 1_500, 8_000, 1 << 20]))
    @settings(max_examples=60)
    def holds(bodies, chunk):
        documents = [Document(str(at), body, kind) for at, (kind, body) in enumerate(bodies)]
        alone = [next(engine.clean_many([document])) for document in documents]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chunks_module, "_CHUNK", chunk)
            assert list(engine.clean_many(documents)) == alone

    holds()
