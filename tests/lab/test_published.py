import json

import pytest

pytest.importorskip("matplotlib")

from cleaner.document import Removal
from cleaner.lab.curves import line_points
from cleaner.lab.evaluate import score
from cleaner.lab.gold import gold_document
from cleaner.lab.published import publish
from cleaner.labels import Label
from cleaner.split import split

DOCUMENT = gold_document(
    {
        "id": "a",
        "site": "a.example",
        "lang": "en",
        "kind": "residual",
        "lines": ["Share & like <this>", "The council met on Monday."],
        "labels": ["social", "body"],
    }
)


def test_an_evaluation_leaves_numbers_a_page_and_a_picture(tmp_path):
    removed = [[Removal(0, 20, "Share & like <this>\n", Label.SOCIAL, "model", 0.9)]]
    points = [line_points(DOCUMENT, split(DOCUMENT.text).lines, [0.9, 0.1])]
    runs = {(mode, "residual"): score([DOCUMENT], removed, points) for mode in ("careful", "balanced", "thorough")}
    runs["rules alone", "residual"] = score([DOCUMENT], removed)
    runs["jusText", "residual"] = runs["rules alone", "residual"]
    paths = publish(tmp_path / "docs", "2026-01-31", runs, [{"file": "a.jsonl", "sha256": "0"}])
    assert [path.name for path in paths] == ["2026-01-31.json", "2026-01-31.md", "2026-01-31.svg"]
    record = json.loads(paths[0].read_text("utf-8"))
    assert record["data"] == [{"file": "a.jsonl", "sha256": "0"}]
    assert record["scores"]["balanced, residual"]["total"]["cruft_lines_removed"] == 1
    page = paths[1].read_text("utf-8")
    cells = {row.split("|")[1].strip(): row.split("|")[2:-1] for row in page.splitlines() if row.startswith("| ")}
    assert [cell.strip() for cell in cells["rules alone"]] == ["1", "0.00", "100.0", "100.0", "0.0", "0.0"]
    assert [cell.strip() for cell in cells["jusText"]] == ["1", "0.00", "100.0", "", "0.0", "0.0"]
    assert "![curve](2026-01-31.svg)" in page
    drawn = paths[2].read_text("utf-8")
    assert "careful" in drawn
    assert "cruft lines removed" in drawn
    publish(tmp_path / "again", "2026-01-31", runs, [])
    assert (tmp_path / "again" / "2026-01-31.svg").read_text("utf-8") == drawn
