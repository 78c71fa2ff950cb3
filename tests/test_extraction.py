import subprocess
import sys

import pytest

import cleaner
from cleaner import Cleaner, Document, Metadata
from cleaner.errors import SettingError
from cleaner.extraction import extracted, metadata_of

STORY = "".join(
    f"<p>The city council of Halden voted on day {day} to close the old bridge for repairs, and the mayor said that "
    "it would be open to the people of the town again before the winter has come, if the money holds out.</p>"
    for day in ("one", "two", "three")
)
PAGE = (
    "<!doctype html><html lang='de-AT'><head><title>Bridge closed - Halden Post</title>"
    "<meta property='og:site_name' content='Halden Post'><meta name='author' content='Anna Berg'>"
    "<meta property='article:published_time' content='2024-05-06T10:00:00Z'></head>"
    f"<body><nav><a href='/'>Home</a></nav><article><h1>Bridge closed</h1>{STORY}<p>Advertisement</p></article>"
    "<footer>Imprint of the house</footer></body></html>"
)
ODD = ["", "x", "<p>", "\ud800<p>a", "\0", "<html>" + "<div>" * 5_000, "<?xml version='1.0' encoding='utf-8'?><p>é</p>"]

needs_trafilatura = pytest.mark.usefixtures("trafilatura")


@pytest.fixture
def trafilatura():
    return pytest.importorskip("trafilatura")


@needs_trafilatura
def test_a_page_tells_title_author_date_site_and_language():
    assert cleaner.metadata(PAGE) == Metadata("Bridge closed", "Anna Berg", "2024-05-06", "Halden Post", "de-AT")


@needs_trafilatura
@pytest.mark.parametrize("source", ODD)
def test_odd_pages_have_metadata_of_nones_or_text(source):
    for value in metadata_of(source, None, None):
        assert value is None or value.encode()
    assert isinstance(extracted(Document("x", source, "html")).body, str)


@needs_trafilatura
def test_metadata_stand_in_the_report_of_pages_if_asked_for():
    told = cleaner.clean(PAGE, metadata=True, rules_only=True).report
    assert told.as_dict()["metadata"] == {
        "title": "Bridge closed",
        "author": "Anna Berg",
        "date": "2024-05-06",
        "site": "Halden Post",
        "language": "de-AT",
    }
    assert cleaner.Report.from_dict(told.as_dict()) == told
    assert "metadata" not in cleaner.clean(PAGE, rules_only=True).report.as_dict()
    assert "metadata" not in cleaner.clean("The board met.", metadata=True, rules_only=True).report.as_dict()


@needs_trafilatura
def test_a_front_takes_the_text_out_and_the_report_covers_what_came_after():
    cleaned = cleaner.clean(PAGE, front="trafilatura", metadata=True)
    report = cleaned.report
    assert (report.front, report.kind, cleaned.page) == ("trafilatura", "html", None)
    assert report.metadata.site == "Halden Post"
    assert "Imprint" not in cleaned.page_text
    assert cleaned.page_text == extracted(Document("x", PAGE, "html")).body
    assert report.replay(cleaned.page_text) == cleaned.text
    assert cleaner.Report.from_dict(report.as_dict()) == report
    text = cleaner.clean(cleaned.page_text, kind="text")
    assert text.report.removed == report.removed


@needs_trafilatura
def test_a_front_leaves_text_alone_and_says_when_it_finds_nothing():
    engine = Cleaner(front="trafilatura", rules_only=True)
    assert engine.clean("The board met.\nAdvertisement").report.front is None
    assert engine.clean("<html><body></body></html>").report.note == "empty: trafilatura found no text in the page"


def test_an_unknown_front_is_refused():
    with pytest.raises(SettingError, match="no front 'goose'"):
        Cleaner(front="goose")


@pytest.mark.parametrize(
    "call", ["cleaner.metadata('<p>a')", "cleaner.clean('<p>a', kind='html', front='trafilatura')"]
)
def test_what_is_missing_is_named_with_the_install_line(call):
    code = f"import sys; sys.modules['trafilatura'] = None; import cleaner; {call}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.rstrip().endswith("run: pip install 'cleaner[trafilatura]'")
