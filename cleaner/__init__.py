"""Strip boilerplate from article text, line by line, and say what was taken out and why."""

from cleaner.cleaning import Cleaner, clean, clean_many
from cleaner.document import Document
from cleaner.errors import CleanerError
from cleaner.labels import Label
from cleaner.report import Cleaned, Report

__all__ = ["Cleaned", "Cleaner", "CleanerError", "Document", "Label", "Report", "clean", "clean_many"]
