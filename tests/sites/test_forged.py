import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.cli import main
from cleaner.errors import ModelError
from cleaner.sites import load_memory, merge, stored_memory
from tests.sites.forging import put_together, taken_apart
from tests.sites.papers import article


@pytest.fixture
def genuine(taught, tmp_path):
    taught((article(number, f"paper{number % 3}.example") for number in range(20)), whole=True)
    return (tmp_path / "0.sites").read_bytes()


@pytest.fixture
def forged(genuine, tmp_path):
    """Change columns or the head of a genuine memory, and give it a digest that fits."""

    def call(change):
        head, columns = taken_apart(genuine)
        change(head, columns)
        path = tmp_path / "forged.sites"
        path.write_bytes(put_together(head, columns))
        return path

    return call


def set_to(name, at, value):
    return lambda _, columns: columns[name].__setitem__(at, value)


def turn_keys(_, columns):
    columns["key"][:] = columns["key"][::-1].copy()


def double_row(_, columns):
    columns["key"][4], columns["site"][4] = columns["key"][3], columns["site"][3]


def names(raw):
    return lambda _, columns: columns.update(names=raw)


def no_rows(head, columns):
    """Leave the texts of rows that are gone."""
    head["rows"] = 0
    for name, column in columns.items():
        if name not in ("names", "site_documents", "text"):
            columns[name] = column[:0]


FORGED = {
    "a site that is not there": (set_to("site", 9, 3), "column site, row 10: is of no site"),
    "keys out of order": (turn_keys, "column key, row 2: is out of order"),
    "a row twice": (double_row, "column key, row 5: is out of order"),
    "no document": (set_to("documents", 9, 0), "column documents, row 10: stands in no document"),
    "more documents than the site has": (set_to("documents", 9, 9), "column documents, row 10: stands in more"),
    "fewer documents of the site": (
        set_to("site_documents", slice(None), 1),
        "column documents, row .*: stands in more",
    ),
    "more at the top": (set_to("top", 9, 8), "column top, row 10: "),
    "more at the end": (set_to("end", 9, 8), "column end, row 10: "),
    "least above most": (set_to("above_least", 9, 2**32 - 1), "column above_least, row 10: is above above_most"),
    "most below least": (set_to("below_most", 9, 0), "column below_least, row 10: is above below_most"),
    "variants upside down": (set_to("variant_most", 9, 0), "column variant_least, row 10: is above variant_most"),
    "a text that ends before it begins": (set_to("text_end", 9, 0), "column text_end, row 10: ends outside"),
    "a text that ends far away": (set_to("text_end", 9, 2**63), "column text_end, row 10: ends outside"),
    "texts that are too short": (lambda _, columns: columns["text"].pop(), "column text_end, row .*: ends outside"),
    "texts that are too long": (
        lambda _, columns: columns["text"].append(65),
        "column text: has .* bytes where its rows",
    ),
    "texts of no rows": (no_rows, "column text: has .* bytes where its rows have 0"),
    "sites out of order": (names(b"paper1.example\npaper0.example\npaper2.example"), "column names, site 2: "),
    "a site twice": (names(b"paper0.example\npaper1.example\npaper1.example"), "column names, site 3: "),
    "a site without a name": (names(b"\npaper1.example\npaper2.example"), "column names, site 1: "),
    "names that are no UTF-8": (names(b"\xff\nb\nc"), "broken list of sites"),
    "a site too many": (names(b"a\nb\nc\nd"), "broken list of sites"),
}


@pytest.mark.parametrize("case", FORGED)
def test_what_contradicts_itself_is_refused_with_place_and_remedy(forged, case):
    change, place = FORGED[case]
    path = forged(change)
    for load in (load_memory, stored_memory):
        with pytest.raises(ModelError, match=rf"forged\.sites: .*{place}.*; learn it anew"):
            load(path)


def test_rows_are_told_by_their_number_in_the_file(taught, tmp_path, monkeypatch):
    monkeypatch.setattr("cleaner.sites.soundness._BLOCK", 7)
    taught([article(number) for number in range(20)], whole=True)
    head, columns = taken_apart((tmp_path / "0.sites").read_bytes())
    for row in (0, 6, 7, 50):
        changed = {name: column.copy() for name, column in columns.items()}
        changed["documents"][row] = 0
        (tmp_path / "forged.sites").write_bytes(put_together(head, changed))
        with pytest.raises(ModelError, match=rf"column documents, row {row + 1}: "):
            load_memory(tmp_path / "forged.sites")


def test_what_is_only_rewritten_is_read(forged, tmp_path):
    memory = load_memory(forged(lambda _, columns: columns.update(text=columns.pop("text"))))
    assert memory.rows.rows == load_memory(tmp_path / "0.sites").rows.rows


def test_a_site_without_documents_of_its_own_is_shown(forged, capsys):
    """As in what was cut in pieces."""
    path = forged(set_to("site_documents", slice(None), 0))
    main(["sites", "show", "paper0.example", "--sites", str(path)], standalone_mode=False)
    assert "        7      -    0%  100%  Follow the Harbour Post" in capsys.readouterr().out


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_changed_is_refused_or_put_to_use(tmp_path_factory, data):
    memory = article_memory(tmp_path_factory)
    head, columns = taken_apart(memory)
    for name in data.draw(st.lists(st.sampled_from(sorted(columns)), min_size=1, max_size=3)):
        column = columns[name]
        if not len(column):
            continue
        at = data.draw(st.integers(0, len(column) - 1))
        most = int(np.iinfo(column.dtype).max) if isinstance(column, np.ndarray) else 255
        column[at] = data.draw(st.sampled_from([0, 1, 2, most // 2, most]) | st.integers(0, most))
    path = tmp_path_factory.mktemp("forged") / "forged.sites"
    path.write_bytes(put_together(head, columns))
    try:
        read = load_memory(path)
    except ModelError:
        return
    for site in read.sites:
        assert json.dumps([known._asdict() for known in read.known(site)])
    merged = path.with_name("merged.sites")
    with merged.open("wb") as file:
        merge([stored_memory(path), stored_memory(path)], file.write)
    assert load_memory(merged).sites == read.sites


_made = []


def article_memory(tmp_path_factory):
    """Return a small memory, learned once."""
    if not _made:
        from cleaner.sites import learn

        path = tmp_path_factory.mktemp("genuine") / "0.sites"
        with path.open("wb") as file:
            learn([article(number, f"paper{number % 3}.example") for number in range(6)], file.write, whole=True)
        _made.append(path.read_bytes())
    return _made[0]
