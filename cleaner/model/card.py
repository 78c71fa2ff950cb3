"""The model card: what a model is, saw, can do, and which weights and features it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """Facts about a model, written by training and never by hand."""

    name: str
    features: tuple[str, ...]
    """Names of the dense features, in order."""
    fingerprint: str
    """Digest of the features; a model made for others is refused."""
    labels: tuple[str, ...]
    thresholds: Mapping[str, Mapping[str, float]]
    """By kind of input, then by mode; of models for HTML none, since pages find their own (see `cleaner.parting`)."""
    weights_sha256: str
    data: tuple[Mapping[str, Any], ...] = ()
    """What it learned from: file, digest, licence, documents, lines."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Lines a label in the training data."""
    scores: Mapping[str, Any] = field(default_factory=dict)
    """Held-out results of the same recipe, by folds of sites."""
    versions: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the card as a JSON object."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Card:
        """Read a card; raises `KeyError`, `TypeError` or `ValueError` if it is none."""
        values = {part.name: record[part.name] for part in fields(cls) if part.name in record}
        values |= {name: tuple(record[name]) for name in ("features", "labels", "data")}
        return cls(**values)
