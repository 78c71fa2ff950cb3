import os
from pathlib import Path

import pytest

from cleaner.corpus.endings import Format
from cleaner.corpus.plan import Asked, PageFiles, plan_run
from cleaner.errors import OutputError


@pytest.fixture
def folder(tmp_path):
    for name in ("in/a.txt", "in/sub/b.jsonl", "other/a.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return tmp_path


def test_a_file_goes_to_a_file_with_its_report_beside_it(folder):
    plan = plan_run([folder / "in/a.txt"], str(folder / "clean.txt"))
    assert [task.target for task in plan.tasks] == [folder / "clean.txt"]
    assert plan.reports == (folder / "clean.txt.report.jsonl",)
    assert plan.rejects == folder / "clean.txt.rejects.jsonl"


@pytest.mark.parametrize("out", ["other", "new/"])
def test_a_file_goes_into_a_folder_that_exists_or_is_asked_for(folder, out):
    plan = plan_run([folder / "in/sub/b.jsonl"], f"{folder}/{out}")
    assert plan.tasks[0].target == folder / out / "b.jsonl"
    assert plan.reports == (folder / out / "b.jsonl.report.jsonl",)


def test_a_folder_goes_to_a_folder_with_a_report_for_its_texts_and_one_beside_each_file_of_records(folder):
    plan = plan_run([folder / "in"], str(folder / "out"))
    assert [task.target for task in plan.tasks] == [folder / "out/a.txt", folder / "out/sub/b.jsonl"]
    assert plan.reports == (folder / "out/report.jsonl", folder / "out/sub/b.jsonl.report.jsonl")
    assert plan.rejects == folder / "out/rejects.jsonl"
    assert plan.manifest == folder / "out/manifest.json"


def test_the_report_can_lie_elsewhere(folder):
    plan = plan_run([folder / "in"], str(folder / "out"), Asked(report=folder / "r.jsonl"))
    assert plan.reports == (folder / "r.jsonl",)
    assert plan.rejects == folder / "r.rejects.jsonl"


@pytest.mark.parametrize(
    ("paths", "out", "report", "message"),
    [
        (["in/a.txt"], "in/a.txt", None, "is the input itself"),
        (["in"], "in", None, "is the folder that is read"),
        (["in/a.txt"], "in", None, "is the input itself"),
        (["in/a.txt"], "out.txt", "in/a.txt", "is the input itself"),
        (["in", "other"], "out", None, "would be written twice, from .*in/a.txt and from .*other/a.txt"),
        (["in/a.txt", "in/a.txt"], "out", None, "would be written twice"),
        (["in/a.txt"], "out.txt", "out.txt", "would be written twice, from the report"),
        (["in"], "other/a.txt", None, "is a file; several documents need a folder"),
    ],
)
def test_nothing_is_overwritten_or_written_twice(folder, paths, out, report, message):
    with pytest.raises(OutputError, match=message):
        plan_run([folder / path for path in paths], str(folder / out), Asked(report=report and folder / report))


def test_a_link_to_the_input_is_the_input(folder):
    (folder / "link.txt").symlink_to(folder / "in/a.txt")
    with pytest.raises(OutputError, match="is the input itself"):
        plan_run([folder / "in/a.txt"], str(folder / "link.txt"))


def planned(folder, *names, out="out", **options):
    for name in names:
        (folder / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "web" / name).write_text("x", encoding="utf-8")
    plan = plan_run([folder / "web"], str(folder / out), Asked(pages=PageFiles(**options)))
    return {task.source.name: task.target.relative_to(folder / out).as_posix() for task in plan.tasks}, plan


@pytest.mark.parametrize(
    ("names", "options", "targets"),
    [
        (["a.html", "sub/b.HTM"], {}, ["a.txt", "sub/b.txt"]),
        (["a.html", "b.txt"], {"to": "markdown"}, ["a.md", "b.txt"]),
        (["a.html", "a.txt"], {}, ["a.html.txt", "a.txt"]),
        (["a.htm", "a.html", "a.xhtml"], {"to": "markdown"}, ["a.htm.md", "a.html.md", "a.xhtml.md"]),
        (["a.b.html"], {}, ["a.b.txt"]),
        (["a.html", "b.jsonl"], {"to": "markdown"}, ["a.md", "b.jsonl"]),
        (["a.html"], {"kind": "text"}, ["a.html"]),
        (["a.txt"], {"kind": "html", "to": "markdown"}, ["a.md"]),
    ],
)
def test_pages_get_names_of_what_they_become_and_never_the_same(folder, names, options, targets):
    assert list(planned(folder, *names, **options)[0].values()) == targets


def test_a_long_name_that_is_taken_too_stops_the_run(folder):
    with pytest.raises(OutputError, match="would be written twice"):
        planned(folder, "a.html", "a.txt", "a.html.txt")


def test_a_page_is_not_written_over_a_text_beside_it(folder):
    (folder / "mixed").mkdir()
    for name in ("a.html", "a.txt"):
        (folder / "mixed" / name).write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="is the input itself"):
        plan_run([folder / "mixed" / "a.html"], str(folder / "mixed" / "a.html"))
    with pytest.raises(OutputError, match="is the input itself"):
        plan_run([folder / "mixed" / "a.html", folder / "mixed" / "a.txt"], str(folder / "mixed"))


def test_the_report_says_where_clean_and_visible_text_lie(folder):
    _, plan = planned(folder, "a.html", "b.jsonl.gz", to="markdown", visible=folder / "seen")
    rows = [task.page for task in plan.tasks]
    assert rows == [("a.md", "markdown", "../seen/a.html.txt"), ("", "markdown", "../seen/b.jsonl")]


def test_visible_text_is_written_over_nothing(folder):
    with pytest.raises(OutputError, match=r"would be written twice, from .* and from the visible text of .*b\.jsonl"):
        planned(folder, "b.jsonl", visible=folder / "out")


def test_attributes_are_records_whatever_their_documents_are(folder):
    plan = plan_run([folder / "in"], str(folder / "out"), Asked(only="attributes"))
    assert [task.target for task in plan.tasks] == [folder / "out/a.jsonl", folder / "out/sub/b.jsonl"]
    assert plan.reports == ()


@pytest.mark.parametrize(
    ("name", "out", "ways"),
    [
        ("b.jsonl", "b.parquet", "jsonl"),
        ("b.csv", "b.parquet", "csv or jsonl"),
        ("b.parquet", "b.arrow", "parquet or jsonl"),
    ],
)
def test_what_cannot_be_made_is_named_with_what_can_be_once_each(folder, name, out, ways):
    (folder / name).write_bytes(b"")
    with pytest.raises(OutputError, match=rf"cannot be \w+ made of \w+; write {ways}$"):
        plan_run([folder / name], str(folder / out))


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_is_the_same_by_all_its_names(folder, name):
    plan = plan_run([folder / "in/a.txt"], name, Asked(report=folder / "r.jsonl"))
    assert plan.tasks[0].target == plan.out == Path("-")
    assert plan_run([folder / "in/a.txt"], name).reports == ()


def test_nothing_lies_beside_a_pipe_or_a_device(folder):
    os.mkfifo(folder / "pipe")
    plan = plan_run([folder / "in/sub/b.jsonl"], str(folder / "pipe"))
    assert (plan.reports, plan.rejects, plan.manifest) == ((), None, None)
    plan = plan_run([folder / "in/sub/b.jsonl"], str(folder / "out.jsonl"), Asked(report=folder / "pipe"))
    assert plan.rejects == folder / "out.rejects.jsonl"


@pytest.mark.parametrize(
    ("out", "told"), [("-", "standard output"), ("/dev/stdout", "standard output"), ("pipe", "pipe")]
)
def test_formats_that_need_a_file_are_not_written_to_a_stream(folder, monkeypatch, out, told):
    monkeypatch.chdir(folder)
    os.mkfifo(folder / "pipe")
    (folder / "in/a.txt").rename(folder / "a.parquet")
    with pytest.raises(OutputError, match=f"^{told}: is no file, as parquet needs; name one, or write jsonl"):
        plan_run([folder / "a.parquet"], out)
    assert plan_run([folder / "a.parquet"], out, Asked(into=Format.JSONL)).tasks[0].format is Format.JSONL
