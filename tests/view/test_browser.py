"""The page in a real browser. The fixture `opened` fails a test on any console message, request or dialog."""

import json

import pytest

from cleaner.view import view_reports

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

SEVERE = {"serious", "critical"}


@pytest.fixture
def tab(opened, page):
    return opened(page)


def found(tab):
    tab.wait_for_timeout(200)  # longer than typing is waited for
    return tab.text_content("#found")


def focused(tab):
    return tab.evaluate("document.activeElement.tagName + '#' + document.activeElement.id")


def test_the_most_doubtful_document_is_shown_first(tab):
    assert found(tab) == "120 documents"
    assert tab.text_content("#page-at") == "1 of 3"
    assert tab.locator(".entry").count() == 50
    doubts = tab.evaluate("[...document.querySelectorAll('.entry')].map((one) => one.textContent)")
    assert "% removed" in doubts[0]
    assert tab.text_content("#title") == tab.text_content(".entry[aria-current=true] .name")
    most = max(one["doubt"] for one in json.loads(tab.text_content("#data"))["documents"])
    assert f"about {round(most)} of them in doubt" in tab.text_content("#reader")


def test_a_document_shows_its_original_with_what_went_struck_through(tab, dirty):
    tab.select_option("#order", "given")
    tab.fill("#search", "doc-1")
    found(tab)
    assert tab.text_content("#title") == "doc-1"
    shown = tab.evaluate(
        "(() => { const text = document.querySelector('#reader .text').cloneNode(true);"
        " text.querySelectorAll('.hidden').forEach((one) => one.remove()); return text.textContent; })()"
    )
    assert shown == dirty
    removed = tab.locator("#reader del")
    assert removed.count() == 2
    assert removed.nth(0).get_attribute("data-tag") == "ad"
    assert "line-through" in removed.nth(0).evaluate("(one) => getComputedStyle(one).textDecorationLine")
    colours = {removed.nth(n).evaluate("(one) => getComputedStyle(one).backgroundColor") for n in (0, 1)}
    assert len(colours) == 2


def test_filters_narrow_the_documents_and_set_other_stretches_aside(tab):
    tab.select_option("#label", "social")
    assert found(tab) == "80 of 120 documents"
    assert tab.locator("#reader del.l-social:not(.aside)").count() == 1
    assert tab.locator("#reader del.l-ad.aside").count() == 1
    tab.select_option("#site", "north.example")
    assert found(tab) == "40 of 120 documents"
    tab.select_option("#label", "ad")
    tab.fill("#low", "1")
    assert found(tab) == "0 of 120 documents"
    assert "Nothing fits" in tab.text_content("#reader")
    tab.click("#clear")
    assert found(tab) == "120 documents"
    tab.select_option("#source", "rule:")
    assert found(tab) == "120 documents"
    tab.select_option("#source", "rule:artifact.empty-brackets")
    assert found(tab) == "40 of 120 documents"
    tab.click("#clear")
    tab.check("#flagged")
    assert found(tab) == "1 of 120 documents"
    assert "low-yield" in tab.text_content("#reader .note")


def test_search_looks_at_kept_and_removed_text(tab):
    tab.fill("#search", "AGREED in  the spring")
    assert found(tab) == "40 of 120 documents"
    tab.fill("#search", "share this article")
    assert found(tab) == "80 of 120 documents"


def test_keys_lead_through_documents_and_stretches(tab):
    tab.select_option("#order", "given")
    found(tab)
    tab.locator("body").click(position={"x": 5, "y": 5})
    tab.keyboard.press("j")
    assert tab.text_content("#title") == "doc-1"
    tab.keyboard.press("n")
    assert focused(tab) == "DEL#"
    assert tab.text_content("#tip") == "ad \u00b7 rule:ad.label \u00b7 " + tab.text_content("#tip")[-4:]
    assert tab.is_visible("#tip")
    tab.keyboard.press("n")
    assert tab.text_content("#tip").startswith("social \u00b7 ")
    tab.keyboard.press("p")
    assert tab.text_content("#tip").startswith("ad \u00b7 ")
    tab.keyboard.press("k")
    assert tab.text_content("#title") == "doc-0"
    assert not tab.is_visible("#tip")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    tab.keyboard.press("/")
    assert focused(tab) == "INPUT#search"
    tab.keyboard.type("jn")
    assert tab.input_value("#search") == "jn"


def test_single_keys_can_be_turned_off(tab):
    tab.click(".keys summary")
    tab.uncheck("#keys-on")
    before = tab.text_content("#title")
    tab.keyboard.press("j")
    assert tab.text_content("#title") == before


def test_the_mouse_tells_label_source_and_score(tab):
    tab.locator("#reader del").first.hover()
    label, source, score = tab.text_content("#tip").split(" \u00b7 ")
    assert source.startswith("rule:")
    assert 0 <= float(score) <= 1
    assert label
    tab.mouse.move(2, 2)
    assert not tab.is_visible("#tip")


def test_pages_are_turned(tab):
    tab.click("#page-on")
    assert tab.text_content("#page-at") == "2 of 3"
    tab.click("#page-on")
    assert tab.locator(".entry").count() == 20
    assert tab.is_disabled("#page-on")
    for _ in range(3):
        tab.click(".entry >> nth=19")
    assert tab.text_content("#title") == tab.text_content(".entry >> nth=19 >> .name")


def test_rows_of_the_overview_set_the_filters(tab):
    tab.click("section[aria-labelledby=h-labels] .pick[data-value=social]")
    assert tab.input_value("#label") == "social"
    assert found(tab) == "80 of 120 documents"
    tab.click("section[aria-labelledby=h-flags] .pick")
    assert tab.text_content("#title") == "doc-7"
    tab.click("section[aria-labelledby=h-lines] .pick >> nth=0")
    assert found(tab) == "80 of 120 documents"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(opened, page, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab = opened(page, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    for details in tab.locator("details > summary").all():
        details.click()
    found = axe.Axe().run(tab).response["violations"]
    assert [one["id"] for one in found if one["impact"] in SEVERE] == []
    assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_without_script_the_totals_stand(opened, page):
    tab = opened(page, java_script_enabled=False)
    assert tab.is_visible("text=By what decided")
    assert tab.is_visible("text=let this page run its script")
    assert not tab.is_visible("#filters")


def test_a_hostile_report_does_nothing(opened, hostile, tmp_path):
    report, evil = hostile
    view_reports([report], tmp_path / "page.html")
    tab = opened(tmp_path / "page.html")
    assert tab.text_content("#found") == "3 documents"
    assert tab.text_content("#title") == evil
    core = evil.strip()
    assert tab.locator("#reader del").first.evaluate("(one) => one.firstChild.data") == core
    assert tab.locator("#reader del").first.evaluate("(one) => getComputedStyle(one).unicodeBidi") == "isolate"
    assert (
        tab.evaluate("document.querySelectorAll('img, iframe, object, script:not([type]):not(body > script)').length")
        == 0
    )
    tab.keyboard.press("n")
    tab.fill("#search", "alert(3)")
    assert found(tab) == "3 documents"
    tab.click("section[aria-labelledby=h-sources] .pick")
    assert found(tab) == "3 documents"


def test_its_policy_keeps_script_of_others_out(chromium, page, tmp_path):
    altered = tmp_path / "altered.html"
    altered.write_text(
        page.read_text("utf-8").replace("<main>", "<main><script>document.title = 'caught'</script>"), "utf-8"
    )
    tab, told = chromium.new_page(), []
    tab.on("console", lambda message: told.append(message.text))
    tab.goto(altered.as_uri())
    assert tab.title().startswith("What was removed")
    assert ["Content Security Policy" in text for text in told] == [True]
    tab.close()
