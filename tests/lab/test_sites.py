import pytest

from cleaner.errors import SettingError
from cleaner.lab.sites import OUTLETS, deal, site_key

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


def test_folds_are_of_about_equal_size_whatever_the_order_of_groups():
    sizes = dict(zip("abcdefgh", (60, 31, 30, 20, 20, 10, 5, 4), strict=True))
    dealt = deal(sizes, 3, seed=0)
    assert dealt.keys() == sizes.keys()
    assert [sum(sizes[group] for group in dealt if dealt[group] == fold) for fold in range(3)] == [60, 60, 60]
    assert deal(dict(reversed(sizes.items())), 3, seed=0) == dealt


def test_another_seed_deals_equal_groups_otherwise():
    sizes = {f"site{at}.org": 3 for at in range(40)}
    assert deal(sizes, 4, seed=1) != deal(sizes, 4, seed=2)


def test_fewer_sites_than_folds_are_refused():
    with pytest.raises(SettingError, match="at least 4 sites are needed, and there are 3; give documents of more"):
        deal({"a.org": 1, "b.org": 1, "c.org": 1}, 4, seed=0)
