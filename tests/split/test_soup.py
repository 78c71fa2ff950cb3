import pytest

from cleaner.split.soup import lenient_parts, may_be_swallowed, parse_leniently

SWALLOWED = [
    "<title/><p>a",
    "<script src='a' /><p>a",
    "<p>a<!-- b",
    "<p title='a",
    "<FRAMESET><frame src=a></FRAMESET>",
]
EMPTY = ["", "<div id=root></div><script src=a></script>", "<p></p><!-- a -->", "<br/>"]


@pytest.mark.parametrize("source", SWALLOWED)
def test_pages_whose_text_a_browser_may_swallow(source):
    assert may_be_swallowed(source)


@pytest.mark.parametrize("source", EMPTY)
def test_pages_that_are_merely_empty(source):
    assert not may_be_swallowed(source)


@pytest.mark.parametrize("begun", ["<!-- a", "<!-- a>", "<![CDATA[ a>", "<![if a>", "<?a ", "</a ", "<a b='"])
def test_what_begins_again_and_again_and_never_ends_is_read_in_linear_time(begun):
    parts = lenient_parts(parse_leniently(f"<p>{begun * 50_000}"))
    assert "".join(parts).count("a") == 50_000


def test_the_second_parser_writes_the_same_kind_of_parts():
    source = """<p class="a 'b'" id='c"'>x &lt; y &amp;nbsp;<!-- no --><br/>z<script>no</script><img alt="&gt;"></p>"""
    assert lenient_parts(parse_leniently(source)) == [
        "body>",
        """p class="a 'b'" id="c&quot;">""",
        "!>x &lt; y &amp;nbsp;",
        "br>",
        "!>z",
        'img alt="&gt;">',
        "/p>",
        "/body>",
    ]
