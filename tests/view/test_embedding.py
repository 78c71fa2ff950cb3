import json

from hypothesis import given
from hypothesis import strategies as st

from cleaner.view.embedding import digest, json_for_page

ANY = st.text(st.characters(exclude_categories=()))


@given(st.dictionaries(ANY, st.lists(ANY | st.integers() | st.none())))
def test_json_reads_back_the_same_and_holds_nothing_that_acts(value):
    text = json_for_page(value)
    assert json.loads(text) == value
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(text)
    text.encode("utf-8")


def test_the_digest_is_that_of_the_policy():
    # The example of the specification: https://www.w3.org/TR/CSP3/#external-hash
    assert digest("alert('Hello, world.');") == "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
