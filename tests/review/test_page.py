"""The page about the review says what is true."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from cleaner.cli import main
from cleaner.lab.gold import gold_document
from cleaner.review.gathering import digest_of
from cleaner.review.session import KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "review.md").read_text("utf-8")


def test_every_letter_is_told():
    told = dict(re.findall(r"`(\w)` \| (\w+)(?= \|)", PAGE.split("| letter |", 1)[1]))
    assert told == {key: label.value for label, key in KEYS.items()}


def test_the_record_shown_is_one():
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    document = gold_document(json.loads(block))
    assert document.lines[1].spans[0].label == "subscribe"
    assert len(json.loads(block)["digest"]) == len(digest_of(type("D", (), {"body": ""})()))


def test_the_options_named_exist():
    told = CliRunner().invoke(main, ["review", "--help"]).output
    assert not [option for option in re.findall(r"`(--[\w-]+)", PAGE) if option not in told]
    assert "default: 8378" in told
