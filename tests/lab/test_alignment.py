import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.lab.alignment import FOREIGN, KEPT, UNDECIDED, align

MARKS = {"+": KEPT, "-": FOREIGN, "?": UNDECIDED}
CASES = tomllib.loads((Path(__file__).parent / "alignments.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_lines_of_known_cases(case):
    marked = [line.partition(" ") for line in case["page"].strip("\n").split("\n")]
    lines = [text for _, _, text in marked]
    fates = align(lines, case["gold"]).fates.tolist()
    assert list(zip(fates, lines, strict=True)) == [(MARKS[mark], text) for mark, _, text in marked]


LINES = st.lists(st.tuples(st.booleans(), st.integers(1, 12)), min_size=1, max_size=30)
JOINS = st.sampled_from(["\n", " ", "\n\n", " | ", "\n- "])


@settings(max_examples=60, deadline=None)
@given(LINES, JOINS)
def test_lines_of_words_of_their_own_are_told_apart_however_the_gold_is_joined(shape, join):
    lines = [" ".join(f"w{number}x{word}" for word in range(count)) for number, (_, count) in enumerate(shape)]
    gold = join.join(line for line, (kept, _) in zip(lines, shape, strict=True) if kept)
    fates = align(lines, gold).fates.tolist()
    foreign = [fate for fate, (kept, _) in zip(fates, shape, strict=True) if not kept]
    assert set(foreign) <= {FOREIGN}
    # A short line inside a gold line is certain only beside another kept line.
    sure = [fate for fate, (kept, count) in zip(fates, shape, strict=True) if kept and (count >= 4 or "\n" in join)]
    assert set(sure) <= {KEPT}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab 春\n_*", max_size=12), max_size=20), st.text(alphabet="ab 春\n_*", max_size=40))
def test_every_line_has_a_fate_that_fits_its_share(lines, gold):
    found = align(lines, gold)
    assert len(found.fates) == len(found.shares) == len(lines)
    for fate, share in zip(found.fates.tolist(), found.shares.tolist(), strict=True):
        assert 0 <= share <= 1
        assert fate in ((KEPT, UNDECIDED) if share >= 0.7 else (FOREIGN, UNDECIDED))


def test_a_page_of_many_equal_lines_is_aligned_in_bounded_work():
    lines = ["Add to cart", "4.5", "Read more about it here"] * 3_000
    found = align(lines, "\n".join(lines[:600]))
    # What cannot all be looked at is left undecided where it is in the gold.
    assert (found.fates[2::3] != FOREIGN).all()


def test_no_lines_have_no_fates():
    assert align([], "Some text of the gold").fates.tolist() == []


def test_how_much_of_the_gold_the_page_holds_is_told():
    assert align(["The council met on Monday"], "The council met on Monday and voted at once").found == 5 / 9
    assert align(["Accept"], "The council met on Monday").found == 0
    assert align(["Accept"], "").found == 1
