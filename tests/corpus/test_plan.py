import pytest

from cleaner.corpus.plan import plan_run
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
    assert plan.report == folder / "clean.txt.report.jsonl"
    assert plan.rejects == folder / "clean.txt.report.rejects.jsonl"


@pytest.mark.parametrize("out", ["other", "new/"])
def test_a_file_goes_into_a_folder_that_exists_or_is_asked_for(folder, out):
    plan = plan_run([folder / "in/sub/b.jsonl"], f"{folder}/{out}")
    assert plan.tasks[0].target == folder / out / "b.jsonl"
    assert plan.report == folder / out / "b.jsonl.report.jsonl"


def test_a_folder_goes_to_a_folder_with_one_report(folder):
    plan = plan_run([folder / "in"], str(folder / "out"))
    assert [task.target for task in plan.tasks] == [folder / "out/a.txt", folder / "out/sub/b.jsonl"]
    assert plan.report == folder / "out/report.jsonl"


def test_the_report_can_lie_elsewhere(folder):
    plan = plan_run([folder / "in"], str(folder / "out"), report=folder / "r.jsonl")
    assert plan.rejects == folder / "r.rejects.jsonl"


@pytest.mark.parametrize(
    ("paths", "out", "report", "message"),
    [
        (["in/a.txt"], "in/a.txt", None, "is the input itself"),
        (["in"], "in", None, "is the input itself"),
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
        plan_run([folder / path for path in paths], str(folder / out), report=report and folder / report)


def test_a_link_to_the_input_is_the_input(folder):
    (folder / "link.txt").symlink_to(folder / "in/a.txt")
    with pytest.raises(OutputError, match="is the input itself"):
        plan_run([folder / "in/a.txt"], str(folder / "link.txt"))
