import pytest

from cleaner.lab.alignment import State
from cleaner.lab.omissions import doubt, parts_of

PAGE = """<html><body><h2>Related stories</h2><h2>Good and bad</h2>
<ul><li>It is cheap</li><li><a href="/2">Another bridge falls</a></li></ul>
<table><tr><th>Speed</th><td>90 km/h</td></tr></table><pre>x = 1
y = x</pre><h3>What comes next</h3></body></html>"""
STATES = {"k": State.KEPT, "f": State.FOREIGN, "u": State.UNKNOWN}


@pytest.fixture(scope="module")
def parts():
    tree = pytest.importorskip("resiliparse.parse.html").HTMLTree.parse(PAGE)
    return parts_of(tree)


@pytest.mark.parametrize(
    ("lines", "before", "after"),
    [
        ("Body|Good and bad|\u2022 It is cheap|Body", "kffk", "kuuk"),
        ("Body|Speed 90 km/h|Body", "kfk", "kuk"),
        ("Body|1. It is cheap|90 km/h|y = x|Body", "kfffk", "kuuuk"),
        ("Body|\u2022 Another bridge falls|Body", "kfk", "kfk"),
        ("Body|What comes next|Body", "kfk", "kuk"),
        ("Body|2. What comes next|+ y=x|Body", "kffk", "kuuk"),
        ("Body|Related stories|Advertisement|Body", "kffk", "kffk"),
        ("It is cheap|Body|It is cheap", "fkf", "fkf"),
        ("It is cheap", "f", "f"),
    ],
)
def test_items_and_headings_that_the_gold_lacks_are_doubted_inside_the_body(parts, lines, before, after):
    found = doubt(lines.split("|"), [STATES[letter] for letter in before], parts)
    assert "".join(state.value[0] for state in found) == after


def test_a_section_of_paragraphs_that_most_extractors_found_is_doubted(parts):
    agreed = parts._replace(agreed=frozenset({("first", "paragraph"), ("second", "paragraph")}))
    states = [STATES[letter] for letter in "kfffkfk"]
    section = ["First paragraph", "A heading", "Second paragraph"]
    lines = ["Body", *section, "Body", "First paragraph", "Body"]
    assert "".join(state.value[0] for state in doubt(lines, states, agreed)) == "kuuukfk"
    assert (
        "".join(state.value[0] for state in doubt([*section, *lines[:4]], [*states[1:4], *states[:4]], agreed))
        == "fffkuuu"
    )
