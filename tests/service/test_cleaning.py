"""Every way in gives what `clean_many` gives."""

import json
from pathlib import Path

import pytest

import cleaner
from cleaner import Cleaner, Document

TEXTS = [
    "Share this\nThe council met on Monday and voted to close the bridge.\nAdvertisement\nREAD: Where to park now\n",
    "By Jane Doe\nThe river rose by two metres overnight, and the road to Halden was closed.\n",
    "",
    "Der Rat stimmte am Montag für die Sanierung der Brücke.\nNewsletter abonnieren\nFoto: Stadt Halden",
    "A lone \ud800 half of a pair stood in the text.\nAdvertisement\n",
    "line\r\nends\r\nof\u2028all sorts \x00 and a NUL\r\nAdvertisement\r\n",
]
PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))
SETTINGS = [
    {},
    {"mode": "careful"},
    {"mode": "thorough", "keep": ["caption", "byline"]},
    {"drop": ["headline"], "threshold": 0.3},
    {"rules_only": True},
    {"threshold": 1},
]


def documents():
    pages = [Document(path.name, path.read_text("utf-8"), "html") for path in PAGES]
    return [*(Document(str(at), text) for at, text in enumerate(TEXTS)), *pages]


def expected(docs, **settings):
    return [
        {"text": one.text, "report": json.loads(json.dumps(one.report.as_dict()))}
        for one in cleaner.clean_many(docs, **settings)
    ]


def as_items(docs):
    return [{"id": doc.id, "text": doc.body, "kind": doc.kind} for doc in docs]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_batch_is_cleaned_as_clean_many_cleans_it(service, settings):
    body = json.dumps({"documents": as_items(documents()), **settings}).encode()
    answer = service.send("/clean-many", body)
    assert answer.status_code == 200
    assert answer.json()["documents"] == expected(documents(), **settings)


def test_documents_alone_are_cleaned_as_in_a_batch(service):
    docs = documents()
    alone = [service.send("/clean", json.dumps(item).encode()).json() for item in as_items(docs)]
    assert alone == expected(docs)


def test_the_kind_is_told_by_looks_unless_it_is_said(service):
    page = "<html><body><p>High water at nine.</p><p>Advertisement</p></body></html>"
    assert service.post("/clean", {"text": page}).json()["text"] == cleaner.clean(page).text
    as_text = service.post("/clean", {"text": page, "kind": "text"}).json()
    assert as_text["text"] == cleaner.clean(page, kind="text").text
    items = [{"text": page}, {"text": page, "kind": "html"}]
    of_batch = service.post("/clean-many", {"documents": items, "kind": "text"}).json()["documents"]
    assert [one["report"].get("kind", "text") for one in of_batch] == ["text", "html"]


def test_documents_without_id_are_numbered_in_a_batch(service):
    answers = service.post("/clean-many", {"documents": [{"text": "One."}, {"text": "Two.", "id": "b"}]}).json()
    assert [one["report"]["id"] for one in answers["documents"]] == ["0", "b"]


def test_an_empty_batch_has_an_empty_answer(service):
    assert service.post("/clean-many", {"documents": []}).json() == {"documents": []}


def test_a_page_can_become_markdown_with_its_visible_text_beside_it(service):
    page = "<html><body><h1>Tides</h1><ul><li>High at nine, low at three.</li></ul></body></html>"
    asked = {"text": page, "to": "markdown", "page_text": True, "threshold": 1}
    answer = service.post("/clean", asked).json()
    assert answer["text"] == "# Tides\n\n- High at nine, low at three.\n"
    assert answer["page_text"] == cleaner.visible_text(page)
    linked = {**asked, "text": page.replace("nine", "<a href='/9'>nine</a>"), "url": "https://tides.example/today"}
    assert service.post("/clean", linked).json()["text"] == answer["text"]
    linked_text = service.post("/clean", {**linked, "links": True}).json()["text"]
    assert linked_text == "# Tides\n\n- High at [nine](https://tides.example/9), low at three.\n"
    assert "page_text" not in service.post("/clean", {**asked, "text": "Plain."}).json()


@pytest.mark.parametrize("to", [{}, {"to": "text"}])
@pytest.mark.parametrize("body", [{"text": "<p>Tides.</p>"}, {"documents": []}])
def test_links_without_markdown_are_refused(service, body, to):
    answer = service.post("/clean" if "text" in body else "/clean-many", {**body, **to, "links": True})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["place"]) == (422, "contradiction", "links")
    assert '"to": "markdown"' in error["remedy"]
    assert service.post("/clean", {"text": "Tides.", "links": False}).status_code == 200


def test_a_page_that_is_none_is_told_in_its_place_and_the_others_are_cleaned(service):
    items = [{"text": TEXTS[0]}, {"text": "%PDF-1.7", "kind": "html"}, {"text": TEXTS[1], "id": "last"}]
    first, none, last = service.post("/clean-many", {"documents": items}).json()["documents"]
    assert first["text"] == cleaner.clean(TEXTS[0]).text
    assert (none["id"], none["error"]["code"], none["error"]["place"]) == (
        "1",
        "unreadable-document",
        "documents.1.text",
    )
    assert "PDF" in none["error"]["reason"]
    assert last["report"]["id"] == "last"
    alone = service.post("/clean", {"text": "%PDF-1.7", "kind": "html"})
    assert (alone.status_code, alone.json()["error"]["code"]) == (422, "unreadable-document")


def test_a_text_of_too_many_lines_is_called_no_page(service):
    answer = service.post("/clean", {"text": "a\n" * 500_001})
    assert answer.status_code == 422
    assert answer.json()["error"]["reason"].startswith("the document has more than 500,000 lines, which one text may")


def test_what_a_request_leaves_out_is_as_the_service_was_started(start):
    with start("--no-model", "--keep", "social", "--mode", "careful") as service:
        assert service.get("/health").json()["models"] == {"text": None, "html": None}
        plain = service.post("/clean", {"text": TEXTS[0]}).json()
        default = Cleaner(rules_only=True, keep=("social",), mode="careful")
        assert plain["report"] == default.clean(TEXTS[0]).report.as_dict()
        other = service.post("/clean", {"text": TEXTS[0], "keep": [], "rules_only": False}).json()
        assert other["report"] == Cleaner(mode="careful").clean(TEXTS[0]).report.as_dict()
