import gzip
import json

import pytest

from cleaner.corpus.blocks import blocks
from cleaner.corpus.parts import PART, Mark, Reading
from cleaner.corpus.plan import plan_run

TEXT = "The council met on Monday and voted to close the old bridge. " * 2_000


def jsonl():
    return "".join(json.dumps({"text": f"{number}{TEXT}"}) + "\n" for number in range(50)).encode()


def csv():
    return ("text\n" + "".join(f'"{number}{TEXT}"\n' for number in range(50))).encode()


def warc():
    head = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n"
    return "".join(head.format(len(TEXT)) + TEXT + "\r\n\r\n" for _ in range(50)).encode()


@pytest.mark.parametrize("make", [jsonl, csv, warc])
def test_a_block_of_packed_data_is_no_larger_than_one_of_bare_data(tmp_path, make):
    """Six megabytes that packing makes a few kilobytes of: in one block they would wait for one worker."""
    if make is warc:
        pytest.importorskip("fastwarc")
    (tmp_path / f"a.{make.__name__}").write_bytes(make())
    (tmp_path / f"b.{make.__name__}.gz").write_bytes(gzip.compress(make()))
    counts = []
    for name in (f"a.{make.__name__}", f"b.{make.__name__}.gz"):
        plan = plan_run([tmp_path / name], str(tmp_path / f"out-{name}"))
        found = list(blocks(plan.tasks, Reading(), 0, Mark()))
        assert found[-1][-1].last
        counts.append(len(found))
    # Of web archives four times as much: most of a page is markup.
    assert counts[0] == counts[1] == pytest.approx(len(make()) / PART / (4 if make is warc else 1), abs=1)


def test_small_files_share_a_block(tmp_path):
    for number in range(300):
        (tmp_path / f"{number}.txt").write_text("The council met.", encoding="utf-8")
    plan = plan_run([tmp_path], str(tmp_path / "out"))
    assert [len(block) for block in blocks(plan.tasks, Reading(), 0, Mark())] == [256, 44]
