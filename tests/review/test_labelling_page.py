"""The loop of docs/labelling.md runs as written; only the clicking is recorded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt

from cleaner import Cleaner
from cleaner.corpus import Reading
from cleaner.review import Most, SavedLabels, gather
from cleaner.review.session import Session

pytest.importorskip("scipy.optimize")

ROOT = Path(__file__).parents[2]
PROSE = json.loads((ROOT / "tests" / "mixed.json").read_text("utf-8"))["prose"]
CRUFT = "The members of the Harbour Hub said that they read on by the fire in the evening."
REVIEW = "cleaner review articles/ -o labels.jsonl\n"


def steps():
    tokens = MarkdownIt().parse((ROOT / "docs" / "labelling.md").read_text("utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == "sh"]


def write_articles(folder):
    folder.mkdir()
    for number in range(50):
        dice = np.random.default_rng(number)
        rows = [line for prose in dice.permutation(PROSE)[:5].tolist() for line in (prose, CRUFT)]
        text = "\n\n".join([f"Harbour board votes on pier {number}", *rows]) + "\n"
        (folder / f"{number:02}.txt").write_text(text, "utf-8")


def record_review(folder):
    """Accept every document, and call the one line that the machine does not know what it is."""
    pool = gather(Cleaner(), [folder / "articles"], Reading(), most=Most(99))
    session = Session(pool, SavedLabels(folder / "labels.jsonl"), "en")
    for number in range(50):
        found = session.document(number)
        lines = [line["text"] for line in found["lines"]]
        machine = found["machine"]["labels"]
        told = ["subscribe" if line == CRUFT else label for line, label in zip(lines, machine, strict=True)]
        session.accept(number, {"labels": told, "parts": []})


def shell(folder, script):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        ["/bin/sh", "-ec", script], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="the page is written for a POSIX shell")
def test_the_loop_runs_as_the_page_says(tmp_path):
    write_articles(tmp_path / "articles")
    said = []
    install, *loop = steps()
    assert install.startswith("pip install")
    assert REVIEW in loop
    for step in loop:
        if step == REVIEW:
            record_review(tmp_path)
        else:
            said.append(shell(tmp_path, step))
    assert "cruft lines found at a loss of" in said[1]
    assert "cruft now removed 50, no longer 0; body now lost 0" in said[2]
    assert CRUFT in (tmp_path / "clean" / "00.txt").read_text("utf-8")
    assert CRUFT not in (tmp_path / "clean-mine" / "00.txt").read_text("utf-8")
