"""Lines that went because their site repeats them, by site."""

import json

import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from cleaner.cli import main
from cleaner.errors import ModelError, OutputError
from cleaner.labels import Label
from cleaner.sites import load_memory
from cleaner.view import view_reports
from cleaner.view.repeated import Repeated
from tests.sites.papers import article

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

SLOGAN = "Harbour Post, the <b>paper</b> of the pier"
LONG = "Our book of the week tells of the sea and of the people by the sea " * 4


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """A report of two sites cleaned with what was learned from them, and that memory."""
    folder = tmp_path_factory.mktemp("repeated")
    papers = [article(number, footer=f"{LONG}\n\n{SLOGAN}") for number in range(30)]
    papers += [article(number, "www.other.example", footer="Sold at every kiosk of the town") for number in range(20)]
    rows = [{"id": paper.id, "text": paper.body, "url": paper.url} for paper in papers]
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    words = ["clean", str(folder / "in.jsonl"), "-o", str(folder / "out.jsonl"), "--learn-sites", "--no-model"]
    assert CliRunner().invoke(main, words, catch_exceptions=False).exit_code == 0
    return folder / "out.jsonl.report.jsonl", folder / "out.jsonl.sites"


def table(page):
    """Return site and cells of every row of the card."""
    shown = LexborHTMLParser(page.read_text("utf-8")).css_first("section[aria-labelledby=h-repeated]")
    return [
        (details.css_first("summary").text(), [cell.text() for cell in row.css("th, td")])
        for details in shown.css("details")
        for row in details.css("tbody tr")
    ]


def test_each_site_shows_its_most_repeated_lines(reported, tmp_path):
    view_reports([reported[0]], tmp_path / "page.html")
    assert [(site, [cells[0][:60], *cells[1:]]) for site, cells in table(tmp_path / "page.html")] == [
        ("harbour.example: 60 removed", [SLOGAN, "navigation", "30"]),
        ("harbour.example: 60 removed", [LONG[:60], "navigation", "30"]),
        ("www.other.example: 20 removed", ["Sold at every kiosk of the town", "navigation", "20"]),
    ]


def test_a_memory_says_how_many_documents_have_a_line_and_where(reported, tmp_path):
    view_reports([reported[0]], tmp_path / "page.html", sites=reported[1])
    rows = {cells[0][:20]: (site, cells[2:]) for site, cells in table(tmp_path / "page.html")}
    assert rows[SLOGAN[:20]] == ("harbour.example: 60 removed; 30 documents known", ["30", "100.0%", "0.0%", "100.0%"])
    assert rows["Sold at every kiosk "][0] == "www.other.example: 20 removed; 20 documents known"
    assert rows[LONG[:20]][1] == ["30", "100.0%", "0.0%", "100.0%"]


def test_a_site_that_the_memory_does_not_know_shows_counts_alone(reported):
    repeated = Repeated()
    for _ in range(3):
        repeated.add("", "A line of a site not told", Label.AD)
        repeated.add("harbour.example", "A line that the memory does not know", Label.AD)
    first, second = repeated.top(10, 10, load_memory(reported[1]))
    assert (first.site, first.documents, first.lines[0].share) == ("", 0, None)
    assert (second.documents, second.lines[0].share, second.lines[0].line.times) == (30, None, 3)


def test_sites_and_lines_are_bounded():
    repeated = Repeated()
    for number in range(1_200):
        repeated.add(f"s{number}.example", "A line", Label.AD)
    for number in range(100_000):
        repeated.add("s0.example", f"A line {number} " + "x" * 700, Label.AD)
    assert len(repeated.lines) == 1_000
    assert repeated.times["s0.example"] == 100_001
    assert list(repeated.top(1_000, 10, None)) == []


def test_what_is_no_memory_is_told_and_none_is_written_over(reported, tmp_path):
    with pytest.raises(ModelError, match="is no site memory"):
        view_reports([reported[0]], tmp_path / "page.html", sites=reported[0])
    with pytest.raises(OutputError, match="is the input itself"):
        view_reports([reported[0]], reported[1], sites=reported[1])


def test_the_browser_finds_nothing_amiss(opened, reported, tmp_path):
    view_reports([reported[0]], tmp_path / "page.html", sites=reported[1])
    tab = opened(tmp_path / "page.html")
    card = tab.locator("section[aria-labelledby=h-repeated]")
    assert card.locator("b").count() == 0
    assert card.locator("details[open]").count() == 1
    card.locator(".pick").first.click()
    tab.wait_for_timeout(200)
    assert tab.text_content("#found") == "30 of 50 documents"


def test_axe_finds_nothing_serious(opened, reported, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    view_reports([reported[0]], tmp_path / "page.html", sites=reported[1])
    for width in (375, 1280):
        tab = opened(tmp_path / "page.html", viewport={"width": width, "height": 800}, bypass_csp=True)
        tab.locator("section[aria-labelledby=h-repeated] details:not([open]) summary").click()
        found = axe.Axe().run(tab).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
        assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_without_script_the_lines_stand(opened, reported, tmp_path):
    view_reports([reported[0]], tmp_path / "page.html")
    tab = opened(tmp_path / "page.html", java_script_enabled=False)
    assert tab.locator("section[aria-labelledby=h-repeated] table").first.is_visible()
