"""The review in a real browser: the whole loop, by keyboard, by touch, in light and dark, with hostile texts."""

import json

import pytest

from cleaner.lab.gold import read_gold

pytest.importorskip("starlette")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe

HOSTILE = {
    "<img src=x onerror=alert(1)>.txt": "<script>document.title = 'pwned'</script> The council met on Monday to vote.\n"
    "<img src=x onerror=\"document.title = 'pwned'\"> Share this article\n"
    "</div></body><style>* { display: none }</style>\n"
    "A clef \U0001d11e stood before the words that follow here, and nobody minded it at all.\n"
}
NEW = {"viewport": {"width": 1200, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 700}, "has_touch": True}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "labels.jsonl"


class Tab:
    """A page of the browser; anything in its console and any request to elsewhere is a failure."""

    def __init__(self, browser, url, **settings):
        self.page = browser.new_context(**(settings or NEW)).new_page()
        self.faults = []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message) or dialog.dismiss())
        self.page.on("request", lambda request: request.url.startswith(url) or self.faults.append(request.url))
        self.page.goto(url)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        faults = self.faults
        self.page.context.close()
        if error[0] is None:
            assert faults == []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def told(self, text):
        self.page.locator("#status", has_text=text).wait_for()

    def shown(self, name):
        self.page.locator("#name", has_text=name).wait_for()
        return self.page.locator("[role=option]")

    def labels(self):
        return self.page.locator(".line .name").all_text_contents()

    def faults_of_access(self):
        found = Axe().run(self.page).response["violations"]
        return [(one["id"], one["impact"]) for one in found if one["impact"] in ("serious", "critical")]


def records(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def names(review):
    import httpx

    return [httpx.get(f"{review.url}/api/documents/{number}").json()["id"] for number in range(3)]


def test_a_right_document_costs_one_key(chromium, start, folder, place):
    with start(folder, "-o", place) as review, Tab(chromium, review.url) as tab:
        for number, name in enumerate(names(review)):
            tab.shown(name).first.wait_for()
            tab.press("Enter")
            tab.told(f"Saved. {number + 1} of 3.")
            assert records(place)[-1]["id"] == name
        tab.page.get_by_role("heading", name="All documents are reviewed").wait_for()
        assert tab.page.locator("#adapt").text_content() == f"cleaner adapt {place} -o model"
        assert f"cleaner train {place} -o model" in tab.page.locator("#train").text_content()
        assert tab.faults_of_access() == []
    assert len(read_gold(place)) == 3


def test_lines_are_labelled_by_letters_and_undone(chromium, start, folder, place):
    with start(folder, "-o", place) as review, Tab(chromium, review.url) as tab:
        name = names(review)[0]
        tab.shown(name).first.wait_for()
        before = tab.labels()
        tab.press("l", "c")
        tab.told("Line 2: caption")
        assert tab.labels()[:2] == ["legal", "caption"]
        assert "yours; was" in tab.page.locator(".line .who").first.text_content()
        tab.press("z")
        tab.told("Undone")
        assert tab.labels()[:2] == ["legal", before[1]]
        tab.press("Home", "Shift+ArrowDown", "y")
        tab.told("Lines 1 to 2: byline")
        tab.press("Enter")
        tab.told("Saved. 1 of 3.")
        assert records(place)[0]["labels"] == ["byline", "byline", *before[2:]]
        assert tab.page.get_by_role("button", name="byline").text_content().endswith("2")
        tab.press("z")
        tab.told("Taken back")
        assert tab.shown(name).first.locator(".name").text_content() == "byline"
        assert records(place) == []


def test_corrections_survive_the_end_of_the_program(chromium, start, folder, place):
    with start(folder, "-o", place) as review:
        with Tab(chromium, review.url) as tab:
            tab.shown(names(review)[0]).first.wait_for()
            with tab.page.expect_response(lambda answer: answer.request.method == "PUT"):
                tab.press("l")
        review.kill()
    with start(folder, "-o", place) as review, Tab(chromium, review.url) as tab:
        tab.page.locator("#why", has_text="Begun.").wait_for()
        assert tab.labels()[0] == "legal"


def test_a_program_that_is_gone_is_told_and_nothing_is_lost(chromium, start, folder, place):
    with start(folder, "-o", place) as review:
        tab = Tab(chromium, review.url)
        first = names(review)[0]
        tab.shown(first).first.wait_for()
        port = review.port
        review.kill()
    tab.press("Enter")
    tab.page.get_by_role("alert").filter(has_text="Not saved. The review does not answer").wait_for()
    with start(folder, "-o", place, "--port", port):
        tab.press("Enter")
        tab.told("Saved. 1 of 3.")
        assert tab.page.get_by_role("alert").count() == 0
        assert [record["id"] for record in records(place)] == [first]
    tab.page.context.close()


def test_parts_of_lines_are_marked_by_keyboard_and_mouse(chromium, start, tmp_path, place):
    path = tmp_path / "clef.txt"
    line = "A clef \U0001d11e stood before the words that follow here, and nobody minded it at all, it is said."
    path.write_text(f"{line}\n{line.replace('clef', 'sharp')}\n", encoding="utf-8")
    with start(path, "-o", place) as review, Tab(chromium, review.url) as tab:
        tab.shown("clef.txt").first.wait_for()
        tab.press("b", "b", "Home", "p", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
        tab.told("Part: stood before")
        tab.press("r")
        tab.told("Part of line 1: related")
        assert tab.page.locator("mark").text_content() == "stood before"
        words = tab.page.locator(".words").nth(1)
        words.evaluate(
            """element => {
                const node = element.firstChild.firstChild;
                getSelection().setBaseAndExtent(node, node.data.indexOf("nobody"), node, node.data.indexOf(" at all"));
            }"""
        )
        tab.press("s")
        tab.told("Part of line 2: social")
        tab.press("Enter")
        tab.told("Saved. 1 of 1.")
        spans = [(span["line"], span["text"], span["label"]) for span in records(place)[0]["spans"]]
        assert spans == [(0, "stood before", "related"), (1, "nobody minded it", "social")]
        tab.press("z")
        tab.told("Taken back")
        assert tab.page.locator("mark").all_text_contents() == ["stood before", "nobody minded it"]
        tab.press("Home", "Backspace")
        assert tab.page.locator("mark").all_text_contents() == ["nobody minded it"]
        tab.press("ArrowDown", "a")
        assert tab.page.locator("mark").count() == 0
    assert len(read_gold(place)) == 0


def test_documents_before_and_after_can_be_looked_at(chromium, start, folder, place):
    with start(folder, "-o", place) as review, Tab(chromium, review.url) as tab:
        first, second, third = names(review)
        tab.shown(first).first.wait_for()
        tab.press("[")
        tab.told("no other document on that side")
        tab.press("]")
        tab.shown(second).first.wait_for()
        tab.press("Enter")
        tab.shown(first).first.wait_for()  # the next one not reviewed
        tab.press("]")
        tab.page.locator("#why", has_text="Reviewed.").wait_for()
        tab.press("]")
        tab.shown(third).first.wait_for()
        tab.press("q")
        assert [record["id"] for record in records(place)] == [second]


def test_hostile_texts_are_shown_and_do_nothing(chromium, start, tmp_path, place):
    for name, text in HOSTILE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        with start(tmp_path / name, "-o", place) as review, Tab(chromium, review.url) as tab:
            tab.shown(name).first.wait_for()
            assert tab.page.locator(".words").all_text_contents() == text.rstrip("\n").split("\n")
            assert tab.page.title() == "Review · cleaner"
            assert tab.page.locator("main img, main style, main script").count() == 0
            tab.press("p", "ArrowRight", "s", "Enter")
            tab.told("Saved. 1 of 1.")
            assert records(place)[0]["lines"] == text.rstrip("\n").split("\n")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NEW, PHONE], ids=["wide", "phone"])
def test_it_is_for_everyone(chromium, start, folder, place, scheme, size):
    with start(folder, "-o", place) as review, Tab(chromium, review.url, **size, color_scheme=scheme) as tab:
        tab.shown(names(review)[0]).first.wait_for()
        tab.press("q", "l", "ArrowUp", "b", "ArrowUp", "p")
        assert tab.faults_of_access() == []
        tab.page.locator("summary").click()
        assert tab.faults_of_access() == []
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        chosen = tab.page.locator("#lines").get_attribute("aria-activedescendant")
        assert tab.page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"


def test_it_works_by_touch_alone(chromium, start, folder, place):
    with start(folder, "-o", place) as review, Tab(chromium, review.url, **PHONE) as tab:
        lines = tab.shown(names(review)[0])
        lines.nth(1).tap()
        tab.page.get_by_role("button", name="legal").tap()
        tab.told("Line 2: legal")
        tab.page.get_by_role("button", name="accept").tap()
        tab.told("Saved. 1 of 3.")
        assert records(place)[0]["labels"][1] == "legal"
        tab.page.get_by_role("button", name="undo").tap()
        tab.told("Taken back")
        assert records(place) == []


def test_keys_held_with_others_are_the_browsers(chromium, start, folder, place):
    with start(folder, "-o", place) as review, Tab(chromium, review.url) as tab:
        tab.shown(names(review)[0]).first.wait_for()
        before = tab.labels()
        tab.press("Control+a", "Alt+d", "Control+c")
        assert tab.labels() == before
        tab.press("End", "l", "Control+z")
        tab.told("Undone")
        assert tab.labels() == before
