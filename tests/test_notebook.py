from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cleaner import Cleaned, clean
from cleaner.document import Removal
from cleaner.labels import Label
from cleaner.notebook import legible
from cleaner.report import Report

DIRTY = "The council met on Monday and voted to close the bridge.\nAdvertisement\nShare this\nWork begins in April."
EVIL = "</del><script>alert(1)</script><img src=x onerror=alert(2)>\" ' \ud800 \x00 \u202e"


def hostile():
    return Report(EVIL, len(EVIL), 1, (Removal(0, len(EVIL), EVIL, Label.AD, EVIL, 0.5),), note=EVIL)


def shown(result):
    html = result._repr_html_()
    html.encode("utf-8")
    return LexborHTMLParser(html)


def test_a_result_shows_its_text_with_what_went_struck_through():
    page = shown(clean(DIRTY, rules_only=True))
    assert page.css_first("div[dir=auto]").text() == DIRTY
    assert [gone.text().strip() for gone in page.css("del")] == ["Advertisement", "Share this"]
    assert page.css_first("del").attributes["title"].startswith("ad \u00b7 rule:ad.")
    assert "% of 103 characters removed" in page.body.text()


def test_of_a_page_the_visible_text_is_shown():
    page = shown(clean("<html><body><p>High water at nine.</p><p>Advertisement</p></body></html>", rules_only=True))
    assert page.css_first("div[dir=auto]").text() == "High water at nine.\n\nAdvertisement"


def test_a_report_lists_what_went():
    page = shown(clean(DIRTY, rules_only=True).report)
    assert [row.css("td")[3].text() for row in page.css("tr")] == ["Advertisement", "Share this"]
    removed = tuple(Removal(at, at + 1, "x", Label.AD, "model", 0.9) for at in range(30))
    assert "and 10 more" in shown(Report("a", 30, 30, removed)).body.text()


def test_what_is_long_is_cut():
    report = Report("a", 10_000, 1, (Removal(5_990, 6_100, "x" * 110, Label.AD, "model", 0.9),))
    page = shown(Cleaned("y" * 9_890, report))
    assert len(page.css_first("div[dir=auto]").text()) == 6_000
    assert page.css_first("del").text() == "x" * 10
    assert "and 4,000 characters more" in page.body.text()


def test_hostile_text_stays_text():
    for result in (hostile(), Cleaned("", hostile())):
        page = shown(result)
        assert not page.css("script, img")
        assert not [name for element in page.css("*") for name in element.attributes if name.startswith("on")]
        assert "<script>alert(1)</script>" in page.body.text()


def test_an_empty_result_has_something_to_show():
    assert "0.0% of 0 characters" in shown(clean("")).body.text()


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_can_stand_in_a_page(text):
    fit = legible(text)
    fit.encode("utf-8")
    assert len(fit) == len(text)
    assert "\x00" not in fit
