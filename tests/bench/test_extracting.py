import json

import pytest

from bench import extracting
from bench.extracting import Kept, Output, outputs, spec
from cleaner.errors import InputError, MissingExtra, SettingError
from cleaner.lab.page_peers import PAGE_PEERS, PagePeer, named
from cleaner.lab.pages import gold_page

FULL_TEXT = next(peer for peer in PAGE_PEERS if peer.name == "resiliparse, full text")


def page(html, lang=None):
    return gold_page({"id": html, "html": html, "lang": lang, "text_gold": ""}, "s")


def run(front, *htmls, limit=30.0):
    return outputs(named(f"x=tests.bench.fronts:{front}"), [page(html) for html in htmls], limit=limit, cache=None)


def test_pages_are_extracted_in_order_in_another_process():
    assert run("blocks", "<p>One <b>x", "<p>Two\u2028 \ud800", "") == [
        Output("One ", ""),
        Output("Two\u2028 \ud800", ""),
        Output("", ""),
    ]


def test_an_extractor_is_told_the_language():
    pages = [page("<html lang='pt-BR'>"), page("<html lang='pt'>", "DE"), page("x")]
    texts = outputs(named("x=tests.bench.fronts:languages"), pages, limit=30, cache=None)
    assert [output.text for output in texts] == ["pt", "de", "en"]


def test_what_a_tool_prints_is_no_answer():
    assert run("talks", "a", "b") == [Output("a", ""), Output("b", "")]


@pytest.mark.parametrize("front", ["fails", "dies", "returns_nothing"])
def test_a_crash_is_empty_output_and_the_next_page_is_run(front):
    assert run(front, "a", "bad", "b") == [Output("a", ""), Output("", "crash"), Output("b", "")]


def test_a_page_that_takes_too_long_is_empty_output_and_the_next_page_is_run():
    assert run("hangs", "a", "bad", "b", limit=3.0) == [Output("a", ""), Output("", "timeout"), Output("b", "")]


def test_what_cannot_be_imported_is_an_error_and_a_missing_peer_another():
    with pytest.raises(SettingError, match=r"x: 'tests.bench.fronts:nothing' cannot be imported"):
        run("nothing", "a")
    absent = PagePeer("absent", "no-such-distribution", "x()", dict)
    with pytest.raises(MissingExtra, match=r"cleaner\[bench\]"):
        outputs(absent, [page("a")], limit=30, cache=None)


def test_what_is_not_imported_in_time_is_given_up(monkeypatch):
    monkeypatch.setattr(extracting, "START", 1.0)
    with pytest.raises(SettingError, match="x: is not imported after 1 seconds"):
        run("loads_forever", "a")


def test_outputs_are_kept_by_version_and_page(tmp_path):
    pytest.importorskip("resiliparse")
    pages = [page("<p>One"), page("<p>Two")]
    first = outputs(FULL_TEXT, pages, limit=30, cache=tmp_path / "kept")
    assert [output.text for output in first] == ["One", "Two"]
    (file,) = (tmp_path / "kept").iterdir()
    # What is read back is what stands in the file, so no process was begun for these pages.
    file.write_text(file.read_text(encoding="ascii").replace('"One"', '"Kept"'), encoding="ascii")
    again = outputs(FULL_TEXT, [*pages, page("<p>Three")], limit=30, cache=tmp_path / "kept")
    assert [output.text for output in again] == ["Kept", "Two", "Three"]
    assert len(file.read_text(encoding="ascii").splitlines()) == 3


def test_a_page_in_another_language_is_another_page(tmp_path):
    pytest.importorskip("resiliparse")
    outputs(FULL_TEXT, [page("<p>One", "en"), page("<p>One", "de")], limit=30, cache=tmp_path)
    (file,) = tmp_path.iterdir()
    assert len(file.read_text(encoding="ascii").splitlines()) == 2


def test_code_of_ours_is_not_kept(tmp_path):
    outputs(named("x=tests.bench.fronts:blocks"), [page("<p>One")], limit=30, cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_a_killed_run_left_unfinished_is_dropped(tmp_path):
    file = tmp_path / "a.jsonl"
    whole = json.dumps({"page": "d1", "text": "One \ud800", "fault": ""})
    file.write_text(f'{whole}\n{{"page": "d2", "te', encoding="ascii")
    kept = Kept(file)
    assert (kept.get("d1"), kept.get("d2")) == (Output("One \ud800", ""), None)
    kept.put("d2", Output("", "crash"))
    assert Kept(file).get("d2") == Output("", "crash")


def test_a_file_that_holds_something_else_is_an_error(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text('{"page": "d1"}\n', encoding="ascii")
    with pytest.raises(InputError, match="line 1: no output of a peer"):
        Kept(file)


@pytest.mark.parametrize("name", ["jusText", "trafilatura, fast", "x=tests.bench.fronts:blocks"])
def test_a_peer_is_found_again_by_its_name(name):
    assert spec(named(name)) == name
