"""What earlier runs left in a folder that is read again."""

import json
import shutil

import pytest

from cleaner import Cleaner
from cleaner.corpus import find
from cleaner.corpus.endings import Format
from cleaner.corpus.job import Writing
from cleaner.corpus.plan import Asked, PageFiles, plan_run
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.errors import OutputError

ENGINE, ASKED = Cleaner(rules_only=True), Asked()
PAGE = "<html><body><p>The board met on Monday in Halden.</p></body></html>"


@pytest.fixture
def raw(tmp_path, dirty):
    folder = tmp_path / "raw"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.jsonl", "sub/b.jsonl"):
        (folder / name).write_text(json.dumps({"id": name, "text": dirty}) + "\n", encoding="utf-8")
    (folder / "c.txt").write_text(dirty, encoding="utf-8")
    (folder / "d.html").write_text(PAGE, encoding="utf-8")
    return folder


NAMES = ["a.jsonl", "c.txt", "d.html", "sub/b.jsonl"]


def run(path, out, asked=ASKED, **settings):
    plan = plan_run(path if isinstance(path, list) else [path], str(out), asked)
    clean_corpus(ENGINE, plan, Settings(**settings))
    return plan


def names(folder, leave_out=None):
    return [source.name for source in find([folder], leave_out=leave_out)]


def test_a_folder_of_results_within_is_left_out(raw):
    run(raw, raw / "clean")
    again = plan_run([raw], str(raw / "clean-again"))
    assert [task.source.name for task in again.tasks] == NAMES
    assert again.earlier == 4
    clean_corpus(ENGINE, again, Settings())
    assert plan_run([raw], str(raw / "third")).earlier == 8


def test_results_of_results_are_left_out(raw):
    run(raw, raw / "clean")
    run(raw / "clean", raw / "twice")
    assert names(raw) == NAMES


def test_results_beside_their_inputs_are_left_out(raw):
    run(raw / "a.jsonl", raw / "a-clean.jsonl")
    run(raw / "c.txt", raw / "c-clean.txt")
    run([raw / "d.html", raw / "sub/b.jsonl"], f"{raw / 'mixed'}/", Asked(pages=PageFiles(visible=raw / "seen")))
    assert (raw / "seen" / "d.html.txt").exists()
    assert names(raw) == NAMES


def test_results_above_their_inputs_are_left_out(raw):
    run(raw / "sub", raw)
    assert (raw / "b.jsonl").exists()
    assert names(raw) == NAMES


def test_results_under_other_names_are_left_out(raw):
    run([raw / "c.txt", raw / "a.jsonl"], f"{raw / 'records'}/", Asked(into=Format.JSONL))
    assert names(raw) == NAMES


def test_a_tree_that_was_moved_tells_the_same(raw, tmp_path):
    run(raw, raw / "clean")
    shutil.move(raw, tmp_path / "elsewhere")
    assert names(tmp_path / "elsewhere") == NAMES


def test_a_folder_of_results_that_is_named_is_read(raw):
    run(raw, raw / "clean")
    assert names(raw / "clean") == ["a.jsonl", "c.txt", "d.txt", "sub/b.jsonl"]
    assert names(raw / "clean" / "sub") == ["b.jsonl"]


def test_results_of_what_lies_elsewhere_are_read(raw, tmp_path):
    for name in ("a.jsonl", "c.txt"):
        run(raw / name, tmp_path / "all" / name)
    run(raw / "sub", tmp_path / "all" / "part")
    assert names(tmp_path / "all") == ["a.jsonl", "c.txt", "part/b.jsonl"]


def test_results_are_read_when_their_inputs_are_gone(raw):
    run(raw / "a.jsonl", raw / "a-clean.jsonl")
    (raw / "a.jsonl").unlink()
    assert names(raw) == ["a-clean.jsonl", *NAMES[1:]]


@pytest.mark.parametrize("told", ["", "{", "[]", '{"path": 5, "made": ["a.jsonl"]}', '{"path": "c.txt", "made": 5}'])
def test_other_manifests_and_reports_say_nothing(raw, told):
    for name in ("manifest.json", "a.jsonl.manifest.json", "a.jsonl.report.jsonl", "c.txt.report.jsonl"):
        (raw / name).write_text(told, encoding="utf-8")
    assert names(raw) == NAMES


def test_the_report_of_a_record_that_is_called_like_a_file_says_nothing(raw):
    (raw / "e.jsonl").write_text(json.dumps({"id": "c.txt", "text": "Share this"}) + "\n", encoding="utf-8")
    run(raw / "e.jsonl", f"{raw / 'e'}/")
    shutil.copy(raw / "e" / "e.jsonl.report.jsonl", raw)
    assert "e.jsonl" in names(raw)


def test_the_folder_that_is_read_is_no_output(raw):
    for out in (raw, raw / "sub" / ".."):
        with pytest.raises(OutputError, match="is the folder that is read"):
            plan_run([raw], str(out))
    run(raw, raw, Asked(only="annotations"), writing=Writing(annotate=True))
    assert names(raw) == NAMES


def test_nothing_else_is_written_among_the_inputs(raw):
    """Saved texts and a report would be read the next time, unless they are called so or lie with the results."""
    with pytest.raises(OutputError, match=r"seen: lies in .*/raw, where it would be read as an input; name another"):
        plan_run([raw], str(raw / "clean"), Asked(pages=PageFiles(visible=raw / "seen")))
    with pytest.raises(OutputError, match=r"call it removed.jsonl.report.jsonl"):
        plan_run([raw], str(raw / "clean"), Asked(report=raw / "removed.jsonl"))
    for asked in (Asked(report=raw / "removed.report.jsonl"), Asked(report=raw / "removed.log")):
        run(raw, raw / "clean", asked)
        assert names(raw) == NAMES
    run(raw, raw / "clean", Asked(report=raw / "clean" / "r.jsonl", pages=PageFiles(visible=raw / "clean" / "seen")))
    assert names(raw) == NAMES


def test_what_an_earlier_run_left_among_the_results_is_told(raw, tmp_path):
    out = tmp_path / "out"
    assert run(raw, out).left == ()
    assert plan_run([raw], str(out)).left == ()
    (out / "own.txt").write_text("mine", encoding="utf-8")
    (raw / "sub/b.jsonl").unlink()
    told = [path.relative_to(out).as_posix() for path in plan_run([raw], str(out)).left]
    assert told == ["sub/b.jsonl", "sub/b.jsonl.report.jsonl"]
    told = plan_run([raw], str(out), Asked(report=out / "all.jsonl", pages=PageFiles(to="markdown"))).left
    names = ["a.jsonl.report.jsonl", "d.txt", "report.jsonl", "sub/b.jsonl", "sub/b.jsonl.report.jsonl"]
    assert [path.relative_to(out).as_posix() for path in told] == names


def test_texts_saved_elsewhere_are_not_among_the_results(raw, tmp_path):
    run(raw, tmp_path / "out", Asked(pages=PageFiles(visible=tmp_path / "seen")))
    assert (tmp_path / "seen/d.html.txt").exists()
    assert plan_run([raw], str(tmp_path / "out")).left == ()
