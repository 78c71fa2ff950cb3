import dataclasses

import pytest

from cleaner import Document
from cleaner.labels import KEPT, LABELS, REMOVED, Label


def test_a_document_is_plain_text_without_origin_unless_told_otherwise():
    document = Document("a", "text")
    assert (document.kind, document.url, document.meta) == ("text", None, {})


def test_a_document_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Document("a", "text").body = "other"


def test_there_are_fifteen_labels_of_which_two_are_kept():
    assert len(LABELS) == 15
    assert {Label.BODY, Label.HEADLINE} == KEPT
    assert set(REMOVED) | KEPT == set(LABELS)
    assert not set(REMOVED) & KEPT
