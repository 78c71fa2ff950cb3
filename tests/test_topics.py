"""Articles about what cruft is made of lose their last line, which is cruft, and nothing else."""

import json
from pathlib import Path

import pytest

from cleaner import Cleaner, Document

TOPICS = json.loads((Path(__file__).parent / "topics.json").read_text("utf-8"))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(
    "settings", [{}, {"mode": "careful"}, {"rules_only": True}], ids=["balanced", "careful", "rules"]
)
def test_an_article_about_cruft_loses_only_its_last_line(topic, settings):
    lines = TOPICS[topic]
    page, verdicts, spans = Cleaner(**settings).explain(Document(topic, "\n".join(lines)))
    gone = [line.text for line, verdict in zip(page.lines, verdicts, strict=True) if not verdict.keep]
    assert gone == lines[-1:]
    assert not spans


@pytest.mark.parametrize("topic", TOPICS)
def test_a_first_line_that_speaks_of_the_text_is_its_headline(topic):
    _, verdicts, _ = Cleaner(rules_only=True).explain(Document(topic, "\n".join(TOPICS[topic])))
    assert verdicts[0].keep


def test_a_notice_that_speaks_of_something_else_is_no_headline():
    lines = ["Sign up for our weekly newsletter now", *TOPICS["donations"][1:]]
    _, verdicts, _ = Cleaner().explain(Document("notice", "\n".join(lines)))
    assert not verdicts[0].keep
