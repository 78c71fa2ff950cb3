import json

import pytest
from click.testing import CliRunner

from cleaner.cli import main
from tests.sites.papers import article


def test_every_line_is_shown_with_its_decision(run, article):
    head, *rows = run("explain", article).stdout.splitlines()
    assert head == "article.txt  (balanced)"
    assert [row.split()[:3] for row in rows[2:4]] == [["3", "removed", "ad"], ["4", "removed", "social"]]
    assert rows[0].split()[:3] == ["1", "kept", "body"]
    assert rows[2].endswith("  Advertisement")


def test_stretches_inside_a_line_stand_below_it(run, dirty):
    line = "The mayor said on Monday that the plan () would go ahead as agreed in the spring."
    records = [json.loads(row) for row in run("explain", "-", "--json", stdin=f"{dirty}{line}\n").stdout.splitlines()]
    assert records[-1]["mark"] == "part"
    (span,) = records[-1]["spans"]
    assert span["label"] == "artifact"
    assert span["text"] == line[span["start"] : span["end"]]
    rows = run("explain", "-", stdin=f"{dirty}{line}\n").stdout.splitlines()
    assert rows[-1].split()[0] == "artifact"


def test_json_has_one_record_a_line_with_exact_places(run, article):
    text = article.read_text(encoding="utf-8")
    records = [json.loads(row) for row in run("explain", article, "--json").stdout.splitlines()]
    assert [record["line"] for record in records] == [1, 2, 3, 4, 5]
    assert all(text[record["start"] : record["end"]] == record["text"] for record in records)
    assert [record["mark"] for record in records] == ["kept", "kept", "removed", "removed", "kept"]


def test_the_width_shortens_lines(run, article):
    assert "\N{HORIZONTAL ELLIPSIS}" in run("explain", article, "--width", 20).stdout
    assert "\N{HORIZONTAL ELLIPSIS}" not in run("explain", article, "--width", 0).stdout


def test_what_would_upset_a_terminal_is_replaced(run):
    output = run("explain", "-", stdin=b"a \x1b[31m red \xff line that is long enough to stay\n").stdout
    assert "\x1b" not in output
    assert "a \N{REPLACEMENT CHARACTER}[31m red \N{REPLACEMENT CHARACTER} line" in output


def test_records_are_explained_one_after_the_other(run, tmp_path, dirty):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": dirty}) + "\n" for _ in range(2)), encoding="utf-8")
    heads = [row for row in run("explain", tmp_path / "a.jsonl").stdout.splitlines() if row.startswith("a.jsonl:")]
    assert heads == ["a.jsonl:1  (balanced)", "a.jsonl:2  (balanced)"]


def test_files_of_several_kinds_are_explained_in_their_order(run, tmp_path, article, dirty):
    (tmp_path / "page.html").write_text("<p>High water at nine.</p><p>Advertisement", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "first", "text": dirty}) + "\n", encoding="utf-8")
    paths = [tmp_path / "page.html", article, "-", tmp_path / "a.jsonl"]
    rows = run("explain", *paths, stdin="Share this\n").stdout.splitlines()
    heads = [row.removesuffix("  (balanced)") for row in rows if row.endswith("  (balanced)")]
    assert heads == ["page.html", "article.txt", "stdin", "first"]
    records = [json.loads(row) for row in run("explain", "--json", *paths, stdin="Share this\n").stdout.splitlines()]
    assert list(dict.fromkeys(record["id"] for record in records)) == heads


def test_site_memory_is_named_where_it_decides(run, tmp_path):
    slogan, pages, memory = "Harbour Post, the paper of the pier", tmp_path / "in.jsonl", tmp_path / "known.sites"
    papers = [article(number, footer=slogan) for number in range(60)]
    rows = [json.dumps({"id": paper.id, "url": paper.url, "text": paper.body}) for paper in papers]
    pages.write_text("\n".join(rows), encoding="utf-8")
    run("sites", "learn", pages, "-o", memory)
    told = run("explain", pages, "--sites", memory, "--json").stdout.splitlines()
    sources = [record["source"] for record in map(json.loads, told) if record["text"] == slogan]
    assert sources == ["site"] * 60


def test_a_folder_is_not_a_file(run, tmp_path):
    result = run("explain", tmp_path)
    assert result.exit_code == 1
    assert "is a folder; name its files" in result.stderr


def test_what_cannot_be_read_is_named_at_the_end_and_the_rest_is_shown(run, tmp_path, article):
    (tmp_path / "a.jsonl").write_text('broken\n{"text": "Share this"}\n{"text": null}\n{"text": 5}\n', encoding="utf-8")
    (tmp_path / "page.html").write_bytes(b"%PDF-1.7 no page")
    result = run("explain", tmp_path / "a.jsonl", tmp_path / "page.html", article)
    assert result.exit_code == 1
    heads = [row for row in result.stdout.splitlines() if row.endswith("(balanced)")]
    assert [head.split()[0] for head in heads] == ["a.jsonl:2", "a.jsonl:3", "article.txt"]
    first, *faults = result.stderr.splitlines()[1:]
    assert first == "3 could not be read:"
    assert [fault.rpartition("/")[2].partition(":")[0] for fault in faults] == [
        "a.jsonl, line 1",
        "a.jsonl, line 4",
        "page.html",
    ]
    assert "a.jsonl:3: no text, but null" in result.stderr


def test_a_file_that_is_not_there_is_named_before_anything_is_shown(run, tmp_path, article):
    result = run("explain", article, tmp_path / "gone.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "gone.txt: does not exist" in result.stderr


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "warc"])
def test_records_are_not_read_from_standard_input(run, form):
    result = run("explain", "-", "--format", form, stdin=b'{"text": "Share this"}\n')
    assert result.exit_code == 2
    assert "Standard input is read as one text" in result.stderr


def test_the_tag_of_a_line_of_html_stands_beside_its_label(run, tmp_path):
    (tmp_path / "a.html").write_text("<h1>Tides</h1><p>High water at nine.</p><ul><li>Advertisement", encoding="utf-8")
    _, *rows = run("explain", tmp_path / "a.html").stdout.splitlines()
    assert [row.split()[1:3] for row in rows] == [["kept", "h1"], ["kept", "p"], ["removed", "li"]]
    assert rows[2].split()[3] == "ad"
    records = [json.loads(row) for row in run("explain", tmp_path / "a.html", "--json").stdout.splitlines()]
    assert [record["tag"] for record in records] == ["h1", "p", "li"]


def test_text_has_no_tags(run, article):
    assert "tag" not in json.loads(run("explain", article, "--json").stdout.splitlines()[0])
    (page,) = [run("explain", "--kind", "html", "-", "--json", stdin="<b>High water").stdout.splitlines()]
    assert json.loads(page[0])["tag"] == "body"


def test_a_page_that_shows_nothing_is_told_beside_the_data(run):
    done = run("explain", "-", "--kind", "html", "--json", stdin="<html><body></body></html>")
    assert done.stdout == ""
    assert "no visible line" in done.stderr


NEWS = (
    "Harbour board meets on Monday\n\nThe harbour board of Tolna met on Monday and voted to close the old pier.\n\n"
    "Latest from the newsroom in one mail each morning\n\nAcross Tolna: the ten walks that our readers like most"
)


@pytest.fixture
def explained(tmp_path):
    path = tmp_path / "news.txt"
    path.write_text(NEWS, encoding="utf-8")
    return lambda *args, **settings: CliRunner().invoke(main, ["explain", str(path), *args], **settings)


def test_what_weighed_most_stands_below_what_the_model_decided(explained):
    rows = explained("--why", "2").stdout.splitlines()
    below = rows[[row.startswith("    3 ") for row in rows].index(True) + 1 :][:3]
    assert [row[14] for row in below[:2]] == ["+", "+"]
    assert "(usually " in below[0]
    assert "said by it and around it: " in below[2]
    assert len([row for row in rows if row.startswith("    2 ")]) == 1


def test_json_says_what_weighed_of_each_line_of_the_model(explained):
    records = [json.loads(row) for row in explained("--json", "--why", "4").stdout.splitlines()]
    assert {record["source"] for record in records} == {"model"}
    assert all(len(record["why"]["features"]) == len(record["why"]["grams"]) == 4 for record in records)
    assert set(records[0]["why"]["features"][0]) == {"name", "means", "value", "usual", "weight"}


def test_reasons_can_be_left_out_and_rules_have_none(explained, run, article):
    assert "usually" not in explained("--why", "0").stdout
    assert all("why" not in json.loads(row) for row in explained("--json", "--why", "0").stdout.splitlines())
    assert "usually" not in run("explain", article).stdout


def test_colours_are_for_terminals_only_and_can_be_turned_off(explained, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m" in explained(color=True).stdout
    assert "\x1b" not in explained().stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in explained(color=True).stdout
