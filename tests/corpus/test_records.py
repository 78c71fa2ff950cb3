import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.corpus.records import STYLES, glance, parse, style_of, write_literal
from cleaner.errors import InputError

CASES = Path(__file__).parent
BAD = tomllib.loads((CASES / "bad_lines.toml").read_text(encoding="utf-8"))["line"]
ODD = tomllib.loads((CASES / "odd_lines.toml").read_text(encoding="utf-8"))["line"]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["raw"])
def test_a_line_that_is_no_document_says_why(case):
    with pytest.raises(InputError) as caught:
        parse(case["raw"] + "\n", "text")
    assert case["reason"] in str(caught.value)


@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_deep_nesting_is_an_error_of_ours(opening):
    with pytest.raises(InputError, match="is nested too deeply"):
        parse('{"text": "a", "deep": ' + opening * 200_000, "text")


def told(read, line):
    """Return what is read of a record but its surroundings, or the error."""
    try:
        record = read(line, "text", site="paper")
    except InputError as error:
        return str(error)
    return record.text, record.id, record.url, record.site, record.names, record.missing


GLANCES = [
    *(case["raw"] + "\n" for case in BAD),
    *(line.replace("TEXT", '"dirty"') for line in ODD),
    '{"text": null, "url": "http://a.example/", "paper": "The Post"}',
    '{"id": 10.50, "text": "", "url": 17, "paper": 3}',
    '{"id": [1], "text": "a", "url": null, "paper": {}}',
    '\ufeff{"text": "a", "text": "b", "id": "x", "id": ' + "1" * 10_000 + "}\r\n",
    '{"text": "a", "deep": ' + "[" * 200_000,
]


@pytest.mark.parametrize("line", GLANCES, ids=range(len(GLANCES)))
def test_a_glance_tells_what_reading_tells(line):
    assert told(glance, line) == told(parse, line)


@pytest.mark.parametrize("line", ODD)
def test_everything_around_the_text_stays_as_it_stood(line):
    record = parse(line.replace("TEXT", '"dirty"') + "\r\n", "text")
    assert record.text == "dirty"
    assert record.with_literal('"clean"') == line.replace("TEXT", '"clean"') + "\r\n"


@settings(deadline=None)
@given(st.dictionaries(st.text(), values, max_size=5), st.text(), st.sampled_from([None, 2]), st.booleans())
def test_the_text_is_found_wherever_it_stands(others, text, indent, plain):
    members = {**others, "text": text}
    line = json.dumps(members, indent=indent, ensure_ascii=plain)
    record = parse(line, "text")
    assert record.text == text
    assert told(glance, line) == told(parse, line)
    again = json.loads(record.with_literal(json.dumps("other")))
    assert list(again) == list(members)
    assert again["text"] == "other"


@pytest.mark.parametrize(
    ("id_", "expected"), [('"a1"', "a1"), ("17", "17"), ("0.10", "0.10"), ("null", ""), ("[1]", ""), ('""', "")]
)
def test_ids_are_texts_or_numbers_as_written(id_, expected):
    assert parse(f'{{"id": {id_}, "text": ""}}', "text").id == expected


def test_numbers_of_any_length_are_carried():
    line = '{"n": ' + "9" * 10_000 + ', "text": "a"}'
    assert parse(line, "text").with_literal('"a"') == line


def test_a_byte_order_mark_before_the_first_record_stays():
    assert parse('\ufeff{"text": "a"}', "text").head == '\ufeff{"text": '


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_recognised(style):
    literal = write_literal('é / "\\" \n\ud83d', style)
    assert json.loads(literal) == 'é / "\\" \n\ud83d'
    assert write_literal(json.loads(literal), style_of(json.loads(literal), literal) or "") == literal


def test_a_literal_of_no_known_style_is_said_to_have_none():
    assert style_of("é", '"\\u00E9"') is None


def test_the_field_may_get_another_name_on_the_way_out():
    record = parse('{"n": 1.50, "html" : "<p>x", "url": "u"}\n', "html", into="text")
    assert record.text == "<p>x"
    assert record.with_literal('"x"') == '{"n": 1.50, "text" : "x", "url": "u"}\n'


def test_a_name_that_is_taken_is_refused_with_the_remedy():
    with pytest.raises(InputError, match=r'has a field "text" beside "html"; name another .* --text-field'):
        parse('{"html": "<p>x", "text": "y"}', "html", into="text")
    assert parse('{"text": "<p>x"}', "text", into="text").text == "<p>x"


def test_a_missing_field_of_html_names_its_option():
    with pytest.raises(InputError, match=r'no field "html" .* with --html-field'):
        parse('{"text": "y"}', "html", into="text")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"text": "x"}\n', '{"text": "x", "more": 1}\n'),
        ('{"text": "x", "n": {"a": "}"} } \r\n', '{"text": "x", "n": {"a": "}"}, "more": 1 } \r\n'),
        ('{"more": 2, "text": "x"}', '{"more": 2, "text": "x"}'),
    ],
)
def test_a_field_is_put_behind_the_others_unless_it_is_there(line, expected):
    record = parse(line, "text").with_field("more", "1")
    assert record.with_literal(record.literal) == expected


@pytest.mark.parametrize("line", ['{"text": "x"}\n', '{ "text" : "x" , "n": [1, 2] } \r\n', '{"a": {}, "text": "x"}'])
def test_fields_that_were_added_can_be_left_out_again(line):
    more = parse(line, "text").with_field("more", '", more"').with_field("again", "[1]")
    back = parse(more.with_literal(more.literal), "text", leave_out=["more", "again"])
    assert back.with_literal(back.literal) == line
