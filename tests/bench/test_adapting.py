"""The bench of adapting on invented texts: it draws, adapts and measures for real."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy.optimize")

from bench import adapting
from cleaner.lab.pages import gold_page
from cleaner.lab.records import packer

PROSE = json.loads((Path(__file__).parents[1] / "mixed.json").read_text("utf-8"))["prose"]
CRUFT = "The members of the Harbour Hub said that they read on by the fire in the evening."


def pack(path, text):
    packed = packer(path)
    path.write_bytes(packed.compress(text.encode()) + packed.flush())


def record(number, lang):
    prose = np.random.default_rng(number).permutation(PROSE)[:4].tolist()
    lines = [line for one in prose for line in (one, CRUFT)]
    return {"id": str(number), "lang": lang, "lines": lines, "keep": [line != CRUFT for line in lines]}


def test_a_row_tells_what_corrections_gain(tmp_path, monkeypatch, capsys):
    (tmp_path / "lines").mkdir()
    (tmp_path / "pages").mkdir()
    pack(tmp_path / "pages" / "msv_big9.jsonl.zst", "")
    rows = [json.dumps(record(number, lang)) for lang in ("sv", "en") for number in range(10)]
    pack(tmp_path / "lines" / "ours.jsonl.zst", "\n".join(rows))
    monkeypatch.setattr(adapting, "LANGUAGES", (("ours", "sv"),))
    monkeypatch.setattr(adapting, "ELSEWHERE", (("ours", "en"),))
    monkeypatch.setattr(adapting, "SITES", ())
    assert adapting.main([str(tmp_path), "--draws", "2", "--corrections", "6"]) == 0
    (_, _, row) = capsys.readouterr().out.strip().splitlines()
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[:2] == ["ours, sv", "10"]
    assert cells[3] == "100.0 ± 0.0"
    removed = [float(cell.split(" / ")[1]) for cell in cells[5:7]]
    assert removed[0] < removed[1]


def test_lines_left_open_by_the_gold_are_left_out():
    body = "".join(f"<p>{line}</p>" for line in (*PROSE[:2], "Share this page with friends"))
    page = gold_page({"id": "a", "html": f"<body>{body}</body>", "text_gold": "\n".join(PROSE[:2])}, "ours")
    document = adapting.aligned_document(page)
    assert [line.label.value for line in document.lines] == ["body", "body", "artifact"]
    assert adapting.aligned_document(gold_page({"id": "a", "html": "<p>x</p>", "text_gold": PROSE[0]}, "ours")) is None
