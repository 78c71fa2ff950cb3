"""Elements as arrays: kinship, the lines in each, and names."""

import json
from pathlib import Path

import numpy as np

from cleaner.features.outline import name_hash, names_of_shapes, path_names, paths

MADE = json.loads((Path(__file__).parent / "pages.json").read_text("utf-8"))
ARTICLE, PAGES = MADE["article"], (MADE["article"], *MADE["others"])


def texts(pages):
    """Return the lines of pages as texts."""
    return [line.text for page in pages for line in page.lines]


def test_lines_of_an_element_lie_between_its_first_and_its_last(marked):
    pages, _, tree = marked(*PAGES)
    lines = texts(pages)
    found = {
        tree.tags[shape]: lines[first:stop]
        for shape, first, stop in zip(tree.shapes.tolist(), tree.first.tolist(), tree.stop.tolist(), strict=True)
    }
    assert found["article"] == [
        "Bridge shut",
        "The bridge was shut on Monday.",
        "Nobody was hurt when the railing came down.",
        "Read more here",
    ]
    assert found["footer"] == ["Copyright"]
    assert "One line." not in found["main"]


def test_every_line_lies_in_all_its_ancestors_and_in_no_other_element(marked):
    _, laid, tree = marked(*PAGES)
    inside = [set() for _ in range(laid.count)]
    for elements in tree.ancestors():
        for line, element in enumerate(elements.tolist()):
            if element >= 0:
                inside[line].add(element)
    for line in range(laid.count):
        ranges = {at for at in range(len(tree.parents)) if tree.first[at] <= line < tree.stop[at]}
        assert ranges == inside[line]


def test_depths_count_the_elements_around(marked):
    _, _, tree = marked(ARTICLE)
    for element, parent in enumerate(tree.parents.tolist()):
        assert tree.depths[element] == (tree.depths[parent] + 1 if parent >= 0 else 0)
    assert [len(level) for level in tree.levels] == np.bincount(tree.depths).tolist()


def test_paths_are_equal_where_all_shapes_on_the_way_are(marked):
    pages, _, tree = marked(ARTICLE)
    way = dict(zip(texts(pages), paths(tree)[tree.of_line].tolist(), strict=True))
    assert way["Pier to be painted"] == way["Ferry late again"]
    assert way["Home"] != way["Pier to be painted"]


def test_names_of_a_path_are_those_of_all_elements_around(marked):
    pages, _, tree = marked(ARTICLE, "<p>plain</p>")
    hashes, bounds = path_names(tree)
    at = texts(pages).index("Home")
    assert {name_hash("menu"), name_hash("top")} <= set(hashes[bounds[at] : bounds[at + 1]].tolist())
    assert name_hash("teasers") not in hashes[bounds[at] : bounds[at + 1]].tolist()
    assert bounds[-1] == len(hashes)
    assert texts(pages)[-1] == "plain"
    assert bounds[-1] == bounds[-2]


def test_no_shape_has_no_names(marked):
    _, laid, tree = marked(ARTICLE)
    hashes, bounds = names_of_shapes(tree, np.full(laid.count, -1))
    assert len(hashes) == 0
    assert bounds.tolist() == [0] * (laid.count + 1)
