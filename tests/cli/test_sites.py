import json
from dataclasses import replace

import pytest

from cleaner.sites import load_memory
from tests.sites.papers import FOOTER, article


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "in.jsonl"
    write(path, [(article(number), {}) for number in range(8)])
    return path


def write(path, documents):
    records = [{"id": document.id, "text": document.body, "url": document.url, **more} for document, more in documents]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def article_without_address(number):
    return replace(article(number), url=None)


def test_learn_and_show(run, corpus, tmp_path):
    result = run("sites", "learn", corpus, "-o", tmp_path / "known.sites")
    assert result.exit_code == 0
    assert "8 documents learned from; 1 lines of 1 sites known" in result.stderr
    shown = run("sites", "show", "https://harbour.example/", "--sites", tmp_path / "known.sites").stdout
    assert "harbour.example: 8 documents" in shown
    assert f"        8 100.0%    0%  100%  {FOOTER}\n" in shown
    listed = run("sites", "show", "--sites", tmp_path / "known.sites").stdout
    assert listed == "        8  harbour.example\n"


def test_show_as_json(run, corpus, tmp_path):
    run("sites", "learn", corpus, "-o", tmp_path / "known.sites")
    row = run("sites", "show", "harbour.example", "--sites", tmp_path / "known.sites", "--json").stdout
    assert json.loads(row)["text"] == FOOTER
    row = run("sites", "show", "--sites", tmp_path / "known.sites", "--json").stdout
    assert json.loads(row) == {"site": "harbour.example", "documents": 8}


def test_an_unknown_domain_is_a_wrong_usage(run, corpus, tmp_path):
    run("sites", "learn", corpus, "-o", tmp_path / "known.sites")
    result = run("sites", "show", "nowhere.example", "--sites", tmp_path / "known.sites")
    assert result.exit_code == 2
    assert "Nothing is known of" in result.stderr


def test_a_field_may_name_the_site(run, tmp_path):
    write(tmp_path / "in.jsonl", [(article(number), {"paper": "The  Post"}) for number in range(3)])
    run("sites", "learn", tmp_path / "in.jsonl", "-o", tmp_path / "known.sites", "--site-field", "paper")
    assert list(load_memory(tmp_path / "known.sites").sites) == ["the post"]


def test_updated_and_merged(run, corpus, tmp_path):
    more = tmp_path / "more.jsonl"
    write(more, [(article(number), {}) for number in range(8, 12)])
    for path in (corpus, more):
        run("sites", "learn", path, "-o", path.with_suffix(".sites"), "--whole")
    merged = tmp_path / "merged.sites"
    result = run("sites", "merge", more.with_suffix(".sites"), corpus.with_suffix(".sites"), "-o", merged)
    assert "of 1 sites known" in result.stderr
    run("sites", "learn", more, "-o", corpus.with_suffix(".sites"), "--whole", "--update")
    assert corpus.with_suffix(".sites").read_bytes() == merged.read_bytes()
    run("sites", "merge", merged, "-o", tmp_path / "lean.sites", "--lean")
    run("sites", "learn", corpus, more, "-o", tmp_path / "once.sites")
    assert (tmp_path / "lean.sites").read_bytes() == (tmp_path / "once.sites").read_bytes()


def test_what_is_named_twice_counts_once(run, corpus, tmp_path):
    (tmp_path / "link.jsonl").symlink_to(corpus)
    once, twice = tmp_path / "known/once.sites", tmp_path / "known/twice.sites"
    run("sites", "learn", corpus, "-o", once)
    result = run("sites", "learn", tmp_path, corpus, tmp_path / "link.jsonl", corpus, "-o", twice)
    assert "8 documents learned from; 1 lines of 1 sites known" in result.stderr
    assert twice.read_bytes() == once.read_bytes()
    run("sites", "merge", once, once, "-o", twice)
    assert load_memory(twice).documents.tolist() == [8]


def test_a_memory_that_is_used_is_not_overwritten(run, corpus, tmp_path):
    known = tmp_path / "known.sites"
    run("sites", "learn", corpus, "-o", known)
    before = known.read_bytes()
    for words in (("-o", known), ("-o", tmp_path / "out.jsonl", "--report", known)):
        result = run("clean", corpus, "--sites", known, *words)
        assert result.exit_code == 1
        assert "known.sites: is the input itself; choose another output" in result.stderr
    assert known.read_bytes() == before


def test_an_update_that_was_complete_is_not_counted_again(run, corpus, tmp_path):
    known = tmp_path / "known.sites"
    run("sites", "learn", corpus, "-o", known)
    run("sites", "learn", corpus, "-o", known, "--update", "--resume")
    result = run("sites", "learn", corpus, "-o", known, "--update", "--resume")
    assert result.exit_code == 0
    assert f"{known} holds these documents already; to count them again, leave --resume out" in result.stderr
    assert load_memory(known).documents.tolist() == [16]


def test_what_cannot_be_read_is_told_and_the_rest_is_learned(run, corpus, tmp_path):
    corpus.write_text(corpus.read_text(encoding="utf-8") + "{broken\n", encoding="utf-8")
    result = run("sites", "learn", corpus, "-o", tmp_path / "known.sites")
    assert result.exit_code == 1
    assert "in.jsonl, line 9" in result.stderr
    assert "1 could not be read" in result.stderr
    assert load_memory(tmp_path / "known.sites").documents.tolist() == [8]


def test_texts_without_a_site_are_told(run, corpus, article, tmp_path):
    result = run("sites", "learn", article, corpus, "-o", tmp_path / "known.sites")
    assert result.exit_code == 0
    assert "1 documents name no site" in result.stderr


def test_where_no_document_names_its_site_the_way_out_is_told(run, article, tmp_path):
    known = tmp_path / "known.sites"
    result = run("sites", "learn", article, "-o", known)
    assert result.exit_code == 1
    assert "article.txt: none of 1 documents names its site; records need the address in a field url" in result.stderr
    assert "--site-field" in result.stderr
    write(tmp_path / "in.jsonl", [(article_without_address(number), {}) for number in range(3)])
    result = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--learn-sites")
    assert result.exit_code == 1
    assert "none of 3 documents names its site" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "in.jsonl"]


def test_where_nothing_can_be_read_that_is_told(run, tmp_path):
    (tmp_path / "in.jsonl").write_text("{broken\n", encoding="utf-8")
    result = run("sites", "learn", tmp_path / "in.jsonl", "-o", tmp_path / "known.sites")
    assert result.exit_code == 1
    assert "has no document to learn from; 1 could not be read, first" in result.stderr
    assert not (tmp_path / "known.sites").exists()


def test_the_help_says_every_command_in_full(run):
    assert "..." not in run("sites", "--help").stdout.partition("Commands:")[2]


def test_standard_input_cannot_be_taken_up_again(run, tmp_path):
    result = run("sites", "learn", "-", "-o", tmp_path / "known.sites", "--resume", stdin="The board met.")
    assert result.exit_code == 1
    assert "--resume needs files" in result.stderr


@pytest.mark.parametrize("words", [["learn"], ["merge"]])
def test_the_input_is_never_written_over(run, corpus, words):
    result = run("sites", *words, corpus, "-o", corpus)
    assert result.exit_code == 2
    assert "name another file" in result.stderr


def test_what_is_no_memory_is_told_in_one_line(run, corpus, tmp_path):
    result = run("sites", "merge", corpus, "-o", tmp_path / "out.sites")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {corpus}: is no site memory; cleaner sites learn makes one\n",
    )
    assert not (tmp_path / "out.sites").exists()


def test_cleaning_with_what_was_learned(run, tmp_path):
    slogan = "Harbour Post, the paper of the pier"
    write(tmp_path / "in.jsonl", [(article(number, footer=slogan), {}) for number in range(50)])
    run("sites", "learn", tmp_path / "in.jsonl", "-o", tmp_path / "known.sites")
    run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "plain.jsonl")
    result = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--sites", tmp_path / "known.sites")
    assert result.exit_code == 0
    rows = [json.loads(row) for row in (tmp_path / "out.jsonl.report.jsonl").read_text().splitlines()]
    assert {removal["source"] for row in rows for removal in row["removed"]} == {"site"}
    assert slogan in (tmp_path / "plain.jsonl").read_text()
    assert slogan not in (tmp_path / "out.jsonl").read_text()


def test_cleaning_with_a_missing_memory_says_how_to_learn_it(run, corpus, tmp_path):
    result = run("clean", corpus, "-o", tmp_path / "out.jsonl", "--sites", tmp_path / "none")
    assert result.exit_code == 1
    assert "learn it: cleaner sites learn" in result.stderr


def test_two_passes_in_one_command_are_learning_and_cleaning(run, corpus, tmp_path):
    run("sites", "learn", corpus, "-o", tmp_path / "known.sites")
    run("clean", corpus, "-o", tmp_path / "two.jsonl", "--sites", tmp_path / "known.sites")
    result = run("clean", corpus, "-o", tmp_path / "one.jsonl", "--learn-sites")
    assert result.exit_code == 0
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert (tmp_path / "one.jsonl.sites").read_bytes() == (tmp_path / "known.sites").read_bytes()
    assert FOOTER not in (tmp_path / "one.jsonl").read_text("utf-8")
    assert json.loads((tmp_path / "one.jsonl.manifest.json").read_bytes())["settings"]["sites"]


def test_two_passes_need_a_place_for_what_they_learn(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The board met.", encoding="utf-8")
    result = run("clean", "a.txt", "--learn-sites")
    assert result.exit_code == 2
    assert "--learn-sites leaves a file beside the results; name them with -o" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_two_passes_need_a_file_that_can_be_read_twice(run, tmp_path):
    result = run("clean", "-o", tmp_path / "out.txt", "--learn-sites", stdin="The board met.")
    assert result.exit_code == 1
    assert "standard input: cannot be read twice" in result.stderr
