import json

import pytest

from bench import page_speed
from cleaner.errors import InputError


@pytest.fixture
def pages(tmp_path):
    path = tmp_path / "pages.jsonl"
    records = [{"id": str(at), "html": "<p>A page" if at % 4 else "<p>bad"} for at in range(12)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_pages_are_timed_and_failures_counted(pages):
    figures = page_speed.run("x=tests.bench.fronts:fails", pages)
    assert (figures["documents"], figures["failed"]) == (12, 3)
    assert figures["megabytes"] == pytest.approx((9 * 9 + 3 * 6) / 1e6)
    assert figures["seconds"] > 0
    assert figures["peak_mb"] >= figures["pages_mb"] > 1


def test_a_record_without_html_is_named(tmp_path):
    path = tmp_path / "pages.jsonl"
    path.write_text('{"html": "x"}\n{"text": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 2: `html` must be a string"):
        page_speed.run("x=tests.bench.fronts:blocks", path)
