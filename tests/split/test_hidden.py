import pytest

from cleaner.split.hidden import is_hidden, shown

HIDDEN = [
    'p hidden=""',
    'p hidden="hidden"',
    'p class="a" aria-hidden="true"',
    'p style="display:none"',
    'p style="color:red;DISPLAY : none !important"',
    'p style="visibility: hidden"',
    'p style="position:absolute; left:-9999px"',
    'p style="text-indent:-9999px"',
    'p style="clip: rect(0, 0, 0, 0)"',
    'p style="font-size:0"',
]
SHOWN = [
    "p",
    'p hidden="until-found"',
    'p aria-hidden="false"',
    'p class="hidden"',
    'p data-hidden="true"',
    'p style="display:block"',
    'p style="text-indent:-20px"',
    'p style="left:-10px"',
    'p style="font-size:0.9em"',
    'p style="overflow:hidden"',
    'div hidden="" id="S:1a"',
]


@pytest.mark.parametrize("tag", HIDDEN)
def test_tags_that_hide(tag):
    assert is_hidden(tag)


@pytest.mark.parametrize("tag", SHOWN)
def test_tags_that_show(tag):
    assert not is_hidden(tag)


PAGE = ["body>", *["p>Some text.", "/p>"] * 20]
RUNNING = "A sentence of running text that is long enough to be told from the entries of a menu."


def left(*parts):
    return [part for part in shown([*PAGE, *parts, "/body>"])[len(PAGE) :] if part not in ("!>", "/body>")]


def test_what_is_hidden_goes_with_all_that_is_in_it():
    assert left('div hidden="">', "div>a", "br>", "/div>b", "/div>behind") == ["!>behind"]


def test_running_text_code_and_panes_stay():
    for parts in (
        ['div hidden="">', f"p>{RUNNING}", "/p>", f"p>{RUNNING}", "/p>", "/div>"],
        ['div hidden="">', "pre>make", "/pre>", "/div>"],
        ['div class="tab-pane" hidden="">a', "/div>"],
    ):
        assert left(*parts) == parts


def test_what_is_hidden_inside_what_stays_goes():
    outer = ['div class="accordion" hidden="">a', 'b hidden="">c', "/b>d", "/div>"]
    assert left(*outer) == [outer[0], "!>d", "/div>"]


def test_the_page_itself_stays_even_when_hidden():
    parts = ["body>", 'div style="display:none">', *["p>a", "/p>"] * 20, "/div>", "/body>"]
    assert shown(parts) == parts


ARTICLE = ["body>", "h1>Tides", "/h1>", *[f"p>{RUNNING}", "/p>"] * 2]
BOX = ['div hidden="">', "p>We use cookies.", "/p>", "button>Accept", "/button>", "button>Refuse", "/button>", "/div>"]


def test_a_hidden_box_on_a_small_page_goes_although_it_is_a_large_part_of_it():
    assert shown([*ARTICLE, *BOX, "/body>"]) == [*ARTICLE, "!>", "/body>"]


def test_the_rest_of_the_page_around_a_hidden_box_counts_wherever_it_stands():
    assert shown(["body>", *BOX, *ARTICLE[1:], "/body>"]) == ["body>", "!>", *ARTICLE[1:], "/body>"]


@pytest.mark.parametrize("outside", [[], ["p>Loading", "/p>"], [f"p>{RUNNING}", "/p>"]])
def test_a_small_page_that_is_hidden_until_a_script_shows_it_stays(outside):
    hidden = ['div style="display:none">', "ul>", *["li>Tides", "/li>"] * 8, f"p>{RUNNING}", "/p>", "/ul>", "/div>"]
    parts = ["body>", *outside, *hidden, "/body>"]
    assert shown(parts) == parts


def test_on_a_larger_page_a_hidden_fifth_is_the_page():
    hidden = ['div hidden="">', *["p>a", "/p>"] * 120, "/div>"]
    parts = ["body>", *[f"p>{RUNNING}", "/p>"] * 120, *hidden, "/body>"]
    assert shown(parts) == parts
