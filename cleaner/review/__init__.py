"""Going through documents and correcting what was decided about them, in the browser."""

from cleaner.review.gathering import Most, gather
from cleaner.review.saved import SavedLabels, alone
from cleaner.review.serving import review

__all__ = ["Most", "SavedLabels", "alone", "gather", "review"]
