"""The fifteen labels a line can have, and which of them stay in the text."""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """What one line of a scraped article is."""

    BODY = "body"
    HEADLINE = "headline"
    RELATED = "related"
    DONATION = "donation"
    AFFILIATE = "affiliate"
    SUBSCRIBE = "subscribe"
    SOCIAL = "social"
    AD = "ad"
    NAVIGATION = "navigation"
    BYLINE = "byline"
    CAPTION = "caption"
    COMMENTS = "comments"
    LEGAL = "legal"
    SOURCE = "source"
    ARTIFACT = "artifact"


LABELS: tuple[Label, ...] = tuple(Label)
"""All labels in the order in which models store their probabilities."""

KEPT: frozenset[Label] = frozenset({Label.BODY, Label.HEADLINE})
"""Labels that stay in the text by default."""

REMOVED: tuple[Label, ...] = tuple(label for label in LABELS if label not in KEPT)
"""Labels that are removed by default, in the order of `LABELS`."""
