"""Our own ways of taking the text out of a page, in the form that `bench.pages --ours` takes."""

from __future__ import annotations

from functools import partial

from cleaner import Cleaner
from cleaner.lab.page_peers import Extract


def page_by_page(mode: str = "balanced") -> Extract:
    """Clean one page at a time, as the peers do; `clean_many` is faster, since it scores whole chunks.

    The shipped model has seen the open pages: on them this measures speed, not quality, which
    `cleaner train-pages` measures on sites left out.
    """
    cleaner = Cleaner(kind="html", mode=mode)
    return lambda html, lang: cleaner.clean(html).text  # noqa: ARG005 - no language is needed


careful = partial(page_by_page, "careful")
thorough = partial(page_by_page, "thorough")
