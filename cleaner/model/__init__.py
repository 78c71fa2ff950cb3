"""A trained line model: numbers in, probabilities of the fifteen labels out."""

from cleaner.model.card import Card
from cleaner.model.line_model import Around, Blend, Calibration, LineModel
from cleaner.model.linear import Linear
from cleaner.model.storage import find_model, load_model, save_model
from cleaner.model.trees import Forest

__all__ = [
    "Around",
    "Blend",
    "Calibration",
    "Card",
    "Forest",
    "LineModel",
    "Linear",
    "find_model",
    "load_model",
    "save_model",
]
