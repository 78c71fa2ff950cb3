import json

import pytest

STORY = "".join(
    f"<p>The city council of Halden voted on day {day} to close the old bridge for repairs, officials said.</p>"
    for day in ("one", "two", "three")
)
PAGE = (
    "<!doctype html><html lang=en><meta charset=iso-8859-1><title>Bridge closed</title>"
    "<meta name=author content='Anna Berg'><body><nav>Home</nav><h1>Bridge closed</h1>"
    f"{STORY}<p>Advertisement</p><p>Caf\u00e9 *Halden* stays open.</p><p>Share this article</p>"
)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "in" / "page.html"
    path.parent.mkdir()
    path.write_bytes(PAGE.encode("latin-1"))
    return path


def report_of(path):
    return [json.loads(row) for row in path.read_text("utf-8").splitlines()]


def test_a_page_goes_to_standard_output_as_text(run, page):
    result = run("clean", page)
    assert result.exit_code == 0
    assert result.stdout.endswith("officials said.\n\nCaf\u00e9 *Halden* stays open.")
    assert "Advertisement" not in result.stdout
    assert "removed navigation 1, ad 1, social 1" in result.stderr.replace("ad 1, navigation 1", "navigation 1, ad 1")


def test_standard_input_is_known_by_its_looks_unless_told(run, page):
    assert run("clean", stdin=page.read_bytes()).stdout == run("clean", page).stdout
    assert run("clean", "--kind", "text", stdin=PAGE).stdout.startswith("<!doctype html>")
    assert run("clean", "--kind", "html", stdin="<b>High</b> water").stdout == "High water"
    assert run("clean", stdin="<b>High</b> water").stdout == "<b>High</b> water"


def test_markdown_shows_what_was_kept(run, page):
    result = run("clean", page, "--to", "markdown")
    assert result.stdout.startswith("# Bridge closed\n\nThe city council")
    assert result.stdout.endswith("\n\nCaf\u00e9 \\*Halden\\* stays open.\n")


def test_links_are_shown_on_request(run, page):
    page.write_bytes(page.read_bytes().replace(b"Halden*", b"<a href='/halden'>Halden</a>*"))
    assert "\n\nCaf\u00e9 \\*Halden\\* stays" in run("clean", page, "--to", "markdown").stdout
    assert "\n\nCaf\u00e9 \\*[Halden](/halden)\\* stays" in run("clean", page, "--to", "markdown", "--links").stdout


def test_addresses_in_records_are_seen_from_their_url(run, tmp_path):
    record = {"html": PAGE.replace("Halden*", "<a href=halden>Halden</a>*"), "url": "https://example.org/a/b"}
    (tmp_path / "in.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    asked = ("--html-field", "html", "--to", "markdown", "--links")
    run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", *asked)
    (written,) = report_of(tmp_path / "out.jsonl")
    assert "[Halden](https://example.org/a/halden)" in written["text"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--links"], "add --to markdown"),
        (["--to", "markdown", "--kind", "text"], "--kind text says that there is none"),
        (["--to", "markdown", "--front", "trafilatura"], "--front trafilatura leaves plain text"),
    ],
)
def test_markdown_where_there_can_be_none_is_refused(run, page, asked, told):
    result = run("clean", page, *asked)
    assert result.exit_code == 2
    assert told in result.stderr


def test_texts_that_became_no_markdown_are_told_of_once(run, page, dirty):
    told = "written as plain text, not as Markdown"
    for number in range(2):
        page.with_name(f"{number}.txt").write_text(dirty, encoding="utf-8")
    result = run("clean", page.parent, "-o", page.parents[1] / "out", "--to", "markdown")
    assert result.stderr.count(f"2 documents {told}") == 1
    assert told not in run("clean", page, "--to", "markdown").stderr
    assert told not in run("clean", page.with_name("0.txt")).stderr


def test_a_folder_of_pages_and_texts_keeps_them_apart(run, page, tmp_path, dirty):
    page.with_suffix(".txt").write_text(dirty, encoding="utf-8")
    result = run("clean", page.parent, "-o", tmp_path / "out", "--to", "markdown", "--visible", tmp_path / "seen")
    assert result.exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["manifest.json", "page.md", "page.txt", "report.jsonl"]
    first, second = report_of(tmp_path / "out" / "report.jsonl")
    assert (first["kind"], first["clean"], first["to"]) == ("html", "page.md", "markdown")
    assert not {"kind", "clean", "to", "visible"} & set(second)
    seen = (tmp_path / "out" / first["visible"]).read_text("utf-8")
    assert all(seen[removal["start"] : removal["end"]] == removal["text"] for removal in first["removed"])


def test_visible_text_of_one_page_lies_where_the_report_says(run, page, tmp_path):
    run("clean", page, "--report", tmp_path / "r" / "report.jsonl", "--visible", tmp_path / "seen")
    (record,) = report_of(tmp_path / "r" / "report.jsonl")
    assert len((tmp_path / "r" / record["visible"]).read_text("utf-8")) == record["chars"]


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(run, page, tmp_path):
    for name, raw in (("a.html", b"%PDF-1.4"), ("b.htm", b"\x89PNG\r\n\x1a\n"), ("c.xhtml", b"<p>caf\xe9\xe9")):
        (page.parent / name).write_bytes(raw)
    (page.parent / "d.html").write_bytes(b"<meta charset=utf-8><p>The caf\xe9 of Halden stays open until May.")
    (page.parent / "e.html").write_bytes(b"")
    result = run("clean", page.parent, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "a.html: is a PDF; extract its text first" in result.stderr
    assert "b.htm: is a PNG image" in result.stderr
    assert "1 character of pages not in their encoding, replaced by U+FFFD, in " in result.stderr
    assert "e.html: empty: the page shows no text" in result.stderr
    assert (tmp_path / "out" / "c.txt").read_text("utf-8") == "caf\u00e9\u00e9"
    assert (tmp_path / "out" / "page.txt").exists()


def test_a_field_of_html_becomes_clean_text(run, tmp_path):
    records = [{"id": "x", "html": PAGE, "n": 1}, {"html": "GIF89a"}, {"html": "<p>a", "text": "b"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    result = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--html-field", "html")
    assert result.exit_code == 1
    assert "in.jsonl, line 2: is a GIF image" in result.stderr
    assert 'line 3: has a field "text" beside "html"' in result.stderr
    (record,) = report_of(tmp_path / "out.jsonl")
    assert list(record) == ["id", "text", "n"]
    assert record["text"].startswith("Bridge closed\n\nThe city council")


def test_metadata_stand_in_report_and_records_if_asked_for(run, page, tmp_path):
    pytest.importorskip("trafilatura")
    (page.parent / "in.jsonl").write_text(json.dumps({"html": PAGE}) + "\n", encoding="utf-8")
    run("clean", page.parent, "-o", tmp_path / "out", "--html-field", "html", "--metadata")
    reports = ("report.jsonl", "in.jsonl.report.jsonl")
    told = [record["metadata"] for name in reports for record in report_of(tmp_path / "out" / name)]
    (record,) = report_of(tmp_path / "out" / "in.jsonl")
    assert told == [record["metadata"]] * 2
    assert (told[0]["title"], told[0]["author"], told[0]["language"]) == ("Bridge closed", "Anna Berg", "en")
    run("clean", page.parent, "-o", tmp_path / "bare", "--html-field", "html")
    assert "metadata" not in (tmp_path / "bare" / "report.jsonl").read_text("utf-8")


def test_trafilatura_may_stand_in_front(run, page, tmp_path):
    pytest.importorskip("trafilatura")
    result = run("clean", page, "--front", "trafilatura", "--report", tmp_path / "r.jsonl")
    assert "Home" not in result.stdout
    (record,) = report_of(tmp_path / "r.jsonl")
    assert (record["front"], record["kind"]) == ("trafilatura", "html")


def test_processes_change_no_byte_of_pages(run, page, tmp_path):
    for number in range(3):
        (page.parent / f"{number}.html").write_bytes(page.read_bytes() * (number + 1))
    for jobs in (1, 2):
        run("clean", page.parent, "-o", tmp_path / f"out{jobs}", "--to", "markdown", "--jobs", jobs)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / f"out{jobs}").glob("*.[!j]*")} for jobs in (1, 2))
    assert one == two
    assert len(one) == 4


def test_show_marks_the_lines_of_the_page(run, page):
    shown = run("clean", page, "--show").stderr
    assert "        ad | Advertisement\n" in shown
    assert "           | Bridge closed\n" in shown


def test_kind_text_and_a_field_of_html_exclude_each_other(run, page):
    result = run("clean", page, "--kind", "text", "--html-field", "html")
    assert result.exit_code == 2
    assert "leave --kind text out" in result.stderr


def test_visible_text_is_written_over_no_other_result(run, tmp_path):
    for option in ("-o", "--report"):
        result = run("clean", "-", option, tmp_path / "stdin.txt", "--visible", tmp_path, stdin=PAGE)
        assert result.exit_code == 1
        assert "would be written twice" in result.stderr


def test_a_page_is_restored_to_its_visible_text(run, page, tmp_path):
    run("clean", page.parent, "-o", tmp_path / "out", "--visible", tmp_path / "seen")
    assert run("restore", tmp_path / "out", tmp_path / "out", "-o", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "page.txt").read_bytes() == (tmp_path / "seen" / "page.html.txt").read_bytes()
