"""The pages in docs/pipelines run as written, and so do the examples they show."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "pipelines"
EXAMPLES = ROOT / "examples" / "pipelines"
NEEDS = {
    "sklearn.md": ["sklearn"],
    "datasets.md": ["datasets"],
    "polars-pandas.md": ["polars", "pandas"],
    "datatrove.md": ["datatrove"],
    "ray.md": ["ray"],
    "spark.md": ["pyspark"],
}
CLEAN = "The council met on Monday and voted to close the bridge.\n"
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "OMP_NUM_THREADS": "1",  # threads of scikit-learn that wait for each other take ages on a busy machine
}


def blocks(page, language):
    tokens = MarkdownIt().parse((PAGES / page).read_text("utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


def run(folder, *command):
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, check=False, capture_output=True, text=True, timeout=900
    )


@pytest.mark.parametrize("page", NEEDS)
def test_the_python_of_a_page_prints_what_the_page_says(page, tmp_path):
    for package in NEEDS[page]:
        pytest.importorskip(package)
    if page == "spark.md" and shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks(page, "python")), "utf-8")
    done = run(tmp_path, sys.executable, script)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(blocks(page, "text"))


def test_every_page_is_in_the_table_of_pages():
    index = (PAGES / "README.md").read_text("utf-8")
    for page in PAGES.glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in index


@pytest.fixture
def texts(tmp_path):
    (tmp_path / "raw").mkdir()
    for name in "ab":
        row = {"id": name, "text": f"Share this\n{CLEAN}"}
        (tmp_path / "raw" / f"{name}.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    return tmp_path


def make(folder, *targets):
    return run(folder, "make", "-f", EXAMPLES / "Makefile", *targets)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_makefile_cleans_what_changed_and_nothing_else(texts):
    assert blocks("make-and-hooks.md", "make") == [(EXAMPLES / "Makefile").read_text("utf-8")]
    done = make(texts, "stats")
    assert done.returncode == 0, done.stderr
    assert json.loads((texts / "clean" / "a.jsonl").read_text("utf-8"))["text"] == CLEAN
    assert "social" in done.stdout
    assert "cleaner clean" not in make(texts).stdout
    later = (texts / "clean" / "a.jsonl").stat().st_mtime + 5
    os.utime(texts / "raw" / "a.jsonl", (later, later))
    assert make(texts).stdout.count("cleaner clean") == 1


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_record_that_cannot_be_read_stops_make_and_leaves_nothing_half_done(texts):
    (texts / "raw" / "b.jsonl").write_text("no json\n", "utf-8")
    done = make(texts)
    assert done.returncode != 0
    assert "b.jsonl" in done.stderr
    assert not (texts / "clean" / "b.jsonl").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_hook_keeps_boilerplate_out_of_a_repository(tmp_path):
    def git(*arguments):
        return run(tmp_path, "git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *arguments)

    git("init", "-q")
    shutil.copy(EXAMPLES / "pre-commit", tmp_path / ".git" / "hooks" / "pre-commit")
    shutil.copy(EXAMPLES / "check-clean", tmp_path)
    (tmp_path / "good one.txt").write_text(CLEAN, "utf-8")
    git("add", "good one.txt")
    assert git("commit", "-qm", "good").returncode == 0
    (tmp_path / "bad.txt").write_text(f"Share this\n{CLEAN}", "utf-8")
    git("add", "bad.txt")
    refused = git("commit", "-qm", "bad")
    assert refused.returncode != 0
    assert "have boilerplate" in refused.stderr
    assert "bad.txt" in refused.stderr
    assert git("log", "--format=%s").stdout == "good\n"


def test_files_of_one_name_and_names_like_options_are_checked(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(CLEAN, "utf-8")
    (tmp_path / "-d.txt").write_text(CLEAN, "utf-8")
    names = ("a/note.txt", "b/note.txt", "-d.txt")
    done = run(tmp_path, EXAMPLES / "check-clean", *names)
    assert done.returncode == 0, done.stderr
    (tmp_path / "b" / "note.txt").write_text(f"Share this\n{CLEAN}", "utf-8")
    refused = run(tmp_path, EXAMPLES / "check-clean", *names)
    assert refused.returncode == 1
    assert "have boilerplate in them; clean them with: cleaner clean FILE -o CLEAN\nb/note.txt\n" in refused.stderr
