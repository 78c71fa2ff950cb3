"""A document becomes a page of lines with exact places."""

from cleaner.split.plain import split

__all__ = ["split"]
