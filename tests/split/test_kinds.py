import tomllib
from pathlib import Path

import pytest

from cleaner.split.kinds import kind_of, kind_of_bytes

CASES = tomllib.loads((Path(__file__).parent / "kinds.toml").read_text("utf-8"))["case"]
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_only_what_is_surely_a_page_is_taken_for_one(case):
    assert kind_of(case["text"]) == case["kind"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_bytes_are_of_the_same_kind_as_their_text(case, codec):
    if case["text"].strip("\ufeff"):
        assert kind_of_bytes(case["text"].lstrip("\ufeff\n").encode(codec)) == case["kind"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_the_seeds_are_text(seed):
    assert kind_of(seed.read_text("utf-8")) == "text"


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<!-- -", "<?xml ", "<p ", "<!doctype html", "<p>", " ", "<p", "-", "</"]
)
def test_hostile_heads_take_linear_time(piece):
    assert kind_of(piece * 50_000) in ("text", "html")
    assert kind_of("<!doctype html>" + piece * 50_000 + ">") in ("text", "html")
