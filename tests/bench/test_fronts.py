"""Our ways of taking the text out of a page, as the bench calls them."""

from bench.fronts import careful, page_by_page, thorough
from cleaner.lab.page_peers import load, named


def test_a_page_is_cleaned_to_text():
    extract = page_by_page()
    text = extract(
        "<nav><a href='/'>Home</a></nav><p>The council met on Monday and voted to close the bridge.</p>", "en"
    )
    assert "voted to close the bridge" in text


def test_the_bench_finds_it_by_name():
    extract = load(named("cleaner=bench.fronts:page_by_page"))
    assert extract("", "en") == ""


def test_bolder_modes_leave_less():
    html = (
        "<nav>Home</nav><p>The council met on Monday and voted to close the bridge.</p><p>Read more about bridges</p>"
    )
    lengths = [len(extract()(html, "en")) for extract in (careful, page_by_page, thorough)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] > 0
