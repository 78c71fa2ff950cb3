"""Elements as arrays: kinship, the lines in each, and names."""

import json
from pathlib import Path

import numpy as np

from cleaner.features.outline import name_hash, path_names, paths, shape_names

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
    for elements in tree.ancestors(tree.of_line):
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
    names, bounds, bag_of = path_names(tree)
    bags = dict(zip(texts(pages), bag_of.tolist(), strict=True))
    called = names[bounds[bags["Home"]] : bounds[bags["Home"] + 1]].tolist()
    assert {name_hash("menu"), name_hash("top")} <= set(called)
    assert name_hash("teasers") not in called
    assert bags["Pier to be painted"] == bags["Ferry late again"] != bags["Home"]
    assert bounds[bags["plain"]] == bounds[bags["plain"] + 1]
    assert bounds[-1] == len(names)


def test_each_shape_has_its_names_and_no_shape_has_none(marked):
    _, _, tree = marked(ARTICLE)
    names, bounds = shape_names(tree)
    assert len(bounds) == len(tree.tags) + 2
    assert bounds[-1] == bounds[-2] == len(names)
    assert name_hash("menu") in names
