"""Readers' comments go below an article and stay in a thread."""

import json
from pathlib import Path

import pytest

from cleaner import Cleaner, clean
from cleaner.comments import in_comments
from cleaner.document import Document
from cleaner.labels import Label
from cleaner.split import page_of

PARAGRAPHS = json.loads(Path(__file__).with_name("council.json").read_text("utf-8"))
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
SAID = "I have crossed that bridge every day for thirty years and never once saw anybody look at its pillars."


def inside(body, head=""):
    page = page_of(Document("x", f"<html><head>{head}</head><body>{body}</body></html>", "html"))
    return dict(zip([line.text for line in page.lines], in_comments([page]).tolist(), strict=True))


@pytest.mark.parametrize(
    "container",
    [
        "<div id='comments'>{}</div>",
        "<ol class='commentlist'><li>{}</li></ol>",
        "<div class='post-comments-wrap'>{}</div>",
        "<section id='userComments'>{}</section>",
        "<div class='Kommentare'>{}</div>",
    ],
)
def test_what_lies_in_comments_is_told(container):
    assert inside("<p>Before</p>" + container.format("<p>Said</p>") + "<p>Behind</p>") == {
        "Before": False,
        "Said": True,
        "Behind": False,
    }


@pytest.mark.parametrize(
    "body",
    [
        "<div class='single comments-open'><p>Said</p></div>",
        "<div class='commentary'><p>Said</p></div>",
        "<div class='forum-comment'><p>Said</p></div>",
        "<div class='message-card js-post comment'><p>Said</p></div>",
    ],
)
def test_pages_that_allow_comments_commentaries_and_threads_have_none(body):
    assert inside(body) == {"Said": False}


def test_a_page_that_says_it_is_a_thread_has_none():
    told = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    assert inside("<div class=comment><p>Said</p></div>", told) == {"Said": False}


@pytest.mark.parametrize("mode", ["careful", "balanced", "thorough"])
def test_comments_below_an_article_go_and_are_called_so(mode):
    html = f"<html><body><article>{BODY}</article><div class=comments><p>{SAID}</p></div></body></html>"
    cleaned = clean(html, mode=mode)
    assert SAID not in cleaned.text
    (removal,) = [removal for removal in cleaned.report.removed if SAID in removal.text]
    assert removal.label is Label.COMMENTS
    assert SAID in clean(html, mode=mode, keep="comments").text


def test_comments_are_all_there_is_to_a_page_without_an_article():
    posts = "".join(f"<div class=comment><p>{paragraph}</p></div>" for paragraph in PARAGRAPHS)
    cleaned = clean(f"<html><body><h1>What of the bridge?</h1>{posts}</body></html>")
    assert cleaned.report.kept_chars > 0.8 * cleaned.report.chars


def test_a_page_in_a_batch_is_judged_as_it_is_alone():
    article = f"<html><body><article>{BODY}</article><div class=comments><p>{SAID}</p></div></body></html>"
    thread = f"<html><body><div class=comments><p>{SAID}</p><p>{SAID} So there.</p></div></body></html>"
    documents = [Document(str(number), html, "html") for number, html in enumerate((article, thread, "", article))]
    together = [cleaned.report for cleaned in Cleaner().clean_many(documents)]
    assert together == [next(Cleaner().clean_many([document])).report for document in documents]
