"""Readers' comments below an article: what lies in elements that are called so, on a page with a body of its own.

In a forum thread the posts are the page, below an article they are cruft, and what they say does not
tell the two apart. What does is the rest of the page: an article stands outside of its comments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Element, Page
from cleaner.stack import Stack

SETTLED = 0.95
"""Lines in the comments of an article are foreign with this probability at least."""
_ARTICLE, _PARAGRAPH = 300, 80
"""Characters that make a body, in likely lines of so many characters and more. On pages that taught nothing 300 do
better than 600 or 1,000."""
_LIKELY = 0.5
_NAMES = """
comment comments commentlist commentbody commenttext commentcontent commentarea commentwrap commentwrapper commentblock
commentbox commentsection commentcontainer commentthread commentslist commentsblock commentssection commentscontainer
usercomments readercomments disqus livefyre comentario comentarios commentaire commentaires kommentar kommentare
kommentarer leserkommentare commenti reacties opmerkingen komentarze yorumlar
"""
_CALLED = frozenset(_NAMES.split())
_ALLOWED = frozenset({"open", "closed", "off"})
"""Beside the name of comments: a class of the whole page, `comments-open`."""
_THREAD = frozenset({"forum", "forums", "discussion", "discussions", "board", "message", "messages"})
"""Beside the name of comments: the posts of a thread, as XenForo and others call them."""
_THREAD_TYPES = frozenset({"discussionforumposting", "qapage", "question"})
_WHOLE = frozenset({"html", "body", "main"})


def in_comments(pages: Sequence[Page]) -> NDArray[np.bool_]:
    """Tell which lines of *pages*, end to end, lie in elements that are called comments; none on pages of threads."""
    return np.array([inside for page in pages for inside in _inside(page)], bool)


def _inside(page: Page) -> Iterator[bool]:
    called = [bool(_CALLED.intersection(element.names)) and _is_part(element) for element in page.elements]
    if not any(called) or _is_thread(page, called):
        yield from (False for _ in page.lines)
        return
    for at, element in enumerate(page.elements):  # parents come before their children
        called[at] = called[at] or (element.parent >= 0 and called[element.parent])
    yield from (line.element >= 0 and called[line.element] for line in page.lines)


def _is_part(element: Element) -> bool:
    return element.tag not in _WHOLE and _ALLOWED.isdisjoint(element.names)


def _is_thread(page: Page, called: Sequence[bool]) -> bool:
    if page.facts and not _THREAD_TYPES.isdisjoint(page.facts.types):
        return True
    return any(
        mine and not _THREAD.isdisjoint(element.names) for mine, element in zip(called, page.elements, strict=True)
    )


def settled(foreign: NDArray[np.float64], laid: Stack, commented: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which lines are comments below an article.

    *foreign* holds the probability of each line of *laid*, *commented* what `in_comments` says of it.
    """
    chars = laid.ends - laid.starts
    body = np.where((foreign < _LIKELY) & ~commented & (chars >= _PARAGRAPH), chars, 0)
    sums = np.append(0, np.cumsum(body))
    return commented & (np.diff(sums[laid.pages]) >= _ARTICLE)[laid.page_of()]
