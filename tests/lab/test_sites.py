import pytest

from cleaner.lab.sites import OUTLETS, site_key

CASES = [
    ("www.newsmax.com", "newsmax.com"),
    ("https://edition.CNN.com:443/2020/a.html", "cnn.com"),
    ("cnn.it", "cnn.com"),
    ("politi.co", "politico.com"),
    ("nyti.ms", "nytimes.com"),
    ("www.smh.com.au", "smh.com.au"),
    ("news.com.au", "news.com.au"),
    ("a.b.estadao.com.br", "estadao.com.br"),
    ("willyloman.wordpress.com", "wordpress.com"),
    ("news.bbc.co.uk", "bbc.co.uk"),
    ("bbc.com", "bbc.co.uk"),
    ("localhost", "localhost"),
    ("", ""),
]


@pytest.mark.parametrize(("site", "key"), CASES)
def test_a_host_is_folded_into_its_outlet(site, key):
    assert site_key(site) == key


def test_the_table_needs_one_step_only():
    assert not set(OUTLETS.values()) & set(OUTLETS)
    assert all(site_key(key) == outlet for key, outlet in OUTLETS.items())
